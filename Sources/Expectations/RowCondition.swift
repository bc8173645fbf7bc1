import Expressions
import Tables

/// The `row_condition` of an expectation.
struct RowCondition: Sendable {
    /// As it was written.
    let text: String
    private let expression: Expression

    /// `nil` where there is none.
    init?(_ arguments: Arguments) throws(SuiteError) {
        let dialect = try Self.dialect(arguments)
        guard let argument = arguments["row_condition"] else { return nil }
        if case .map = argument.content {
            expression = try RowConditionTree.expression(argument)
            text = expression.canonicalText
            return
        }
        text = try argument.asText("row_condition")
        do {
            expression = try Expression.parse(text, dialect: dialect)
        } catch {
            throw SuiteError(
                code: error.code, message: "row_condition: \(error.message)",
                location: argument.mark.map { Self.place($0, offset: error.offset) }, hint: error.hint)
        }
    }

    /// The dialect, by its name or by the one that Great Expectations 0.x had for its own.
    private static func dialect(_ arguments: Arguments) throws(SuiteError) -> Dialect {
        if let parser = arguments["condition_parser"], case .text("great_expectations__experimental__") = parser.content
        {
            return .greatExpectations
        }
        return try arguments.choice("condition_parser", .sql)
    }

    /// Where in the file the offset of a one-line text is, its opening quote left aside.
    private static func place(_ mark: SourceMark, offset: Int?) -> SourceMark {
        SourceMark(file: mark.file, line: mark.line, column: mark.column + (offset ?? 0))
    }

    func bound(to schema: Schema) throws(PlanError) -> BoundCondition {
        do {
            return BoundCondition(text: expression.canonicalText, predicate: try expression.bound(to: schema))
        } catch {
            throw PlanError(code: "bad-condition", message: "row_condition: \(error.message)", hint: error.hint)
        }
    }
}
