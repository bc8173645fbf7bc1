public import Tables

/// An expression tied to a table's columns, ready to make a column of each of its batches.
public struct BoundValue: Sendable {
    /// What its values are.
    public let type: LogicalType
    /// False only where every row is sure to get a value, but for ``ValueProblems``.
    public let canBeMissing: Bool
    /// The columns that must be in a batch, and what is needed of each.
    public let projection: Projection
    let node: BoundNode
    private let slotCount: Int

    init(_ node: BoundNode, _ type: LogicalType, projection: Projection, slotCount: Int) {
        self.node = node
        self.type = type
        canBeMissing = node.canBeMissing
        self.projection = projection
        self.slotCount = slotCount
    }

    /// The values for all rows of a batch; of rows with a problem it is missing.
    ///
    /// The same batch and clock give the same column. Costs a pass over the rows for each part of the expression.
    ///
    /// - clock: what `now()` gives, in microseconds since 1970-01-01T00:00:00Z.
    public func evaluate(_ batch: Batch, clock: Int64) -> (column: Column, problems: ValueProblems) {
        var frame = Frame(batch: batch, clock: clock, slots: [Evaluated?](repeating: nil, count: slotCount))
        let evaluated = node.evaluate(&frame)
        return (
            evaluated.column.without(evaluated.failures), ValueProblems(evaluated.failures, count: batch.rowCount)
        )
    }

    /// The rows for which a boolean expression is true; rows with a problem aren't among them.
    public func rows(of batch: Batch, clock: Int64) -> (isTrue: Bitmap, problems: ValueProblems) {
        precondition(type == .boolean, "rows are chosen by conditions")
        let (column, problems) = evaluate(batch, clock: clock)
        return (column.bits.intersection(column.present), problems)
    }
}
