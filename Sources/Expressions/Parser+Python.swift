import Tables

/// The conditions of pandas and of Great Expectations, which are Python to the eye.
extension Parser {
    mutating func pythonNegation() throws(ExpressionError) -> Syntax {
        let offset = token.offset
        var isNegated = false
        var isAnyNot = false
        while take("NOT") {
            isNegated.toggle()
            isAnyNot = true
        }
        let inner = try pythonTest()
        guard isAnyNot, isNegated else { return inner }
        return try node(.not(inner), at: offset)
    }

    /// A chain of comparisons: `1 < x < 5` compares neighbours.
    private mutating func pythonTest() throws(ExpressionError) -> Syntax {
        let offset = token.offset
        var left = try pythonPrimary()
        var comparisons: [Syntax] = []
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
                comparisons.append(try node(.comparison(left, comparison, right), at: offset))
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
        return comparisons.count == 1 ? comparisons[0] : try node(.and(comparisons), at: offset)
    }

    private mutating func pythonList(_ left: Syntax, isNegated: Bool) throws(ExpressionError) -> Syntax {
        _ = try left.column(before: isNegated ? "not in" : "in")
        let offset = left.offset ?? token.offset
        let closing = token.isSymbol("(") ? ")" : "]"
        guard take(symbol: "[") || take(symbol: "(") else { throw unexpected("a list in brackets") }
        let test = try node(.membership(left, try list(closing: closing)), at: offset)
        return isNegated ? try node(.not(test), at: offset) : test
    }

    mutating func pythonPrimary() throws(ExpressionError) -> Syntax {
        if token.isSymbol("(") { return try parenthesis() }
        if token.isSymbol("~") { return try pythonComplement() }
        if let literal = try numberLiteral() { return literal }
        let offset = token.offset
        switch token.kind {
        case .text(let text):
            advance()
            return literal(.text(text), at: offset)
        case .name(let name, _) where dialect == .pandas:
            advance()
            return try pythonMethod(of: column(name, at: offset))
        case .word(let word): return try pythonWord(word)
        default: throw unexpected(dialect == .pandas ? "a column or a value" : "col(\"…\") or a value")
        }
    }

    private mutating func pythonWord(_ word: String) throws(ExpressionError) -> Syntax {
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
            return literal(constant, at: offset)
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
        return try pythonMethod(of: column(word, at: offset))
    }

    /// `~` binds more tightly than a comparison, as Python has it.
    private mutating func pythonComplement() throws(ExpressionError) -> Syntax {
        let offset = token.offset
        var isNegated = false
        while take(symbol: "~") { isNegated.toggle() }
        let inner = try pythonPrimary()
        if case .symbol(let symbol) = token.kind, Comparison(symbol: symbol) != nil {
            throw .syntax(
                "~ binds more tightly than \(symbol)", at: offset, hint: "put the comparison in parentheses: ~(x == 1)")
        }
        return isNegated ? try node(.not(inner), at: offset) : inner
    }

    private func column(_ name: String, at offset: Int) -> Syntax {
        Syntax(.column(name, isDoubleQuoted: false), at: offset)
    }

    /// What follows a column: a test of its presence, or nothing.
    private mutating func pythonMethod(of column: Syntax) throws(ExpressionError) -> Syntax {
        let offset = token.offset
        guard take(symbol: ".") else {
            if token.isSymbol("(") { throw unexpected("a comparison") }
            return column
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
        let isMissing = try node(.missing(column), at: offset)
        return method.hasPrefix("is") ? isMissing : try node(.not(isMissing), at: offset)
    }

    /// `col("…")` with what follows it, or `date("…")`.
    private mutating func greatExpectationsCall(_ word: String) throws(ExpressionError) -> Syntax {
        let offset = token.offset
        advance()
        advance()
        guard case .text(let text) = token.kind else { throw unexpected("a text in quotes") }
        let place = token.offset
        advance()
        try expect(symbol: ")")
        if word == "col" { return try pythonMethod(of: column(text, at: place)) }
        guard let value = Temporal.date(text) ?? Temporal.timestamp(text) else {
            throw .syntax("'\(text.excerpt)' is no date, as in date(\"2024-01-31\")", at: place)
        }
        return literal(value, at: offset)
    }
}
