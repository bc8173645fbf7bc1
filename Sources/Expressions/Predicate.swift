public import Tables

/// A condition tied to a table's columns, ready to be asked of its batches.
public struct Predicate: Sendable {
    /// The columns that must be in a batch, by the schema's index, ascending.
    public let columns: [Int]
    /// What is needed of each: its values, or, for `IS NULL`, only their presence.
    public let projection: Projection
    /// The condition as ANSI SQL: see ``Expression/canonicalText``.
    public let canonicalText: String
    let condition: BoundCondition
    private let isLenient: Bool
    private let fields: [Field]

    init(_ expression: Expression, _ condition: BoundCondition, projection: Projection, schema: Schema) {
        self.condition = condition
        self.projection = projection
        columns = projection.needs.keys.sorted()
        canonicalText = expression.canonicalText
        isLenient = expression.isLenient
        fields = columns.map { schema.fields[$0] }
    }

    /// The rows for which the condition is true.
    ///
    /// Costs one pass over the rows for each comparison, and two bits a row for each part of the condition.
    public func evaluate(_ batch: Batch) -> Bitmap { condition.verdicts(batch).isTrue }
}

extension Predicate: Hashable {
    /// Equal conditions, asked of the same columns.
    public static func == (left: Predicate, right: Predicate) -> Bool {
        left.isLenient == right.isLenient && left.columns == right.columns && left.fields == right.fields
            && left.canonicalText.utf8.elementsEqual(right.canonicalText.utf8)
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(canonicalText) }
}

/// A condition whose columns are known by number and whose literals are in the units of their columns.
indirect enum BoundCondition: Sendable {
    case constant(Bool?)
    case missing(Int)
    /// Unknown where the cell is missing or uncomparable.
    case test(Int, CellTest)
    /// Unknown where either cell is missing or uncomparable. Beside a timestamp a date is its midnight in the zone.
    case pair(Int, Comparison, Int, ZoneRule)
    case truth(BoundCondition, Bool?)
    case not(BoundCondition)
    case and([BoundCondition])
    case or([BoundCondition])
}
