import Tables

/// Aggregates: one a text, with an expression inside.
extension Parser {
    static func aggregate(of text: String) throws(ExpressionError) -> AggregateExpression {
        var parser = try Parser(text, dialect: .sql, grammar: .values)
        let aggregate = try parser.aggregate()
        guard case .end = parser.token.kind else {
            throw .syntax(
                "the end was expected after the aggregate, found \(parser.token.found)", at: parser.token.offset,
                hint: "what is made of several aggregates is made of their columns, by who reads the table")
        }
        return aggregate
    }

    private mutating func aggregate() throws(ExpressionError) -> AggregateExpression {
        let offset = token.offset
        guard case .word(let name) = token.kind, following.isSymbol("(") else {
            throw unexpected("an aggregate, as in sum(amount) or count(*),")
        }
        guard let function = AggregateFunction(named: name) else { throw Self.unknownAggregate(name, at: offset) }
        advance()
        advance()
        if token.isSymbol("*") { return try countOfRows(function) }
        // DISTINCT is a word of SQL's before a value, and a column's name elsewhere.
        if function == .count, isAt("DISTINCT"), !following.isSymbol(")") {
            advance()
            return try close(.countDistinct, try disjunction())
        }
        if token.isSymbol(")") {
            throw .syntax("\(name)() has nothing to aggregate", at: offset, hint: "as in \(function.signature)")
        }
        let argument = try disjunction()
        guard function == .percentile else { return try close(function, argument) }
        return try close(function, argument, fraction: try fraction())
    }

    private mutating func countOfRows(
        _ function: AggregateFunction
    ) throws(ExpressionError) -> AggregateExpression {
        guard function == .count else {
            throw .syntax(
                "only count takes *", at: token.offset, hint: "as in \(function.signature)")
        }
        advance()
        return try close(.count, nil)
    }

    private mutating func fraction() throws(ExpressionError) -> DecimalNumber {
        guard take(symbol: ",") else {
            throw .syntax(
                "a comma and the share were expected, found \(token.found)", at: token.offset,
                hint: "as in percentile(x, 0.95)")
        }
        let offset = token.offset
        guard let number = try numberLiteral(), case .literal(let value) = number.kind, let share = value.exactNumber,
            (DecimalNumber(0)...DecimalNumber(1)).contains(share)
        else {
            throw .syntax(
                "the share of a percentile is a number from 0 to 1, written out", at: offset,
                hint: "as in percentile(x, 0.95)")
        }
        return share
    }

    private mutating func close(
        _ function: AggregateFunction, _ argument: Syntax?, fraction: DecimalNumber? = nil
    ) throws(ExpressionError) -> AggregateExpression {
        if token.isSymbol(",") {
            throw .syntax("\(function.rawValue) takes one value", at: token.offset, hint: "as in \(function.signature)")
        }
        guard take(symbol: ")") else { throw unexpected(argument == nil ? ")" : "an operator or )") }
        return AggregateExpression(function, argument, fraction: fraction)
    }

    private static func unknownAggregate(_ name: String, at offset: Int) -> ExpressionError {
        let known = AggregateFunction.allCases.flatMap { [$0.rawValue] + $0.aliases }
        let nearest = Suggestion.nearest(to: name, among: known)
        let isFunction = FunctionCatalogue.function(named: name) != nil
        return ExpressionError(
            code: "unknown-function", message: "there is no aggregate \(name.excerpt)", offset: offset,
            hint: nearest.map { "did you mean \($0)?" }
                ?? (isFunction ? "functions stand inside of an aggregate: max(\(name.excerpt)(…))" : nil))
    }
}
