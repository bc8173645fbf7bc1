import Tables

/// SQL's search conditions.
extension Parser {
    mutating func sqlNegation() throws(ExpressionError) -> Syntax {
        let offset = token.offset
        var count = 0
        while take("NOT") { count += 1 }
        var inner = try sqlTest()
        // What is negated must be a condition; where nothing else can stand, two negations are none.
        if grammar == .conditions { count %= 2 }
        for _ in 0..<count { inner = try node(.not(inner), at: offset) }
        return inner
    }

    private mutating func sqlTest() throws(ExpressionError) -> Syntax {
        let offset = token.offset
        let left = try sqlOperand()
        if case .symbol(let symbol) = token.kind, let comparison = Comparison(symbol: symbol) {
            advance()
            let right = try sqlOperand()
            if case .symbol(let next) = token.kind, Comparison(symbol: next) != nil {
                throw .syntax(
                    "comparisons can't be chained", at: token.offset, hint: "join two comparisons: a < b AND b < c")
            }
            return try node(.comparison(left, comparison, right), at: offset)
        }
        if isAt("IS") { return try sqlIs(left, at: offset) }
        var isNegated = false
        if isAt("NOT"), keywordTests.contains(where: following.isKeyword) {
            advance()
            isNegated = true
        }
        guard let test = try sqlKeywordTest(left, at: offset) else { return left }
        return isNegated ? try node(.not(test), at: offset) : test
    }

    private var keywordTests: [String] {
        grammar == .values ? ["IN", "BETWEEN", "LIKE", "ILIKE"] : ["IN", "BETWEEN", "LIKE"]
    }

    private mutating func sqlKeywordTest(_ left: Syntax, at offset: Int) throws(ExpressionError) -> Syntax? {
        if isAt("IN") {
            if grammar == .conditions { _ = try left.column(before: "IN") }
            advance()
            try expect(symbol: "(")
            if token.isSymbol(")") { throw .syntax("the list of IN is empty", at: token.offset) }
            return try node(.membership(left, try list(closing: ")")), at: offset)
        }
        if isAt("BETWEEN") {
            advance()
            let low = try sqlOperand()
            try expect("AND")
            let high = try sqlOperand()
            return try node(.between(left, low, high), at: offset)
        }
        if grammar == .values, token.isSymbol("~") { return try sqlMatch(left) }
        let ignoresCase = grammar == .values && isAt("ILIKE")
        guard ignoresCase || isAt("LIKE") else { return nil }
        if grammar == .conditions { _ = try left.column(before: "LIKE") }
        advance()
        return try sqlLike(left, ignoresCase: ignoresCase, at: offset)
    }

    private mutating func sqlLike(
        _ subject: Syntax, ignoresCase: Bool, at start: Int
    ) throws(ExpressionError) -> Syntax {
        let offset = token.offset
        guard case .text(let pattern) = token.kind else { throw unexpected("a pattern in single quotes") }
        advance()
        var escape: Unicode.Scalar?
        if take("ESCAPE") {
            guard case .text(let text) = token.kind, text.unicodeScalars.count == 1 else {
                throw unexpected("one character in single quotes")
            }
            escape = text.unicodeScalars.first
            advance()
        }
        guard LikePattern(pattern, escape: escape) != nil else {
            throw .syntax(
                "the escape character of LIKE stands before something other than %, _ or itself", at: offset)
        }
        return try node(.like(subject, pattern: pattern, escape: escape, ignoresCase: ignoresCase), at: start)
    }

    /// Reads `IS [NOT]` and what may follow: `NULL`, `TRUE`, `FALSE`, `UNKNOWN` or `DISTINCT FROM` and a value.
    private mutating func sqlIs(_ left: Syntax, at offset: Int) throws(ExpressionError) -> Syntax {
        advance()
        let isNegated = take("NOT")
        let test: Syntax.Kind
        if take("NULL") {
            test = .missing(left)
        } else if take("DISTINCT") {
            try expect("FROM")
            test = .distinct(left, try sqlOperand())
        } else if take("TRUE") {
            test = .truth(left, true)
        } else if take("FALSE") {
            test = .truth(left, false)
        } else if take("UNKNOWN") {
            test = .truth(left, nil)
        } else {
            throw unexpected("NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM")
        }
        let result = try node(test, at: offset)
        return isNegated ? try node(.not(result), at: offset) : result
    }

    private var isReserved: Bool {
        Self.reserved.contains(where: token.isKeyword)
            || grammar == .values && Self.reservedInValues.contains(where: token.isKeyword)
    }

    private static let reserved = ["AND", "OR", "NOT", "IN", "BETWEEN", "IS", "LIKE"]
    private static let reservedInValues = ["CASE", "WHEN", "THEN", "ELSE", "END"]

    mutating func sqlPrimary() throws(ExpressionError) -> Syntax {
        if token.isSymbol("(") { return try parenthesis() }
        if let literal = try numberLiteral() { return literal }
        if let literal = try temporalLiteral() { return literal }
        let offset = token.offset
        switch token.kind {
        case .text(let text):
            advance()
            return literal(.text(text), at: offset)
        case .name(let name, let isDoubleQuoted):
            advance()
            return try sqlColumn(name, isDoubleQuoted: isDoubleQuoted, at: offset)
        case .word where grammar == .values && isAt("CASE"): return try sqlCase()
        case .word(let word) where !isReserved:
            if grammar == .values, following.isSymbol("(") { return try sqlCall(word) }
            let constant = Self.constant(token)
            advance()
            if let constant { return literal(constant, at: offset) }
            if grammar == .conditions, token.isSymbol("(") || token.isSymbol(".") { throw unexpected("a comparison") }
            return try sqlColumn(word, isDoubleQuoted: false, at: offset)
        default: throw unexpected("a column or a value")
        }
    }

    /// A name, or several with points between them: the name of a column inside of a nested one.
    private mutating func sqlColumn(
        _ first: String, isDoubleQuoted: Bool, at offset: Int
    ) throws(ExpressionError) -> Syntax {
        var name = first
        while grammar == .values, take(symbol: ".") {
            switch token.kind {
            case .word(let part), .name(let part, _): name += "." + part
            default: throw unexpected("a name")
            }
            advance()
        }
        return Syntax(.column(name, isDoubleQuoted: isDoubleQuoted), at: offset)
    }

    private static func constant(_ token: Token) -> Value? {
        if token.isKeyword("TRUE") { return .boolean(true) }
        if token.isKeyword("FALSE") { return .boolean(false) }
        return token.isKeyword("NULL") ? .missing : nil
    }
}
