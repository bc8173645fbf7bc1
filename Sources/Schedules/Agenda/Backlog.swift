/// What one task has to do: the slot that is due, or those that are passed over, and when the next one is.
struct Backlog {
    /// Slots through this time are done or passed over.
    let mark: Int64
    private(set) var slot: Int64?
    private(set) var passedThrough: Int64?
    /// When the slot after all that is due will be due itself.
    private(set) var next: Int64?

    init(task: Agenda.Task, mark: Int64, now: Int64, absentUntil: Int64) {
        self.mark = mark
        let schedule = task.schedule
        guard let first = schedule.next(after: mark) else { return }
        let firstDue = schedule.due(first, for: task.name)
        guard firstDue <= now, let latest = Self.latestDue(task, from: first, at: now) else {
            next = firstDue
            return
        }
        switch task.catchUp {
        case .latest: slot = latest
        case .none:
            if schedule.due(latest, for: task.name) > absentUntil { slot = latest } else { passedThrough = latest }
        case .all: slot = Self.oldestKept(schedule, after: mark, first: first, through: latest)
        }
        next = schedule.next(after: latest).map { schedule.due($0, for: task.name) }
    }

    /// The latest slot that is due; the first one is.
    private static func latestDue(_ task: Agenda.Task, from first: Int64, at now: Int64) -> Int64? {
        let schedule = task.schedule
        guard let latest = schedule.latest(after: first, through: now) else { return first }
        // One whose jitter isn't over yet; the slot before it is due, as jitter ends before the next slot.
        guard schedule.due(latest, for: task.name) > now else { return latest }
        return schedule.latest(after: first, through: latest - 1) ?? first
    }

    /// The first of the slots, or of the latest of them where they are too many.
    private static func oldestKept(_ schedule: Schedule, after mark: Int64, first: Int64, through latest: Int64)
        -> Int64
    {
        let limit = Agenda.longestCatchUp
        guard schedule.slots(after: mark, through: latest, limit: limit + 1).count > limit else { return first }
        var oldest = latest
        for _ in 1..<limit {
            guard let before = schedule.latest(after: mark, through: oldest - 1) else { break }
            oldest = before
        }
        return oldest
    }
}

extension Schedule {
    /// How many slots lie after a time and before another, and whether there are more than were counted.
    public func count(after start: Int64, before end: Int64, limit: Int = 10_000) -> (count: Int, isMore: Bool) {
        var count = 0
        var time = start
        while let slot = next(after: time), slot < end {
            guard count < limit else { return (count, true) }
            count += 1
            time = slot
        }
        return (count, false)
    }
}
