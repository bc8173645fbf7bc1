public import Tables

/// Aggregates records over windows of event time: folds batches, closes windows as the watermark passes their ends, and each once.
///
/// Between two commits nothing of the state changes: a batch gathers beside it. So giving a batch up is forgetting what it gathered.
///
/// Memory: a cell a pane or session and group (`CellTable`), for as long as a window that needs it is open. What an aggregate takes is said with its
/// cells: distinct counts and percentiles keep what they saw.
public struct WindowOperator: Sendable {
    public let plan: WindowPlan
    /// No window that ends at it or before is open any more; `nil` before the first record.
    public private(set) var watermark: Int64?
    var state: CellTable
    /// What the batch at hand brings.
    var delta: CellTable
    /// The latest event time of the batch at hand that moves the watermark.
    private var latest: Int64?
    /// Cells of the delta after which sessions are chained again.
    private var mostSessions = 4_096
    private var prepared: PreparedWindows?

    /// Begins anew.
    public init(_ plan: WindowPlan) {
        self.plan = plan
        state = CellTable(plan)
        delta = CellTable(plan)
    }

    /// Goes on where a committed batch ended.
    ///
    /// - rows: all that is stored, in any order; of a plan with the same fingerprint.
    public init(
        _ plan: WindowPlan, rows: some Sequence<WindowRow>, watermark: Int64?
    ) throws(WindowStateError) {
        self.init(plan)
        self.watermark = watermark
        for row in rows { try restore(row) }
    }

    private mutating func restore(_ row: WindowRow) throws(WindowStateError) {
        guard GroupKey.values(row.key.group, plan.groupTypes) != nil, WindowTime.range.contains(row.key.start),
            plan.panes.map({ $0.pane(of: row.key.start) == row.key.start }) ?? true
        else {
            throw WindowStateError("a stored window has a key that is none of the table's")
        }
        let group = CellTable.group(row.key.group)
        let known =
            plan.panes == nil
            ? state.sessions(of: group).first { state.spans[$0].start == row.key.start }
            : state.cell(group, pane: row.key.start)
        let start = CellTable.Span(start: row.key.start, last: row.key.start)
        let cell = known ?? state.insert(group, row.key.group, start)
        guard let last = row.merge(into: cell, of: &state.aggregates), WindowTime.range.contains(last),
            last >= row.key.start, plan.panes == nil || last == row.key.start
        else {
            throw WindowStateError("a stored window's aggregates are damaged, or of another table")
        }
        state.stretch(cell, to: CellTable.Span(start: row.key.start, last: max(last, state.spans[cell].last)))
        state.stored[cell].parts = max(state.stored[cell].parts, row.part + 1)
        if row.part == 0 {
            state.stored[cell].baseSize = row.state.count
        } else {
            state.stored[cell].addedSize += row.state.count
        }
    }

    /// Open windows' cells.
    public var cellCount: Int { state.count }

    // MARK: A batch

    /// Takes in what was made of some rows of the batch at hand.
    public mutating func fold(_ partial: WindowPartial) {
        precondition(prepared == nil, "a batch that is prepared takes no more rows")
        latest = [latest, partial.latest].compactMap { $0 }.max()
        delta.join(partial.table)
        guard plan.panes == nil, delta.count > mostSessions else { return }
        delta.chainSessions(gap: plan.gap)
        mostSessions = max(4_096, delta.count * 2)
    }

    /// Rows of the batch at hand whose windows had all closed before it: those that a session has room for that is open are not among them.
    ///
    /// What the batch itself brings doesn't count, so that neither its order nor where it is cut says who is late.
    public func late(_ input: WindowInput) -> Bitmap {
        let late = input.late(after: watermark)
        guard plan.panes == nil, !late.isEmpty, state.count > 0 else { return late }
        var joins = Bitmap(repeating: false, count: input.rowCount)
        var key: [UInt8] = []
        late.forEach { row in
            key.removeAll(keepingCapacity: true)
            GroupKey.append(input.groups, row, to: &key)
            if state.hasSession(of: CellTable.group(key), near: input.times[row], gap: plan.gap) { joins[row] = true }
        }
        return late.subtracting(joins)
    }

    /// Takes in rows of a batch at once: those that are neither late nor have a problem.
    public mutating func fold(_ batch: Batch, rows: Bitmap, clock: Int64) -> WindowFold {
        let input = WindowInput(batch, plan, clock: clock)
        let late = late(input).intersection(rows)
        fold(WindowPartial(input, rows.subtracting(late), plan))
        return WindowFold(input: input, late: late, problems: input.problems.intersection(rows))
    }

    /// Moves the watermark, closes what it passed, and says what is to be stored.
    ///
    /// - flushAt: the clock of a flush, in microseconds since 1970-01-01T00:00:00Z: all windows close but those that begin farther ahead
    ///   of it than is tolerated, and records of their time are late from then on; `nil` for no flush.
    public mutating func prepare(flushAt clock: Int64? = nil) -> (change: WindowStateChange, closed: ClosedWindows) {
        // What came behind it failed, and is tried again.
        if let prepared { return (prepared.change, prepared.closed) }
        if plan.panes == nil { delta.chainSessions(gap: plan.gap) }
        var advanced = watermark
        if let latest { advanced = max(advanced ?? .min, latest - plan.definition.lateness) }
        if let clock {
            let limit = clock.addingClamped(plan.definition.futureTolerance)
            advanced = [advanced, lastEnd(beginningBy: limit)].compactMap { $0 }.max()
        }
        let own = PreparedWindows(self, watermark: advanced)
        prepared = own
        return (own.change, own.closed)
    }

    /// When the last window ends of those that have records and begin by then.
    private func lastEnd(beginningBy limit: Int64) -> Int64? {
        (state.cells.map { state.spans[$0] } + delta.cells.map { delta.spans[$0] })
            .filter { $0.start <= limit }.map { plan.lastEnd(of: $0.last) }.max()
    }

    /// Takes the prepared batch for committed.
    public mutating func commit() {
        guard let prepared else { preconditionFailure("a batch is prepared before it is committed") }
        self.prepared = nil
        prepared.apply(to: &state, delta)
        watermark = prepared.change.watermark
        forget()
    }

    /// Forgets the batch at hand, prepared or not.
    public mutating func rollBack() {
        prepared = nil
        forget()
    }

    private mutating func forget() {
        delta = CellTable(plan)
        latest = nil
        mostSessions = 4_096
    }
}

/// Where the rows of a batch went that were folded.
public struct WindowFold: Sendable {
    public let input: WindowInput
    /// Rows whose windows have all closed.
    public let late: Bitmap
    /// Rows that are in no window for a problem of their own.
    public let problems: Bitmap

    /// Rows too far in the future to move the watermark, late ones and ones with problems aside.
    public var future: Bitmap { input.future.subtracting(late).subtracting(problems) }
}
