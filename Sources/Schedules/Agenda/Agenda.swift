import Tables

/// What is due: for tasks with schedules, which slot of which is to be done now, in which order, and when to look again.
///
/// A function of what was done and of the time, and of nothing else. A task of an asset waits for due tasks of the assets that it follows from, as long as these haven't
/// been done for its slot's time; assets that follow from each other do not wait. Of one task no more than one slot is due at once, however many were missed.
///
/// Where the clock was set back by no more than a day, slots of cron lines that were done are not done again, and nothing of them is due until the clock has come to where it
/// was. Intervals wait for one of theirs at the most. Where the last slot lies further ahead, its time was wrong: whoever keeps the standings sets it to now, and it goes
/// on from there.
public struct Agenda: Sendable {
    public struct Task: Sendable, Hashable {
        /// Tells the task from others; where its slots have jitter, it depends on it.
        public let name: String
        public let asset: String
        public let schedule: Schedule
        public let catchUp: CatchUp

        public init(name: String, asset: String, schedule: Schedule, catchUp: CatchUp = .latest) {
            self.name = name
            self.asset = asset
            self.schedule = schedule
            self.catchUp = catchUp
        }
    }

    /// What is known of a task's past, and what it does now.
    public struct Standing: Sendable, Hashable {
        /// The last slot that was done or passed over; the time at which the task was first seen where none was.
        public let lastSlot: Int64
        /// Whether it is being done, and nothing of it is to begin.
        public let isBusy: Bool

        public init(lastSlot: Int64, isBusy: Bool = false) {
            self.lastSlot = lastSlot
            self.isBusy = isBusy
        }
    }

    /// A slot that is to be done.
    public struct Due: Sendable, Hashable {
        /// Its place among the agenda's tasks.
        public let task: Int
        public let slot: Int64
        /// After which slots before it are passed over; those through it are not.
        public let passedFrom: Int64
        /// Whether a task that it follows from must be done first.
        public let isHeld: Bool
    }

    /// Slots that nobody will do, as they were missed.
    public struct Passed: Sendable, Hashable {
        public let task: Int
        /// After this time, and through the other.
        public let after: Int64
        public let through: Int64
    }

    public struct Look: Sendable, Hashable {
        /// What may begin first, the oldest slot first, upstream first; then what is held, upstream first.
        public let due: [Due]
        public let passed: [Passed]
        /// Tasks whose last slot is to be set to now, as it lies too far ahead of the clock.
        public let setBack: [Int]
        /// When the next slot becomes due; `nil` where no other will.
        public let next: Int64?
    }

    /// So many slots that were missed are done where all are to be; older ones are passed over.
    public static let longestCatchUp = 1_000

    public let tasks: [Task]
    private let order: AssetOrder
    /// The place of each task's asset.
    private let places: [Int]

    public init(tasks: [Task], edges: [AssetEdge]) {
        self.tasks = tasks
        let order = AssetOrder(edges: edges, assets: tasks.map(\.asset))
        self.order = order
        places = tasks.map { order.places[$0.asset] ?? 0 }
    }

    /// Looks what is due at a time.
    ///
    /// `standings` are of the tasks, in their order. What became due through `absentUntil` was missed: nobody was there to do it.
    public func look(at now: Int64, standings: [Standing], absentUntil: Int64) -> Look {
        precondition(standings.count == tasks.count, "each task has a standing")
        var due: [Due] = []
        var passed: [Passed] = []
        var setBack: [Int] = []
        var next: Int64?
        for (index, task) in tasks.enumerated() where !standings[index].isBusy {
            let isSetBack = standings[index].lastSlot.subtractingClamped(now) > task.schedule.longestLead
            if isSetBack { setBack.append(index) }
            let backlog = Backlog(
                task: task, mark: isSetBack ? now : standings[index].lastSlot, now: now, absentUntil: absentUntil)
            if let slot = backlog.slot {
                due.append(Due(task: index, slot: slot, passedFrom: backlog.mark, isHeld: false))
            } else if let through = backlog.passedThrough {
                passed.append(Passed(task: index, after: backlog.mark, through: through))
            }
            if let time = backlog.next { next = min(next ?? time, time) }
        }
        return Look(due: arranged(due, standings), passed: passed, setBack: setBack, next: next)
    }

    /// What is due with what is held, in order.
    private func arranged(_ due: [Due], _ standings: [Standing]) -> [Due] {
        guard !due.isEmpty else { return [] }
        // The oldest mark among tasks of each place that have yet to end, then of all places that lead to it.
        var own = [Int64](repeating: .max, count: order.upstream.count)
        var open = Set(due.map(\.task))
        for (index, standing) in standings.enumerated() where standing.isBusy { open.insert(index) }
        for index in open {
            own[places[index]] = min(own[places[index]], standings[index].lastSlot)
        }
        var above = [Int64](repeating: .max, count: own.count)
        for place in above.indices {
            for source in order.upstream[place] { above[place] = min(above[place], above[source], own[source]) }
        }
        let marked = due.map { item in
            Due(
                task: item.task, slot: item.slot, passedFrom: item.passedFrom,
                isHeld: above[places[item.task]] < item.slot)
        }
        return marked.sorted { left, right in
            let (left, right) = (key(left), key(right))
            return left.0 != right.0 ? left.0 < right.0 : left.1 < right.1
        }
    }

    private func key(_ due: Due) -> ((Int, Int64, Int64), String) {
        let level = Int64(order.levels[places[due.task]])
        return (due.isHeld ? (1, level, due.slot) : (0, due.slot, level), tasks[due.task].name)
    }
}
