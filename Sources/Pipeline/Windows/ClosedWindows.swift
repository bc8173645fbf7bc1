import Expressions
public import Tables

/// Windows that closed, each group a row, in the order of window and group.
public struct ClosedWindows: Sendable {
    /// Of the plan's schema.
    public let batch: Batch
    /// Aggregates without a value although there should be one: a sum that its type doesn't hold.
    ///
    /// The value is missing in the row. Groups aren't named: their values may be personal.
    public let problems: [(row: Int, problem: WindowProblem)]

    /// Where a closed window's records are.
    struct Source {
        let start: Int64
        let end: Int64
        let key: [UInt8]
        var cells: [Int] = []
        var deltaCells: [Int] = []
    }

    init(_ sources: [Source], _ plan: WindowPlan, state: CellTable, delta: CellTable) {
        let rows = sources.sorted { left, right in
            if left.start != right.start { return left.start < right.start }
            if left.end != right.end { return left.end < right.end }
            return left.key.lexicographicallyPrecedes(right.key)
        }
        var pairs: (state: [CellPair], delta: [CellPair]) = ([], [])
        for (row, source) in rows.enumerated() {
            pairs.state += source.cells.map { CellPair(cell: row, other: $0) }
            pairs.delta += source.deltaCells.map { CellPair(cell: row, other: $0) }
        }
        var columns: [Column?] = [
            Column(.timestamp, rows.map { .timestamp(microseconds: $0.start) }),
            Column(.timestamp, rows.map { .timestamp(microseconds: $0.end) }),
        ]
        let groups = rows.map { GroupKey.values($0.key, plan.groupTypes) ?? [] }
        for (index, type) in plan.groupTypes.enumerated() {
            columns.append(Column(type, groups.map { index < $0.count ? $0[index] : .missing }))
        }
        var problems: [(row: Int, problem: WindowProblem)] = []
        for (index, aggregate) in plan.aggregates.enumerated() {
            var cells = aggregate.makeCells(seed: plan.seed)
            cells.grow(by: rows.count)
            cells.merge(pairs.state, of: state.aggregates[index])
            cells.merge(pairs.delta, of: delta.aggregates[index])
            let name = plan.definition.aggregates[index].name
            columns.append(
                Column(
                    aggregate.type,
                    rows.indices.map { row in
                        if let value = cells.value(of: row) { return value }
                        let (start, end) = (rows[row].start, rows[row].end)
                        let message =
                            "\(name): the result doesn't fit in \(aggregate.type), and is missing in the window from "
                            + "\(CivilTime.format(microseconds: start)) to \(CivilTime.format(microseconds: end))"
                        problems.append((row, WindowProblem(code: "overflow", message: message)))
                        return .missing
                    }))
        }
        batch = Batch(ordinal: 0, rowCount: rows.count, columns: columns)
        self.problems = problems.sorted { $0.row < $1.row }
    }
}
