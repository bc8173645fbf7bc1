import Statistics
public import Tables

/// The partial aggregates of some rows; made on any thread, and folded in any order with the same result.
public struct WindowPartial: Sendable {
    var table: CellTable
    /// The latest event time, but for those too far in the future.
    private(set) var latest: Int64?

    /// - rows: those that go on; rows with a problem are left out.
    public init(_ input: WindowInput, _ rows: Bitmap, _ plan: WindowPlan) {
        let rows = rows.subtracting(input.problems)
        table = CellTable(plan)
        latest = rows.subtracting(input.future).extent(of: input.times)?.high
        let places =
            plan.panes.map { Self.panes(input, rows, $0, &table) } ?? Self.sessions(input, rows, plan.gap, &table)
        for (index, values) in input.values.enumerated() {
            let own = values.rows.map { places.among($0) } ?? places
            table.aggregates[index].add(values.column ?? input.timeColumn, own)
        }
    }

    private static func panes(
        _ input: WindowInput, _ rows: Bitmap, _ panes: Panes, _ table: inout CellTable
    ) -> CellPlaces {
        var places = CellPlaces()
        var key: [UInt8] = []
        rows.forEach { row in
            key.removeAll(keepingCapacity: true)
            GroupKey.append(input.groups, row, to: &key)
            let group = CellTable.group(key)
            let pane = panes.pane(of: input.times[row])
            let cell =
                table.cell(group, pane: pane)
                ?? table.insert(group, key, CellTable.Span(start: pane, last: pane))
            places.rows.append(row)
            places.cells.append(cell)
        }
        return places
    }

    private static func sessions(
        _ input: WindowInput, _ rows: Bitmap, _ gap: Int64, _ table: inout CellTable
    ) -> CellPlaces {
        var numbers: [Hash128: Int] = [:]
        var groups: [(hash: Hash128, key: [UInt8])] = []
        var members: [(group: Int, time: Int64, row: Int)] = []
        var key: [UInt8] = []
        rows.forEach { row in
            key.removeAll(keepingCapacity: true)
            GroupKey.append(input.groups, row, to: &key)
            let hash = CellTable.group(key)
            let number = numbers[hash] ?? groups.count
            if number == groups.count {
                numbers[hash] = number
                groups.append((hash, key))
            }
            members.append((number, input.times[row], row))
        }
        members.sort { ($0.group, $0.time, $0.row) < ($1.group, $1.time, $1.row) }
        var places = CellPlaces()
        var open: (group: Int, cell: Int, span: CellTable.Span)?
        for member in members {
            if var session = open, session.group == member.group, member.time - session.span.last < gap {
                session.span.last = member.time
                table.stretch(session.cell, to: session.span)
                open = session
            } else {
                let span = CellTable.Span(start: member.time, last: member.time)
                let group = groups[member.group]
                open = (member.group, table.insert(group.hash, group.key, span), span)
            }
            places.rows.append(member.row)
            places.cells.append(open?.cell ?? 0)
        }
        return places
    }
}
