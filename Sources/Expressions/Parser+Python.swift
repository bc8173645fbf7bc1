import Tables

/// The conditions of pandas and of Great Expectations, which are Python to the eye.
extension Parser {
    mutating func pythonNegation() throws(ExpressionError) -> Term {
        let offset = token.offset
        var isNegated = false
        var isAnyNot = false
        while take("NOT") {
            isNegated.toggle()
            isAnyNot = true
        }
        let term = try pythonTest()
        guard isAnyNot else { return term }
        let inner = try condition(term)
        return .condition(isNegated ? .not(inner) : inner, offset: offset)
    }

    /// A chain of comparisons: `1 < x < 5` compares neighbours.
    private mutating func pythonTest() throws(ExpressionError) -> Term {
        let offset = token.offset
        var left = try pythonPrimary()
        var comparisons: [Condition] = []
        while true {
            if case .symbol(let symbol) = token.kind, symbol != "=", symbol != "<>",
                let comparison = Comparison(symbol: symbol)
            {
                advance()
                if dialect == .pandas, comparison.isEquality, token.isSymbol("[") {
                    comparisons.append(try pythonList(left, isNegated: comparison == .notEqual))
                    break
                }
                let right = try pythonPrimary()
                comparisons.append(.comparison(try operand(left), comparison, try operand(right)))
                left = right
            } else if dialect == .pandas, isAt("IN") {
                advance()
                comparisons.append(try pythonList(left, isNegated: false))
                break
            } else if dialect == .pandas, isAt("NOT"), following.kind == .word("in") {
                advance()
                advance()
                comparisons.append(try pythonList(left, isNegated: true))
                break
            } else {
                break
            }
        }
        if comparisons.isEmpty { return left }
        return .condition(comparisons.count == 1 ? comparisons[0] : .and(comparisons), offset: offset)
    }

    private mutating func pythonList(_ left: Term, isNegated: Bool) throws(ExpressionError) -> Condition {
        let subject = try column(left, for: isNegated ? "not in" : "in")
        let closing = token.isSymbol("(") ? ")" : "]"
        guard take(symbol: "[") || take(symbol: "(") else { throw unexpected("a list in brackets") }
        let test = Condition.membership(subject, try list(closing: closing))
        return isNegated ? .not(test) : test
    }

    mutating func pythonPrimary() throws(ExpressionError) -> Term {
        if token.isSymbol("(") { return try parenthesis() }
        if token.isSymbol("~") { return try pythonComplement() }
        if let literal = try numberLiteral() { return .operand(.literal(literal)) }
        let offset = token.offset
        switch token.kind {
        case .text(let text):
            advance()
            return .operand(.literal(Literal(.text(text), offset: offset)))
        case .name(let name, _) where dialect == .pandas:
            advance()
            return try pythonMethod(of: ColumnReference(name, offset: offset))
        case .word(let word): return try pythonWord(word)
        default: throw unexpected(dialect == .pandas ? "a column or a value" : "col(\"…\") or a value")
        }
    }

    private mutating func pythonWord(_ word: String) throws(ExpressionError) -> Term {
        let offset = token.offset
        let constant: Value? =
            switch word {
            case "True": .boolean(true)
            case "False": .boolean(false)
            case "None": .missing
            default: nil
            }
        if let constant {
            advance()
            return .operand(.literal(Literal(constant, offset: offset)))
        }
        if dialect == .greatExpectations {
            if following.isSymbol("("), word == "col" || word == "date" { return try greatExpectationsCall(word) }
            if ["and", "or", "not"].contains(word) { throw unexpected("col(\"…\") or a value") }
            throw .syntax(
                "col(\"…\") or a value was expected, found \(word.excerpt)", at: offset,
                hint: "a column is written col(\"\(word.excerpt)\")")
        }
        if ["and", "or", "not", "in", "is"].contains(word) { throw unexpected("a column or a value") }
        advance()
        return try pythonMethod(of: ColumnReference(word, offset: offset))
    }

    /// `~` binds more tightly than a comparison, as Python has it.
    private mutating func pythonComplement() throws(ExpressionError) -> Term {
        let offset = token.offset
        var isNegated = false
        while take(symbol: "~") { isNegated.toggle() }
        let term = try pythonPrimary()
        let inner = try condition(term)
        if case .symbol(let symbol) = token.kind, Comparison(symbol: symbol) != nil {
            throw .syntax(
                "~ binds more tightly than \(symbol)", at: offset, hint: "put the comparison in parentheses: ~(x == 1)")
        }
        return .condition(isNegated ? .not(inner) : inner, offset: offset)
    }

    /// What follows a column: a test of its presence, or nothing.
    private mutating func pythonMethod(of column: ColumnReference) throws(ExpressionError) -> Term {
        let offset = token.offset
        guard take(symbol: ".") else {
            if token.isSymbol("(") { throw unexpected("a comparison") }
            return .operand(.column(column))
        }
        guard case .word(let method) = token.kind else { throw unexpected("a method's name") }
        let known = dialect == .pandas ? ["isnull", "isna", "notnull", "notna"] : ["isNull", "notNull"]
        guard known.contains(method) else {
            throw .syntax(
                "the method \(method.excerpt) is not understood", at: token.offset,
                hint: "there are \(known.joined(separator: ", "))")
        }
        advance()
        try expect(symbol: "(")
        try expect(symbol: ")")
        return .condition(method.hasPrefix("is") ? .missing(column) : .not(.missing(column)), offset: offset)
    }

    /// `col("…")` with what follows it, or `date("…")`.
    private mutating func greatExpectationsCall(_ word: String) throws(ExpressionError) -> Term {
        let offset = token.offset
        advance()
        advance()
        guard case .text(let text) = token.kind else { throw unexpected("a text in quotes") }
        let place = token.offset
        advance()
        try expect(symbol: ")")
        if word == "col" { return try pythonMethod(of: ColumnReference(text, offset: place)) }
        guard let value = Temporal.date(text) ?? Temporal.timestamp(text) else {
            throw .syntax("'\(text.excerpt)' is no date, as in date(\"2024-01-31\")", at: place)
        }
        return .operand(.literal(Literal(value, offset: offset)))
    }
}
