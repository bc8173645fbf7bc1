import Tables

/// What a batch does to the windows, worked out and not yet done.
struct PreparedWindows: Sendable {
    private(set) var change = WindowStateChange()
    let closed: ClosedWindows
    private let joins: [Join]
    /// Cells of the state that the batch brings nothing for, and that have closed.
    private let dropped: [Int]
    /// By join, how it is stored from now on.
    private var stored: [StoredCell] = []

    /// A cell as it is to be: cells of the state and of the batch together.
    struct Join: Sendable {
        let key: [UInt8]
        let span: CellTable.Span
        let cells: [Int]
        let deltaCells: [Int]
        /// Whether it has closed, and isn't needed any longer.
        let isDone: Bool
    }

    /// Cells up to so many bytes are written anew with every batch; larger ones get another part until the parts weigh as much as the first.
    private static let smallSize = 2_048

    init(_ windows: WindowOperator, watermark: Int64?) {
        let (plan, state, delta) = (windows.plan, windows.state, windows.delta)
        let joins = Self.joins(plan, state, delta, watermark)
        let touched = Set(joins.flatMap(\.cells))
        let idle = watermark == windows.watermark ? [] : state.cells.filter { !touched.contains($0) }
        dropped = idle.filter { Self.isDone(plan, state.spans[$0], watermark) }
        self.joins = joins
        var sources: [ClosedWindows.Source] = []
        if let watermark, watermark != windows.watermark {
            let all =
                joins
                + idle.map {
                    Join(key: state.keys[$0], span: state.spans[$0], cells: [$0], deltaCells: [], isDone: false)
                }
            sources = Self.closing(all, plan, from: windows.watermark, through: watermark)
        }
        closed = ClosedWindows(sources, plan, state: state, delta: delta)
        change.watermark = watermark
        store(plan, state, delta)
    }

    private static func isDone(_ plan: WindowPlan, _ span: CellTable.Span, _ watermark: Int64?) -> Bool {
        watermark.map { plan.lastEnd(of: span.last) <= $0 } ?? false
    }

    // MARK: Which cells belong together

    private static func joins(
        _ plan: WindowPlan, _ state: CellTable, _ delta: CellTable, _ watermark: Int64?
    ) -> [Join] {
        let cells = delta.cells.sorted()
        guard plan.panes == nil else {
            return cells.map { cell in
                let (key, span) = (delta.keys[cell], delta.spans[cell])
                let own = state.cell(CellTable.group(key), pane: span.start)
                return Join(
                    key: key, span: span, cells: own.map { [$0] } ?? [], deltaCells: [cell],
                    isDone: isDone(plan, span, watermark))
            }
        }
        var joins: [Join] = []
        for (_, cells) in Dictionary(grouping: cells, by: { delta.keys[$0] }).sorted(by: { $0.value[0] < $1.value[0] })
        {
            let key = delta.keys[cells[0]]
            let links =
                state.sessions(of: CellTable.group(key)).map { SessionChain.Link($0, state.spans[$0]) }
                + cells.map { SessionChain.Link($0, delta.spans[$0], table: 1) }
            for chain in SessionChain.chains(links, gap: plan.gap) {
                let fresh = chain.links.filter { $0.table == 1 }.map(\.cell)
                // Sessions that the batch doesn't touch stay as they are.
                guard !fresh.isEmpty else { continue }
                joins.append(
                    Join(
                        key: key, span: chain.span, cells: chain.links.filter { $0.table == 0 }.map(\.cell),
                        deltaCells: fresh, isDone: isDone(plan, chain.span, watermark)))
            }
        }
        return joins
    }

    // MARK: Which windows close

