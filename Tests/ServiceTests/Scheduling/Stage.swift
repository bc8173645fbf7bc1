import Expectations
import Foundation
import Ledger
import Schedules
import Service
import Synchronization
import Tables

/// A ledger, a clock and schedulers over them, with what they do written down.
final class Stage: Sendable {
    static let minute: Int64 = 60_000_000
    static let hour = 60 * minute
    static let day = 24 * hour
    /// 2026-11-01T00:00:30Z.
    static let start: Int64 = 1_793_491_230_000_000

    let path: String
    let ledger: Ledger
    let clock: SimulatedClock
    private let log = Mutex<[SchedulerEvent]>([])
    private let judged = Mutex<(now: Int, most: Int)>((0, 0))

    init(at now: Int64 = start) throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("scheduler-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        path = directory.appendingPathComponent("assay.db").path
        ledger = try Ledger(path: path)
        clock = SimulatedClock(at: now)
    }

    deinit { try? FileManager.default.removeItem(atPath: (path as NSString).deletingLastPathComponent) }

    var events: [SchedulerEvent] { log.withLock { $0 } }

    /// Slots that were stored, with their validation's suite, in the order in which they were.
    var recorded: [(suite: String, slot: Int64?)] {
        events.compactMap { event in
            guard case .recorded(let occasion, _, _, _) = event else { return nil }
            if case .slot(let slot) = occasion.trigger { return (occasion.validation.suite, slot) }
            return (occasion.validation.suite, nil)
        }
    }

    var slots: [Int64] { recorded.compactMap(\.slot) }

    /// The most validations that were judged at once.
    var mostAtOnce: Int { judged.withLock { $0.most } }

    typealias Judge = @Sendable (ScheduledValidation, Occasion) async throws -> ScheduledOutcome

    /// A scheduler, and what it tells of when it has nothing to begin.
    func scheduler(
        _ validations: [ScheduledValidation], edges: [AssetEdge] = [], holder: String = "one", ledger: Ledger? = nil,
        pollEvery: Int64 = 10 * minute, atOnce: Int = 2, patience: Int64 = 5_000_000,
        hanging: HangingReads = HangingReads(), attendance: Attendance = Attendance(),
        places: RunPlaces = RunPlaces(),
        judge: @escaping Judge = { Stage.outcome($0, $1) },
        fingerprint: @escaping @Sendable (String) -> String? = { _ in nil }
    ) -> Player {
        var settings = SchedulerSettings(holder: holder)
        settings.pollEvery = pollEvery
        settings.validationsAtOnce = atOnce
        settings.patience = patience
        // Renewed seldom enough for days to pass quickly.
        settings.leaseLength = 10 * Self.minute
        let (signs, continuation) = AsyncStream<Sign>.makeStream()
        let told = Mutex(0)
        let work = SchedulerWork(
            judge: { validation, occasion in
                self.judged.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                defer { self.judged.withLock { $0.now -= 1 } }
                return try await judge(validation, occasion)
            },
            undecided: { validation, occasion, reason in
                Stage.outcome(validation, occasion, note: "undecided: \(reason)", isUndecided: true)
            },
            fingerprint: { fingerprint($0) },
            report: { event in
                self.log.withLock { $0.append(event) }
                if case .waiting(let until, let inHand) = event {
                    told.withLock { told in
                        told += 1
                        continuation.yield(.waits(Wait(until: until, inHand: inHand, number: told)))
                    }
                }
            })
        let scheduler = Scheduler(
            validations, edges: edges, ledger: ledger ?? self.ledger, settings: settings, clock: clock.clock,
            hanging: hanging, attendance: attendance, places: places, work: work)
        return Player(
            scheduler: scheduler, signs: signs, signal: continuation, told: { told.withLock { $0 } })
    }

