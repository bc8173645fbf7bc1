public import Tables
public struct ExpressionError: Error, Sendable, Equatable {
    public let code: String
    public let message: String
    public let offset: Int?
    public let hint: String?
}
public struct Expression: Sendable {
    public enum Dialect: String, Sendable, CaseIterable { case sql, pandas, greatExpectations = "great_expectations" }
    public static func parse(_ text: String, dialect: Dialect) throws(ExpressionError) -> Expression { Expression() }
    public var canonicalText: String { "" }
    public func columns() -> [String] { [] }
    public func bound(to schema: Schema) throws(ExpressionError) -> Predicate { Predicate() }
}
public struct Predicate: Sendable, Hashable {
    public var projection: Projection { Projection() }
    public func evaluate(_ batch: Batch) -> Bitmap { Bitmap(repeating: true, count: batch.rowCount) }
}
public final class RegularExpression: Sendable {
    public init(_ pattern: String) throws(ExpressionError) {}
    public enum MatchResult { case match, noMatch, undecided }
    public struct Matcher { public mutating func matches(_ bytes: UnsafeRawBufferPointer) -> MatchResult { .match } }
    public func withMatcher<R>(_ body: (inout Matcher) -> R) -> R { var m = Matcher(); return body(&m) }
}
