import Expressions
import Suites
import Tables

/// A condition on records as `select` leaves them.
struct RecordFilter: Sendable {
    private let condition: BoundValue
    /// How many columns `select` makes.
    private let madeCount: Int
    /// Of the input's columns, by index, those that `select` leaves as they were, dropped ones included.
    private let untouched: [Int]

    /// Ties a condition to the columns that expressions see and those that `select` makes of them.
    init(
        _ condition: ValueExpression, input: Schema, made: Schema, zone: ZoneRule
    ) throws(ExpressionError) {
        self.condition = try condition.boundAsCondition(to: Self.columns(input: input, made: made), zone: zone)
        madeCount = made.fields.count
        untouched = Self.untouched(input, made)
    }

    /// What conditions see: what `select` makes, then what it leaves as it was.
    static func columns(input: Schema, made: Schema) -> Schema {
        Schema(made.fields + untouched(input, made).map { input.fields[$0] })
    }

    private static func untouched(_ input: Schema, _ made: Schema) -> [Int] {
        input.fields.indices.filter { made.index(of: input.fields[$0].name) == nil }
    }

    /// Columns of the input, by index, that the condition reads as they are.
    var columnsRead: [Int] {
        untouched.indices.filter { condition.projection.needs[madeCount + $0] != nil }.map { untouched[$0] }
    }

    /// Rows for which the condition is true, and those for which it can't be told.
    func rows(of input: Batch, made: [Column], clock: Int64) -> (isTrue: Bitmap, problems: ValueProblems) {
        let batch = Batch(
            ordinal: input.ordinal, partition: input.partition, rowCount: input.rowCount,
            columns: made + untouched.map { input.columns[$0] }, offsets: input.offsets, problems: input.problems)
        return condition.rows(of: batch, clock: clock)
    }
}
