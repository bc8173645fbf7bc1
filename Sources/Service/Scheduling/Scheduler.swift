public import Ledger
public import Schedules
import Tables

/// Runs validations when they are due, when their data changes, when pipelines commit and when people ask.
///
/// Several may share one ledger, in one process or in many: what is done is done by one of them. All that it must remember is in the ledger, so it may be killed at any
/// time. No validation overlaps with itself, and no more than `validationsAtOnce` are at work at once: what rests before another attempt isn't. A run whose data doesn't come is left behind when it was cancelled, and recorded as
/// undecided each time that it is due, until what was left behind has ended.
public actor Scheduler {
    let settings: SchedulerSettings
    let work: SchedulerWork
    let clock: SchedulerClock
    let desk: LedgerDesk
    let hanging: HangingReads
    let bell = Bell()
    let validations: [ScheduledValidation]
    let agenda: Agenda
    /// What this scheduler is doing now.
    var inHand: Set<Validation> = []
    /// What couldn't be stored, how often in a row, and when it is tried again.
    private(set) var setbacks: [Validation: (count: Int, until: Int64)] = [:]
    var watch = WatchBook()
    /// Whether it was told what waits for the clock, as its last slot lies ahead.
    var knowsSlotsAhead = false
    let attendance: Attendance
    let places: RunPlaces
    let rests = Rests()
    var slotsAhead = SlotsAhead()
    private var isStopping = false
    private var isLeft = false
    private var requestCount = 0

    public init(
        _ validations: [ScheduledValidation], edges: [AssetEdge] = [], ledger: Ledger, settings: SchedulerSettings,
        clock: SchedulerClock, hanging: HangingReads = HangingReads(), attendance: Attendance = Attendance(),
        places: RunPlaces = RunPlaces(), work: SchedulerWork
    ) {
        self.settings = settings
        self.work = work
        self.clock = clock
        self.hanging = hanging
        desk = LedgerDesk(ledger)
        self.attendance = attendance
        self.places = places
        (self.validations, agenda) = Self.prepared(validations, edges)
    }

    /// Works until it is stopped or left, or its task is cancelled.
    ///
    /// Left, it lets what is at work come to its end, however long that takes. Stopped, be it before or after that, it lets what is at work come to its end, for the settings' `grace`, and
    /// cancels it then. Either way what rests before another attempt is given up at once. Cancelled, it doesn't wait longer than
    /// their `patience`. What was cancelled is not stored and remains to be done. Throws where the ledger can't be written when it begins.
    public func run() async throws {
        noteClock(clock.now())
        try await register()
        await withDiscardingTaskGroup { group in
            while !isStopping, !isLeft, !Task.isCancelled {
                let look = await look()
                for run in look.runs { group.addTask { await self.carryOut(run) } }
                if !look.watched.isEmpty { group.addTask { await self.inspect(look.watched) } }
                work.report(.waiting(until: look.until, inHand: inHand.count + (watch.isActive ? 1 : 0)))
                await bell.wait(until: look.until, clock)
            }
            while !inHand.isEmpty, !isStopping, !Task.isCancelled { await bell.wait(until: .max, clock) }
            let deadline = clock.now().addingClamped(settings.grace)
            while !inHand.isEmpty, !Task.isCancelled, clock.now() < deadline {
                await bell.wait(until: min(deadline, clock.now().addingClamped(settings.pollEvery)), clock)
                noteClock(clock.now())
            }
            group.cancelAll()
        }
        if !isLeft { noteClock(clock.now()) }
    }

    /// Begins nothing more, so that another one may go on in its stead, and has `run` return when what is at work has ended.
    ///
    /// That other one doesn't begin what is still in hand here, as its lease is held.
    public func leave() {
        isLeft = true
        rests.end()
        bell.ring()
    }

    /// Begins nothing more, and has `run` return.
    public func stop() {
        isStopping = true
        rests.end()
        bell.ring()
    }

    /// Asks for a run, which begins as soon as there is room; gives the request's id, or `nil` where there is no such validation.
    @discardableResult
    public func trigger(_ validation: Validation, actor: String) async throws -> String? {
        guard validations.contains(where: { $0.id == validation }) else { return nil }
        let id = nextRequestID()
        let request = RunRequest(id: id, validation: validation, actor: actor, requestedAt: clock.now())
        _ = try await desk.transaction { try $0.request(request) }
        bell.ring()
        return id
    }

    /// To be told now and then how far a pipeline has come: where that is further than before, validations that follow on it are run.
    ///
    /// Batches that are committed while one waits, or while it is running, make one more run. Where a pipeline stood when a validation was new is no
    /// occasion, unless it `isNews`.
    public func follow(_ mark: PipelineMark, isNews: Bool = false) async throws {
        let name = mark.pipeline
        let requests = validations.filter { $0.after.contains(name) }.map { validation in
            RunRequest(
                id: nextRequestID(), validation: validation.id, origin: .pipeline(name), actor: "pipeline \(name)",
                requestedAt: clock.now())
        }
        guard !requests.isEmpty else { return }
        if try await desk.transaction({ try $0.follow(mark, isNews: isNews, requests) }) { bell.ring() }
    }

    private func nextRequestID() -> String {
        requestCount += 1
        let hash = Hash128(settings.holder).combined(with: Hash128(Int128(clock.now()), seed: UInt64(requestCount)))
        return "request-\(hash.hexadecimal)"
    }

    private static func prepared(
        _ validations: [ScheduledValidation], _ edges: [AssetEdge]
    ) -> ([ScheduledValidation], Agenda) {
        // Two of one name would be in each other's way.
        var seen: Set<Validation> = []
        let validations = validations.filter { seen.insert($0.id).inserted }
        let tasks = validations.map {
            Agenda.Task(name: $0.name, asset: $0.asset, schedule: $0.schedule, catchUp: $0.catchUp)
        }
        return (validations, Agenda(tasks: tasks, edges: edges))
    }

    /// How many may be at work.
    var room: @Sendable () -> Int {
        { [most = settings.validationsAtOnce, hanging] in most - hanging.excess }
    }

    func register() async throws {
        let (schedules, now) = (validations.map { ($0.id, $0.cadenceText) }, clock.now())
        try await desk.transaction { try $0.register(schedules, now: now) }
    }

    private func carryOut(_ run: ScheduledRun) async {
        let end = await run.carryOut()
        run.place.leave()
        let id = run.validation.id
        inHand.remove(id)
        if end == .recorded {
            setbacks[id] = nil
        } else if end == .notRecorded {
            let count = (setbacks[id]?.count ?? 0) + 1
            let pause = RetryPolicy(retries: .max, firstPause: 60_000_000).pause(afterAttempts: count, for: id.suite)
            setbacks[id] = (count, clock.now().addingClamped(pause ?? 0))
        }
        bell.ring()
    }

    private func inspect(_ assets: [String]) async {
        for asset in assets where !Task.isCancelled && !hanging.contains(.look(asset: asset)) {
            let look = LooseWork(on: OwnExecutor()) { [work] in await work.fingerprint(asset) }
            if await look.ends(by: clock.now().addingClamped(settings.patience), clock) {
                watch.note(await look.value() ?? nil, of: asset)
            } else {
                work.report(.lookHangs(asset: asset))
                hanging.leave(look, reading: .look(asset: asset)) { fingerprint in
                    Task { await self.note(fingerprint, of: asset) }
                }
            }
        }
        watch.isActive = false
        bell.ring()
    }

    private func note(_ fingerprint: String?, of asset: String) {
        watch.note(fingerprint, of: asset)
        bell.ring()
    }
}
