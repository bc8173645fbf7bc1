import Expressions
import Tables

/// The `row_condition` of an expectation.
struct RowCondition: Sendable {
    /// As it was written.
    let text: String
    /// As it was written, where the environment filled something in.
    private let written: String?
    let expression: Expression

    /// As a sentence tells it: of a long one, as one that lists thousands of values, the beginning.
    var words: String {
        let beginning = text.unicodeScalars.prefix(Self.wordsLimit)
        return beginning.endIndex == text.endIndex ? text : String(String.UnicodeScalarView(beginning)) + "…"
    }

    private static let wordsLimit = 300

    /// The columns that it names.
    var columns: [String] { expression.columns() }

    /// What it asks, question by question: it fits a table where each of them does.
    var parts: [RowCondition] { expression.parts.map { RowCondition(text: text, written: written, expression: $0) } }

    private init(text: String, written: String?, expression: Expression) {
        (self.text, self.written, self.expression) = (text, written, expression)
    }

    /// `nil` where there is none.
    init?(_ arguments: Arguments) throws(SuiteError) {
        let dialect = try Self.dialect(arguments)
        guard let argument = arguments["row_condition"] else { return nil }
        if case .map = argument.content {
            expression = try RowConditionTree.expression(argument)
            text = expression.canonicalText
            written = nil
            return
        }
        let filled = try argument.asText("row_condition")
        written = argument.written
        text = argument.written ?? filled
        do {
            expression = try Expression.parse(filled, dialect: dialect)
        } catch {
            if let written {
                throw SuiteError(
                    code: error.code, message: "row_condition: \(written) can't be read once it is filled in",
                    location: argument.mark)
            }
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

    func bound(to table: TableContext) throws(PlanError) -> BoundCondition {
        let predicate = try predicate(for: table.schema, timeZone: table.timeZone)
        return BoundCondition(
            text: written ?? expression.canonicalText,
            rows: RowSelection(predicate, table) { types in
                try? self.predicate(for: table.schema.retyping(types), timeZone: table.timeZone)
            })
    }

    func predicate(for schema: Schema, timeZone: ZoneRule) throws(PlanError) -> Predicate {
        do { return try expression.bound(to: schema, timeZone: timeZone) } catch {
            // The message quotes the condition, and what the environment put into it is shown nowhere.
            if let written {
                throw PlanError(
                    code: "bad-condition",
                    message: "row_condition: \(written) doesn't fit the table once it is filled in")
            }
            throw PlanError(code: "bad-condition", message: "row_condition: \(error.message)", hint: error.hint)
        }
    }
}