    /// What is stored of a run.
    static func outcome(
        _ validation: ScheduledValidation, _ occasion: Occasion, note: String = "judged", isUndecided: Bool = false
    ) -> ScheduledOutcome {
        var when = "\(occasion.at)"
        if case .slot(let slot) = occasion.trigger { when = "slot \(slot)" }
        let id = "\(validation.suite) \(when) \(note)"
        return ScheduledOutcome(run: id, isUndecided: isUndecided) { transaction in
            try transaction.record(
                RunResult(
                    id: id, suite: validation.suite, asset: validation.asset, startedAt: occasion.at,
                    durationSeconds: 0,
                    engineVersion: "0", suiteFingerprint: "s", dataFingerprint: "d", schema: Schema([]), files: [],
                    rowCount: occasion.attempt, byteCount: 0, results: [], metrics: [], failure: nil,
                    personalColumns: []))
        }
    }
}

/// What a scheduler says when it has nothing to begin.
struct Wait: Sendable {
    let until: Int64
    let inHand: Int
    /// Counts them.
    let number: Int
}

/// What a player watches for.
enum Sign: Sendable {
    case waits(Wait)
    /// Somebody, of the scheduler or of its runs, has fallen asleep until the clock shows a time, or sleeps no longer.
    case sleepersChanged
}

/// Who of a run that hangs is asleep, so that time may pass.
enum Hanging: Sendable {
    /// Nobody hangs: what is in hand comes to its end while the clock stands still.
    case never
    /// So many of the run's tasks: who keeps its lease, and the time-out, the pause or the judge that are waited for.
    case asleep(Int)
    /// Who keeps the lease and, once it was cancelled in vain, who waits for that.
    case deaf
}

/// A scheduler that a test plays.
struct Player: Sendable {
    let scheduler: Scheduler
    let signs: AsyncStream<Sign>
    let signal: AsyncStream<Sign>.Continuation
    /// How often the scheduler has said that it waits.
    let told: @Sendable () -> Int

    /// What the scheduler has said last, and whether it was stopped.
    private struct Scene {
        var wait: Wait?
        var isStopped = false
    }

    /// Has it run until the clock shows a time, then stops it.
    ///
    /// The clock goes on only when everybody sleeps, to the time at which the first wants to be woken: however slow the machine is, the clock doesn't outrun the
    /// work. `hanging` says who sleeps of each run in hand while time may pass. `step` may do something whenever the scheduler waits, and ends the play by giving false.
    func play(
        _ stage: Stage, until end: Int64, hanging: Hanging = .never,
        step: @escaping @Sendable (Wait) async throws -> Bool = { _ in true }
    ) async throws {
        stage.clock.whenSleepersChange { signal.yield(.sleepersChanged) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { signal.finish() }
                try await scheduler.run()
            }
            var scene = Scene()
            for await sign in signs {
                var goesOn = true
                if case .waits(let wait) = sign {
                    scene.wait = wait
                    goesOn = try await step(wait)
                }
                if goesOn, let next = next(stage.clock, scene, hanging) {
                    stage.clock.set(to: scene.isStopped ? next : max(stage.clock.now, min(next, end)))
                }
                guard !goesOn || stage.clock.now >= end, !scene.isStopped else { continue }
                scene.isStopped = true
                await scheduler.stop()
            }
            try await group.waitForAll()
        }
    }

    /// When the first of those who sleep wants to be woken; `nil` where somebody is at work.
    private func next(_ clock: SimulatedClock, _ scene: Scene, _ hanging: Hanging) -> Int64? {
        guard let wait = scene.wait, wait.number == told() else { return nil }
        let sleepers = clock.sleepers
        let areAsleep =
            switch hanging {
            case _ where wait.inHand == 0: sleepers.count == 1
            case .never: false
            case .asleep(let each): sleepers.count == 1 + each * wait.inHand
            // When its grace is over, the scheduler itself doesn't sleep any more, and nobody keeps a lease.
            case .deaf: sleepers.count == 1 + wait.inHand || scene.isStopped && sleepers.count == wait.inHand
            }
        return areAsleep ? sleepers.first : nil
    }
}