    private static func closing(
        _ cells: [Join], _ plan: WindowPlan, from earlier: Int64?, through watermark: Int64
    ) -> [ClosedWindows.Source] {
        guard let panes = plan.panes else {
            return cells.compactMap { join in
                let end = join.span.last + plan.gap
                guard end <= watermark else { return nil }
                return ClosedWindows.Source(
                    start: join.span.start, end: end, key: join.key, cells: join.cells, deltaCells: join.deltaCells)
            }
        }
        var windows: [WindowRow.Key: ClosedWindows.Source] = [:]
        for join in cells {
            for start in panes.starts(covering: join.span.start, endingAfter: earlier)
            where start + panes.size <= watermark {
                let key = WindowRow.Key(start: start, group: join.key)
                var source =
                    windows[key] ?? ClosedWindows.Source(start: start, end: start + panes.size, key: join.key)
                source.cells += join.cells
                source.deltaCells += join.deltaCells
                windows[key] = source
            }
        }
        return Array(windows.values)
    }

    // MARK: What is stored

    private mutating func store(_ plan: WindowPlan, _ state: CellTable, _ delta: CellTable) {
        for cell in dropped.sorted() where state.stored[cell].parts > 0 {
            change.removed.append(WindowRow.Key(start: state.spans[cell].start, group: state.keys[cell]))
        }
        var pairs: (state: [CellPair], delta: [CellPair]) = ([], [])
        var whole: [Int] = []
        for (number, join) in joins.enumerated() {
            let isAdded = !join.isDone && isPartEnough(join, state, delta)
            if !isAdded {
                for cell in join.cells where state.stored[cell].parts > 0 {
                    change.removed.append(WindowRow.Key(start: state.spans[cell].start, group: join.key))
                }
            }
            stored.append(StoredCell())
            if join.isDone { continue }
            let place = whole.count
            if isAdded {
                stored[number] = state.stored[join.cells[0]]
            } else {
                pairs.state += join.cells.map { CellPair(cell: place, other: $0) }
            }
            pairs.delta += join.deltaCells.map { CellPair(cell: place, other: $0) }
            whole.append(number)
        }
        var cells = plan.makeCells()
        for index in cells.indices {
            cells[index].grow(by: whole.count)
            cells[index].merge(pairs.state, of: state.aggregates[index])
            cells[index].merge(pairs.delta, of: delta.aggregates[index])
        }
        for (cell, number) in whole.enumerated() {
            let join = joins[number]
            let row = WindowRow(
                WindowRow.Key(start: join.span.start, group: join.key), part: stored[number].parts,
                last: join.span.last,
                cell, of: cells)
            if stored[number].parts == 0 {
                stored[number].baseSize = row.state.count
            } else {
                stored[number].addedSize += row.state.count
            }
            stored[number].parts += 1
            change.added.append(row)
        }
        // The same batch gives the same change.
        change.removed.sort { $0.precedes($1) }
        change.added.sort { $0.key.precedes($1.key) }
    }

    /// Whether what the batch brings may be stored as another part of a cell: it is large, and its parts are small beside the first.
    private func isPartEnough(_ join: Join, _ state: CellTable, _ delta: CellTable) -> Bool {
        guard join.cells.count == 1, let cell = join.cells.first, state.stored[cell].parts > 0,
            state.spans[cell].start == join.span.start
        else {
            return false
        }
        let added = join.deltaCells.reduce(0) { total, cell in
            delta.aggregates.reduce(total) { $0 + $1.size(of: cell) }
        }
        let stored = state.stored[cell]
        return stored.baseSize > Self.smallSize && stored.addedSize + added < stored.baseSize
    }

    // MARK: Doing it

    func apply(to state: inout CellTable, _ delta: CellTable) {
        for cell in dropped { state.remove(cell) }
        var own: [CellPair] = []
        var fresh: [CellPair] = []
        var emptied: [Int] = []
        for (number, join) in joins.enumerated() {
            guard !join.isDone else {
                emptied += join.cells
                continue
            }
            let cell = join.cells.first ?? state.insert(CellTable.group(join.key), join.key, join.span)
            state.stretch(cell, to: join.span)
            state.stored[cell] = stored[number]
            own += join.cells.dropFirst().map { CellPair(cell: cell, other: $0) }
            emptied += join.cells.dropFirst()
            fresh += join.deltaCells.map { CellPair(cell: cell, other: $0) }
        }
        state.merge(own, of: state)
        state.merge(fresh, of: delta)
        for cell in emptied { state.remove(cell) }
    }
}
