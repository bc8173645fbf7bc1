import Expressions
public import Tables

/// What windows take of a batch: its event times, groups and values; made on any thread, in any order.
public struct WindowInput: Sendable {
    /// Rows that can't be aggregated; they belong to no window.
    public let problems: Bitmap
    /// Rows whose event time lies farther ahead of the clock than is tolerated; they are aggregated, and don't move the watermark.
    public let future: Bitmap
    let rowCount: Int
    /// In microseconds; those of rows with a problem mean nothing.
    let times: [Int64]
    let timeColumn: Column
    let groups: [Column]
    let values: [AggregatedValues]
    private let found: [Found]
    private let plan: WindowPlan

    private struct Found: Sendable {
        let rows: Bitmap
        let problem: WindowProblem
    }

    /// - clock: the batch's, in microseconds since 1970-01-01T00:00:00Z.
    public init(_ batch: Batch, _ plan: WindowPlan, clock: Int64) {
        self.plan = plan
        rowCount = batch.rowCount
        let name = plan.definition.column
        timeColumn = batch.column(plan.time)
        groups = plan.groups.map { batch.column($0) }
        values = plan.aggregates.map { $0.values(of: batch, clock: clock) }
        let times = Self.times(timeColumn)
        self.times = times
        var found: [Found] = []
        func note(_ rows: Bitmap, _ code: String, _ message: String) {
            if !rows.isEmpty { found.append(Found(rows: rows, problem: WindowProblem(code: code, message: message))) }
        }
        let typed = timeColumn.typed
        note(timeColumn.present.inverted, "missing-event-time", "\(name) is missing, and says which window it is")
        note(timeColumn.present.subtracting(typed), "bad-value", "\(name) is no timestamp")
        let outside = Bitmap(count: batch.rowCount) { !WindowTime.range.contains(times[$0]) }.intersection(typed)
        note(outside, "event-time-out-of-range", "\(name) is more than 36,000 years from 1970")
        for (column, name) in zip(groups, plan.definition.groupBy) {
            guard let rows = column.uncomparable else { continue }
            note(rows, "bad-value", "\(name) is no \(column.type)")
        }
        self.found = found
        var problems = found.reduce(into: Bitmap(repeating: false, count: batch.rowCount)) { $0.formUnion($1.rows) }
        for value in values { if let rows = value.problems?.rows { problems.formUnion(rows) } }
        self.problems = problems
        let (limit, isBeyond) = clock.addingReportingOverflow(plan.definition.futureTolerance)
        future =
            isBeyond
            ? Bitmap(repeating: false, count: batch.rowCount)
            : Bitmap(count: batch.rowCount) { times[$0] > limit }.subtracting(problems)
    }

    private static func times(_ column: Column) -> [Int64] {
        switch column.values {
        case .timestamp(let values): return values
        case .date(let days): return days.map { CivilTime.midnight(ofDay: Int($0)) }
        default: return [Int64](repeating: 0, count: column.count)
        }
    }

    /// Rows that no window has room for that begins with them or covers their time; `nil` is before everything.
    func late(after watermark: Int64?) -> Bitmap {
        guard let watermark else { return Bitmap(repeating: false, count: rowCount) }
        return Bitmap(count: rowCount) {
            WindowTime.range.contains(times[$0]) && plan.lastEnd(of: times[$0]) <= watermark
        }
        .subtracting(problems)
    }

    /// The first thing that is wrong with a row; `nil` where nothing is.
    public func problem(at row: Int) -> WindowProblem? {
        if let first = found.first(where: { $0.rows[row] }) { return first.problem }
        for (value, aggregate) in zip(values, plan.definition.aggregates) {
            guard let problem = value.problems?.problem(at: row) else { continue }
            return WindowProblem(
                code: problem.code.rawValue, message: "\(aggregate.name): \(problem.message)",
                maskedMessage: "\(aggregate.name): \(problem.maskedMessage)")
        }
        return nil
    }
}

/// Why a record is in no window, or an aggregate has no value.
public struct WindowProblem: Sendable, Hashable {
    /// Stable and documented.
    public let code: String
    public let message: String
    /// The message without values of the data, for those who mustn't see it.
    public let maskedMessage: String

    init(code: String, message: String, maskedMessage: String? = nil) {
        self.code = code
        self.message = message
        self.maskedMessage = maskedMessage ?? message
    }
}
