/// Cuts a condition's text into tokens.
struct Lexer {
    let scalars: [Unicode.Scalar]
    let dialect: Dialect
    var index = 0

    init(_ text: String, dialect: Dialect) {
        scalars = Array(text.unicodeScalars)
        self.dialect = dialect
    }

    /// All tokens, an `end` last.
    static func tokens(of text: String, dialect: Dialect) throws(ExpressionError) -> [Token] {
        var lexer = Lexer(text, dialect: dialect)
        var tokens: [Token] = []
        while let token = try lexer.next() { tokens.append(token) }
        tokens.append(Token(kind: .end, offset: lexer.scalars.count))
        return tokens
    }

    var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    func peek(_ distance: Int) -> Unicode.Scalar? {
        index + distance < scalars.count ? scalars[index + distance] : nil
    }

    private mutating func next() throws(ExpressionError) -> Token? {
        while let scalar = current, scalar.properties.isWhitespace { index += 1 }
        guard let scalar = current else { return nil }
        let start = index
        return Token(kind: try kind(startingWith: scalar), offset: start)
    }

    private mutating func kind(startingWith scalar: Unicode.Scalar) throws(ExpressionError) -> Token.Kind {
        switch scalar {
        case "'": return .text(try quoted())
        case "\"": return dialect.isSQL ? .name(try quoted(), isDoubleQuoted: true) : .text(try quoted())
        case "`": return .name(try quoted(), isDoubleQuoted: false)
        case "0"..."9": return try number()
        case "." where peek(1).map(Self.isDigit) ?? false: return try number()
        case _ where Self.beginsWord(scalar): return .word(word())
        default: return try symbol(scalar)
        }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    private static func beginsWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar.properties.isXIDStart
    }

    private mutating func word() -> String {
        var view = String.UnicodeScalarView()
        while let scalar = current, scalar == "_" || scalar.properties.isXIDContinue {
            view.append(scalar)
            index += 1
        }
        return String(view)
    }

    private mutating func number() throws(ExpressionError) -> Token.Kind {
        let start = index
        takeDigits()
        if current == "." {
            index += 1
            takeDigits()
        }
        if current == "e" || current == "E" {
            let isSigned = peek(1) == "+" || peek(1) == "-"
            if peek(isSigned ? 2 : 1).map(Self.isDigit) ?? false {
                index += isSigned ? 2 : 1
                takeDigits()
            }
        }
        let end = index
        while let scalar = current, scalar == "_" || scalar == "." || scalar.properties.isXIDContinue { index += 1 }
        guard index == end else {
            throw .syntax("\(string(start..<index).excerpt) is no number", at: start, hint: numberHint(from: start))
        }
        return .number(string(start..<end))
    }

    private func numberHint(from start: Int) -> String? {
        let quotes = dialect.isSQL ? "double quotes" : "backticks"
        return scalars[start..<index].contains { $0.properties.isAlphabetic }
            ? "a column's name that begins with a digit stands in \(quotes)" : nil
    }

    private mutating func takeDigits() {
        while let scalar = current, Self.isDigit(scalar) { index += 1 }
    }

    func string(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(scalars[range])) }

    private static let pairs = ["==", "!=", "<>", "<=", ">=", "&&", "||", "--", "/*", "::", "->"]

    private mutating func symbol(_ scalar: Unicode.Scalar) throws(ExpressionError) -> Token.Kind {
        if index + 1 < scalars.count {
            let pair = string(index..<index + 2)
            if Self.pairs.contains(pair) {
                index += 2
                return .symbol(pair)
            }
        }
        guard scalar.isASCII, !scalar.properties.isWhitespace, scalar.properties.generalCategory != .control else {
            throw unknown(scalar)
        }
        index += 1
        return .symbol(String(scalar))
    }

    private func unknown(_ scalar: Unicode.Scalar) -> ExpressionError {
        let number = String(scalar.value, radix: 16, uppercase: true)
        let code = "U+" + String(repeating: "0", count: max(0, 4 - number.utf8.count)) + number
        let isShown = scalar.properties.generalCategory != .control && !scalar.properties.isDefaultIgnorableCodePoint
        let hint =
            switch scalar {
            case "\u{201C}", "\u{201D}", "\u{201E}", "\u{2018}", "\u{2019}", "\u{201A}":
                "quotes are straight: '…' or \"…\""
            case "\u{2260}": "not equal is written !="
            case "\u{2264}": "write <="
            case "\u{2265}": "write >="
            default: String?.none
            }
        return .syntax(
            "the character \(isShown ? "\(scalar) (\(code))" : code) has no meaning here", at: index, hint: hint)
    }
}
