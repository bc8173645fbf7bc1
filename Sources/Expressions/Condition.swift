public import Tables

/// A column as a condition names it.
public struct ColumnReference: Sendable {
    public let name: String
    /// Where the name stands, in Unicode scalars from the start of the text, from 0; `nil` for a condition without text.
    public let offset: Int?
    /// Whether the name stood in double quotes, which a text of another dialect might have been meant by.
    let isDoubleQuoted: Bool

    public init(_ name: String, offset: Int? = nil) {
        self.init(name, offset: offset, isDoubleQuoted: false)
    }

    init(_ name: String, offset: Int?, isDoubleQuoted: Bool) {
        self.name = name
        self.offset = offset
        self.isDoubleQuoted = isDoubleQuoted
    }
}

/// A value as a condition gives it; `missing` is SQL's `NULL`, which no comparison is true of.
public struct Literal: Sendable {
    public let value: Value
    /// Where the value stands, as in ``ColumnReference/offset``.
    public let offset: Int?

    public init(_ value: Value, offset: Int? = nil) {
        // NaN is missing, as in a column.
        if case .float(let number) = value, number.isNaN { self.value = .missing } else { self.value = value }
        self.offset = offset
    }
}

/// One side of a comparison.
public enum Operand: Sendable {
    case column(ColumnReference)
    case literal(Literal)

    /// Where the operand stands, as in ``ColumnReference/offset``.
    public var offset: Int? {
        switch self {
        case .column(let column): column.offset
        case .literal(let literal): literal.offset
        }
    }
}

/// A condition on a row, with SQL's three-valued meaning: true, false, or unknown where a value is missing.
///
/// This is what every dialect is turned into, and what a caller without a text builds.
public indirect enum Condition: Sendable {
    /// `nil` is unknown.
    case constant(Bool?)
    /// The value of a boolean column.
    case column(ColumnReference)
    case comparison(Operand, Comparison, Operand)
    /// Equal to one of the values.
    case membership(ColumnReference, [Literal])
    /// The whole text is like a pattern of SQL, in which `%` stands for any text and `_` for one character.
    case like(ColumnReference, pattern: String, escape: Unicode.Scalar?)
    /// Not equal, where missing equals missing and nothing else; never unknown of missing values.
    case distinct(Operand, Operand)
    /// The row has no value in the column; never unknown.
    case missing(ColumnReference)
    /// The condition is true, false or (`nil`) unknown; never unknown itself.
    case truth(Condition, Bool?)
    case not(Condition)
    case and([Condition])
    case or([Condition])
}

extension Condition {
    public static func comparison(_ column: String, _ comparison: Comparison, _ value: Value) -> Condition {
        .comparison(.column(ColumnReference(column)), comparison, .literal(Literal(value)))
    }

    public static func membership(_ column: String, _ values: [Value]) -> Condition {
        .membership(ColumnReference(column), values.map { Literal($0) })
    }

    public static func missing(_ column: String) -> Condition { .missing(ColumnReference(column)) }

    /// Visits every column that is named, in order, as often as it is named.
    func forEachColumn(_ body: (ColumnReference) -> Void) {
        switch self {
        case .constant: break
        case .column(let column), .membership(let column, _), .like(let column, _, _), .missing(let column):
            body(column)
        case .comparison(let left, _, let right), .distinct(let left, let right):
            for case .column(let column) in [left, right] { body(column) }
        case .truth(let inner, _), .not(let inner): inner.forEachColumn(body)
        case .and(let parts), .or(let parts): for part in parts { part.forEachColumn(body) }
        }
    }

    /// The conditions that have none within them, in order.
    var simplest: [Condition] {
        switch self {
        case .constant, .column, .comparison, .membership, .like, .distinct, .missing: [self]
        case .truth(let inner, _), .not(let inner): inner.simplest
        case .and(let parts), .or(let parts): parts.flatMap(\.simplest)
        }
    }

    /// Whether conditions are nested in each other no deeper than `limit`; looks no deeper itself.
    func isNested(within limit: Int) -> Bool {
        guard limit > 0 else { return false }
        return switch self {
        case .truth(let inner, _), .not(let inner): inner.isNested(within: limit - 1)
        case .and(let parts), .or(let parts): parts.allSatisfy { $0.isNested(within: limit - 1) }
        default: true
        }
    }
}
