import Tables

/// What every dialect's parser does: walks over tokens, joins conditions, and says what was expected.
///
/// Recursion is bounded by ``maximumDepth``; everything else is loops that take a token each time round.
struct Parser {
    /// How deeply parentheses may be nested.
    static let maximumDepth = 200
    /// In bytes of UTF-8.
    static let maximumTextLength = 65_536

    /// How much of the language a text may use.
    enum Grammar {
        /// Comparisons of columns with values.
        case conditions
        /// Arithmetic, functions and cases besides.
        case values

        /// What a text of the grammar is, for messages.
        var noun: String { self == .conditions ? "condition" : "expression" }
    }

    let grammar: Grammar
    let dialect: Dialect
    private let tokens: [Token]
    private var index = 0
    private var depth = 0

    /// A parser before the first token of a text.
    init(_ text: String, dialect: Dialect, grammar: Grammar) throws(ExpressionError) {
        guard text.utf8.count <= Self.maximumTextLength else {
            throw .syntax(
                "\(grammar == .conditions ? "a" : "an") \(grammar.noun) of \(text.utf8.count) bytes is too long, at most "
                    + "\(Self.maximumTextLength) are allowed", at: nil)
        }
        tokens = try Lexer.tokens(of: text, dialect: dialect)
        self.dialect = dialect
        self.grammar = grammar
        if case .end = token.kind { throw .syntax("the \(grammar.noun) is empty", at: 0) }
    }

    static func parse(_ text: String, dialect: Dialect) throws(ExpressionError) -> Condition {
        try Condition(syntax(of: text, dialect: dialect, grammar: .conditions), dialect: dialect)
    }

    static func syntax(of text: String, dialect: Dialect, grammar: Grammar) throws(ExpressionError) -> Syntax {
        var parser = try Parser(text, dialect: dialect, grammar: grammar)
        let syntax = try parser.disjunction()
        guard case .end = parser.token.kind else {
            throw parser.unexpected(grammar == .conditions ? "AND, OR or the end" : "an operator or the end")
        }
        return syntax
    }

    // MARK: Tokens

    var token: Token { tokens[index] }
    var following: Token { tokens[min(index + 1, tokens.count - 1)] }

    mutating func advance() { index = min(index + 1, tokens.count - 1) }

    /// Whether the current token is a keyword of the dialect: SQL's in any case, Python's in small letters.
    func isAt(_ keyword: String) -> Bool {
        dialect.isSQL ? token.isKeyword(keyword) : token.kind == .word(keyword.lowercased())
    }

    mutating func take(_ keyword: String) -> Bool {
        guard isAt(keyword) else { return false }
        advance()
        return true
    }

    mutating func take(symbol: String) -> Bool {
        guard token.isSymbol(symbol) else { return false }
        advance()
        return true
    }

    mutating func expect(_ keyword: String) throws(ExpressionError) {
        guard take(keyword) else { throw unexpected(keyword) }
    }

    mutating func expect(symbol: String) throws(ExpressionError) {
        guard take(symbol: symbol) else { throw unexpected(symbol) }
    }

    // MARK: And, or, parentheses

    mutating func disjunction() throws(ExpressionError) -> Syntax {
        try chain("OR", symbol: "|", Syntax.Kind.or) { parser throws(ExpressionError) in try parser.conjunction() }
    }

    private mutating func conjunction() throws(ExpressionError) -> Syntax {
        try chain("AND", symbol: "&", Syntax.Kind.and) { parser throws(ExpressionError) in
            try parser.dialect.isSQL ? parser.sqlNegation() : parser.pythonNegation()
        }
    }

    private mutating func chain(
        _ keyword: String, symbol: String, _ join: ([Syntax]) -> Syntax.Kind,
        _ part: (inout Parser) throws(ExpressionError) -> Syntax
    ) throws(ExpressionError) -> Syntax {
        let offset = token.offset
        let first = try part(&self)
        guard isJoined(keyword, symbol) else { return first }
        var parts = [first]
        while isJoined(keyword, symbol) {
            advance()
            parts.append(try part(&self))
        }
        return try node(join(parts), at: offset)
    }

    private func isJoined(_ keyword: String, _ symbol: String) -> Bool {
        isAt(keyword) || (!dialect.isSQL && token.isSymbol(symbol))
    }

    /// Reads from an opening parenthesis through the closing one.
    mutating func parenthesis() throws(ExpressionError) -> Syntax {
        let offset = token.offset
        let inner = try deeper { parser throws(ExpressionError) in
            parser.advance()
            return try parser.disjunction()
        }
        guard take(symbol: ")") else {
            if case .end = token.kind { throw .syntax("the parenthesis that opens here is never closed", at: offset) }
            throw unexpected(
                grammar == .values ? "an operator or )" : dialect.isSQL ? "AND, OR or )" : "and, or or )")
        }
        return inner
    }

    mutating func deeper<Result>(
        _ body: (inout Parser) throws(ExpressionError) -> Result
    ) throws(ExpressionError) -> Result {
        guard depth < Self.maximumDepth else { throw tooDeep(at: token.offset) }
        depth += 1
        let result = try body(&self)
        depth -= 1
        return result
    }

    // MARK: Nodes

    /// A node of the tree, unless the tree has become too deep to be walked.
    func node(_ kind: Syntax.Kind, at offset: Int) throws(ExpressionError) -> Syntax {
        let syntax = Syntax(kind, at: offset)
        // A level of parentheses makes a handful of a condition's nodes at most; operators make a node each.
        guard grammar == .conditions || syntax.depth <= Self.maximumDepth else { throw tooDeep(at: offset) }
        return syntax
    }

    func literal(_ value: Value, at offset: Int) -> Syntax { Syntax(.literal(value), at: offset) }

    private func tooDeep(at offset: Int) -> ExpressionError {
        .syntax("\(grammar.noun)s are nested more than \(Self.maximumDepth) deep", at: offset)
    }
}
