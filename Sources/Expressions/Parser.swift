import Tables

/// What every dialect's parser does: walks over tokens, joins conditions, and says what was expected.
///
/// Recursion is bounded by ``maximumDepth``; everything else is loops that take a token each time round.
struct Parser {
    /// How deeply parentheses may be nested.
    static let maximumDepth = 200
    /// In bytes of UTF-8.
    static let maximumTextLength = 65_536

    /// What a part of a text turned out to be: something to compare, or something to decide.
    enum Term {
        case operand(Operand)
        case condition(Condition, offset: Int)
    }

    let dialect: Dialect
    private let tokens: [Token]
    private var index = 0
    private var depth = 0

    private init(_ tokens: [Token], dialect: Dialect) {
        self.tokens = tokens
        self.dialect = dialect
    }

    static func parse(_ text: String, dialect: Dialect) throws(ExpressionError) -> Condition {
        guard text.utf8.count <= maximumTextLength else {
            throw .syntax(
                "a condition of \(text.utf8.count) bytes is too long, at most \(maximumTextLength) are allowed", at: nil
            )
        }
        var parser = Parser(try Lexer.tokens(of: text, dialect: dialect), dialect: dialect)
        if case .end = parser.token.kind { throw .syntax("the condition is empty", at: 0) }
        let term = try parser.disjunction()
        let condition = try parser.condition(term)
        guard case .end = parser.token.kind else { throw parser.unexpected("AND, OR or the end") }
        return condition
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

    mutating func disjunction() throws(ExpressionError) -> Term {
        try chain("OR", symbol: "|", Condition.or) { parser throws(ExpressionError) in try parser.conjunction() }
    }

    private mutating func conjunction() throws(ExpressionError) -> Term {
        try chain("AND", symbol: "&", Condition.and) { parser throws(ExpressionError) in
            try parser.dialect.isSQL ? parser.sqlNegation() : parser.pythonNegation()
        }
    }

    private mutating func chain(
        _ keyword: String, symbol: String, _ join: ([Condition]) -> Condition,
        _ part: (inout Parser) throws(ExpressionError) -> Term
    ) throws(ExpressionError) -> Term {
        let offset = token.offset
        let first = try part(&self)
        guard isJoined(keyword, symbol) else { return first }
        var parts = [try condition(first)]
        while isJoined(keyword, symbol) {
            advance()
            let next = try part(&self)
            parts.append(try condition(next))
        }
        return .condition(join(parts), offset: offset)
    }

    private func isJoined(_ keyword: String, _ symbol: String) -> Bool {
        isAt(keyword) || (!dialect.isSQL && token.isSymbol(symbol))
    }

    /// Reads from an opening parenthesis through the closing one.
    mutating func parenthesis() throws(ExpressionError) -> Term {
        let offset = token.offset
        let inner = try deeper { parser throws(ExpressionError) in
            parser.advance()
            return try parser.disjunction()
        }
        guard take(symbol: ")") else {
            if case .end = token.kind { throw .syntax("the parenthesis that opens here is never closed", at: offset) }
            throw unexpected(dialect.isSQL ? "AND, OR or )" : "and, or or )")
        }
        return inner
    }

    mutating func deeper<Result>(
        _ body: (inout Parser) throws(ExpressionError) -> Result
    ) throws(ExpressionError) -> Result {
        guard depth < Self.maximumDepth else {
            throw .syntax("conditions are nested more than \(Self.maximumDepth) deep", at: token.offset)
        }
        depth += 1
        let result = try body(&self)
        depth -= 1
        return result
    }

    // MARK: Terms

    /// The term as a condition: a lone column is a boolean one.
    func condition(_ term: Term) throws(ExpressionError) -> Condition {
        switch term {
        case .condition(let condition, _): return condition
        case .operand(.column(let column)): return .column(column)
        case .operand(.literal(let literal)):
            switch literal.value {
            case .boolean(let bit): return .constant(bit)
            case .missing: return .constant(nil)
            default:
                throw .syntax("\(literal.value.kindAndText) is no condition", at: literal.offset, hint: stop)
            }
        }
    }

    /// The term as something to compare.
    func operand(_ term: Term) throws(ExpressionError) -> Operand {
        switch term {
        case .operand(let operand): return operand
        case .condition(_, let offset):
            throw .syntax("a condition can't be compared with a value", at: offset, hint: isTrueHint)
        }
    }

    func column(_ term: Term, for purpose: String) throws(ExpressionError) -> ColumnReference {
        switch term {
        case .operand(.column(let column)): return column
        case .operand(.literal(let literal)):
            throw .syntax(
                "a column was expected before \(purpose), found \(literal.value.kindAndText)", at: literal.offset)
        case .condition(_, let offset): throw .syntax("a column was expected before \(purpose)", at: offset)
        }
    }

    private var isTrueHint: String? { dialect.isSQL ? "write (…) IS TRUE or (…) IS FALSE" : nil }

    /// What may be wrong where a value stands alone: the token after it tells.
    private var stop: String? {
        guard case .symbol(let symbol) = token.kind else { return nil }
        return symbolHint(symbol)
    }
}
