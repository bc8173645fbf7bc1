import Tables

/// SQL's search conditions.
extension Parser {
    mutating func sqlNegation() throws(ExpressionError) -> Term {
        let offset = token.offset
        var isNegated = false
        var isAnyNot = false
        while take("NOT") {
            isNegated.toggle()
            isAnyNot = true
        }
        let term = try sqlTest()
        guard isAnyNot else { return term }
        let inner = try condition(term)
        return .condition(isNegated ? .not(inner) : inner, offset: offset)
    }

    private mutating func sqlTest() throws(ExpressionError) -> Term {
        let offset = token.offset
        let left = try sqlPrimary()
        if case .symbol(let symbol) = token.kind, let comparison = Comparison(symbol: symbol) {
            advance()
            let right = try sqlPrimary()
            let result = Condition.comparison(try operand(left), comparison, try operand(right))
            if case .symbol(let next) = token.kind, Comparison(symbol: next) != nil {
                throw .syntax(
                    "comparisons can't be chained", at: token.offset, hint: "join two comparisons: a < b AND b < c")
            }
            return .condition(result, offset: offset)
        }
        if isAt("IS") { return .condition(try sqlIs(left), offset: offset) }
        var isNegated = false
        if isAt("NOT"), ["IN", "BETWEEN", "LIKE"].contains(where: following.isKeyword) {
            advance()
            isNegated = true
        }
        guard let test = try sqlKeywordTest(left) else { return left }
        return .condition(isNegated ? .not(test) : test, offset: offset)
    }

    private mutating func sqlKeywordTest(_ left: Term) throws(ExpressionError) -> Condition? {
        if isAt("IN") {
            let subject = try column(left, for: "IN")
            advance()
            try expect(symbol: "(")
            if token.isSymbol(")") { throw .syntax("the list of IN is empty", at: token.offset) }
            return .membership(subject, try list(closing: ")"))
        }
        if isAt("BETWEEN") {
            let subject = try operand(left)
            advance()
            let low = try sqlPrimary()
            try expect("AND")
            let high = try sqlPrimary()
            return .and([
                .comparison(subject, .greaterOrEqual, try operand(low)),
                .comparison(subject, .lessOrEqual, try operand(high)),
            ])
        }
        guard isAt("LIKE") else { return nil }
        let subject = try column(left, for: "LIKE")
        advance()
        return try sqlLike(subject)
    }

    private mutating func sqlLike(_ subject: ColumnReference) throws(ExpressionError) -> Condition {
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
        return .like(subject, pattern: pattern, escape: escape)
    }

    /// Reads `IS [NOT]` and what may follow: `NULL`, `TRUE`, `FALSE`, `UNKNOWN` or `DISTINCT FROM` and a value.
    private mutating func sqlIs(_ left: Term) throws(ExpressionError) -> Condition {
        advance()
        let isNegated = take("NOT")
        var result: Condition
        if isAt("NULL") {
            switch left {
            case .operand(.literal(let literal)): result = .constant(literal.value.isMissing)
            case .operand(.column(let subject)): result = .missing(subject)
            // A condition has no value where it is unknown.
            case .condition(let inner, _): result = .truth(inner, nil)
            }
            advance()
        } else if take("DISTINCT") {
            try expect("FROM")
            let right = try sqlPrimary()
            result = .distinct(try operand(left), try operand(right))
        } else if take("TRUE") {
            result = .truth(try condition(left), true)
        } else if take("FALSE") {
            result = .truth(try condition(left), false)
        } else if take("UNKNOWN") {
            result = .truth(try condition(left), nil)
        } else {
            throw unexpected("NULL, TRUE, FALSE, UNKNOWN or DISTINCT FROM")
        }
        if isNegated { result = .not(result) }
        return result
    }

    private static let reserved = ["AND", "OR", "NOT", "IN", "BETWEEN", "IS", "LIKE"]

    mutating func sqlPrimary() throws(ExpressionError) -> Term {
        if token.isSymbol("(") { return try parenthesis() }
        if let literal = try numberLiteral() { return .operand(.literal(literal)) }
        if let literal = try temporalLiteral() { return .operand(.literal(literal)) }
        let offset = token.offset
        switch token.kind {
        case .text(let text):
            advance()
            return .operand(.literal(Literal(.text(text), offset: offset)))
        case .name(let name, let isDoubleQuoted):
            advance()
            return .operand(.column(ColumnReference(name, offset: offset, isDoubleQuoted: isDoubleQuoted)))
        case .word(let word) where !Self.reserved.contains(where: token.isKeyword):
            let constant = Self.constant(token)
            advance()
            if let constant { return .operand(.literal(Literal(constant, offset: offset))) }
            if token.isSymbol("(") || token.isSymbol(".") { throw unexpected("a comparison") }
            return .operand(.column(ColumnReference(word, offset: offset)))
        default: throw unexpected("a column or a value")
        }
    }

    private static func constant(_ token: Token) -> Value? {
        if token.isKeyword("TRUE") { return .boolean(true) }
        if token.isKeyword("FALSE") { return .boolean(false) }
        return token.isKeyword("NULL") ? .missing : nil
    }
}
