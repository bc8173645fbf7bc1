public import Tables

/// A list of named expressions, tied to a table: the `select` of a pipeline's stage.
public struct Projector: Sendable {
    /// The columns that come out.
    public let schema: Schema
    /// The columns that must be in a batch.
    public let projection: Projection
    private let values: [BoundValue]

    /// - zone: as in ``ValueExpression/bound(to:zone:)``.
    /// - Throws: as there, with the place in the list of the expression at fault.
    public init(
        _ columns: [(name: String, value: ValueExpression)], of source: Schema, zone: ZoneRule = .utc
    ) throws(Mistake) {
        var fields: [Field] = []
        var values: [BoundValue] = []
        var projection = Projection()
        for (index, column) in columns.enumerated() {
            let bound: BoundValue
            do { bound = try column.value.bound(to: source, zone: zone) } catch {
                throw Mistake(index: index, error: error)
            }
            fields.append(Field(column.name, bound.type, isNullable: bound.canBeMissing))
            values.append(bound)
            projection.formUnion(bound.projection)
        }
        schema = Schema(fields)
        self.values = values
        self.projection = projection
    }

    /// An expression of the list that can't be bound.
    public struct Mistake: Error, Sendable, Equatable {
        /// Which of the list's, from 0.
        public let index: Int
        public let error: ExpressionError
    }

    /// The columns of a batch, and for each the rows that have none of their values.
    public func columns(of batch: Batch, clock: Int64) -> [(column: Column, problems: ValueProblems)] {
        values.map { $0.evaluate(batch, clock: clock) }
    }
}
