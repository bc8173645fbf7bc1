import Expressions
import Foundation
import Tables
import Testing

extension Batch {
    /// A batch of whole columns.
    init(_ schema: Schema, _ columns: [[Value]]) {
        self.init(
            ordinal: 0, rowCount: columns.first?.count ?? 0,
            columns: zip(schema.fields, columns).map { Column($0.type, $1) })
    }
}

/// A condition of a dialect, and what is to become of it.
struct DialectCase: CustomTestStringConvertible, Sendable {
    let dialect: Dialect
    let text: String
    let wanted: String
    var testDescription: String { "\(dialect.rawValue): \(text)" }

    init(_ dialect: Dialect, _ text: String, _ wanted: String) {
        (self.dialect, self.text, self.wanted) = (dialect, text, wanted)
    }
}

/// The rows of a one-column table, `x`, that satisfy a condition.
func rows(
    where text: String, _ dialect: Dialect, _ type: LogicalType, _ values: [Value]
) throws(ExpressionError) -> [Int] {
    let schema = Schema([Field("x", type)])
    let predicate = try Expression.parse(text, dialect: dialect).bound(to: schema)
    return predicate.evaluate(Batch(schema, [values])).first(values.count)
}

/// The same, of SQL.
func rows(where text: String, _ type: LogicalType, _ values: [Value]) throws(ExpressionError) -> [Int] {
    try rows(where: text, .sql, type, values)
}

/// What a mistake in a condition is reported as, on a table with the columns of `Table.schema`.
func diagnosis(_ text: String, _ dialect: Dialect) -> String {
    do throws(ExpressionError) {
        _ = try Expression.parse(text, dialect: dialect).bound(to: Table.schema)
        return "no error"
    } catch {
        let place = error.offset.map { "\($0): " } ?? ""
        return "\(place)\(error.message) [\(error.code)]\(error.hint.map { " hint: \($0)" } ?? "")"
    }
}

extension Value {
    static func number(_ text: String) -> Value { DecimalNumber(text).map { .decimal($0) } ?? .missing }
    static func day(_ text: String) -> Value {
        (CivilTime.parseDate(text)).map { .date(days: Int($0)) } ?? .missing
    }
    static func instant(_ text: String) -> Value {
        CivilTime.parseTimestamp(text).map { .timestamp(microseconds: $0) } ?? .missing
    }
}

extension CivilTime {
    static func parseDate(_ text: String) -> Int32? {
        Array(text.utf8).withUnsafeBytes { parseDate($0) }
    }

    static func parseTimestamp(_ text: String) -> Int64? {
        Array(text.utf8).withUnsafeBytes { parseTimestamp($0) }
            .map { $0.local - Int64($0.offset ?? 0) * microsecondsPerSecond }
    }
}

/// How long, and with which random numbers, generated cases are tried: `scripts/fuzz` sets both.
enum Fuzz {
    private static let environment = ProcessInfo.processInfo.environment
    private static let wanted = environment["ASSAY_FUZZ_CASES"].flatMap { Int($0) }
    /// What makes the cases others than the usual ones.
    static let seed = environment["ASSAY_FUZZ_SEED"].flatMap { UInt64($0) } ?? 0

    /// So many as usual, or one in `share` of those that `ASSAY_FUZZ_CASES` wants: more than 1 for cases that take long.
    static func cases(_ usual: Int, share: Int = 1) -> Int { wanted.map { max(1, $0 / share) } ?? usual }
}
