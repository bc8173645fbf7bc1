import Expressions
import Tables
import Testing

/// The table that value expressions are asked of in the tests, one row at a time.
enum ValueTable {
    static let schema = Schema([
        Field("i", .int64), Field("j", .int64), Field("u", .uint64), Field("f", .float64),
        Field("amount", .decimal(precision: 12, scale: 2)), Field("wide", .decimal(precision: 38, scale: 10)),
        Field("s", .string), Field("t", .string), Field("flag", .boolean), Field("day", .date), Field("at", .timestamp),
        Field("payload.user", .string), Field("none", .string), Field("sure", .int64, isNullable: false),
        Field("span", .duration), Field("bytes", .binary), Field("clock", .time),
    ])

    static let row: [Value] = [
        .integer(7), .integer(-3), .integer(Int128(UInt64.max)), .float(2.5), .number("12.50"), .number("1.0000000001"),
        .text(" Hello Wörld "), .text("straße"), .boolean(true), .day("2024-02-29"),
        .instant("2024-02-29T13:45:30.250Z"),
        .text("ann"), .missing, .integer(1), .duration(microseconds: 5_400_000_000), .text("abc"),
        .time(microseconds: 36_000_000_000),
    ]

    static let batch = Batch(schema, row.map { [$0] })
    static let clock: Int64 = 1_704_103_200_123_456
}

/// An expression, and what it is for the table's row: its value as text, with its type where that matters.
struct ValueCase: CustomTestStringConvertible, Sendable {
    let text: String
    let wanted: String
    var testDescription: String { text }

    init(_ text: String, _ wanted: String) { (self.text, self.wanted) = (text, wanted) }
}

/// As in `12.50` or `missing`, or the problem's message with its code.
func outcome(_ text: String, of batch: Batch = ValueTable.batch, _ schema: Schema = ValueTable.schema) -> String {
    do throws(ExpressionError) {
        let bound = try ValueExpression.parse(text).bound(to: schema)
        let (column, problems) = bound.evaluate(batch, clock: ValueTable.clock)
        if let problem = problems.problem(at: 0) {
            return column.present[0] ? "a value and a problem" : "\(problem.message) [\(problem.code.rawValue)]"
        }
        return column.value(at: 0).description
    } catch {
        return valueDiagnosis(error)
    }
}

func type(of text: String) -> String {
    do throws(ExpressionError) {
        let bound = try ValueExpression.parse(text).bound(to: ValueTable.schema)
        return "\(bound.type)\(bound.canBeMissing ? "" : " always")"
    } catch {
        return valueDiagnosis(error)
    }
}

func valueDiagnosis(_ error: ExpressionError) -> String {
    "\(error.offset.map { "\($0): " } ?? "")\(error.message) [\(error.code)]\(error.hint.map { " hint: \($0)" } ?? "")"
}
