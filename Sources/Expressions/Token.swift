/// A piece of a condition's text.
struct Token {
    enum Kind: Equatable {
        /// A bare word: a name or a keyword.
        case word(String)
        /// A name in double quotes (of SQL) or backticks.
        case name(String, isDoubleQuoted: Bool)
        case text(String)
        /// Digits as they were written, without a sign.
        case number(String)
        case symbol(String)
        case end
    }

    let kind: Kind
    /// In Unicode scalars from the start of the text, from 0.
    let offset: Int

    /// What the token is, for messages.
    var found: String {
        switch kind {
        case .word(let word): word.excerpt
        case .name(let name, let isDoubleQuoted): isDoubleQuoted ? "\"\(name.excerpt)\"" : "`\(name.excerpt)`"
        case .text(let text): "the text '\(text.excerpt)'"
        case .number(let digits): digits.excerpt
        case .symbol(let symbol): symbol
        case .end: "the end"
        }
    }

    /// Whether the token is the keyword, given in capitals: in any case for SQL.
    func isKeyword(_ keyword: String) -> Bool {
        guard case .word(let word) = kind else { return false }
        return word.utf8.count == keyword.utf8.count && word.uppercased() == keyword
    }

    func isSymbol(_ symbol: String) -> Bool { kind == .symbol(symbol) }
}
