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
        hanging: HangingReads = HangingReads(),
        judge: @escaping Judge = { Stage.outcome($0, $1) },
        fingerprint: @escaping @Sendable (String) -> String? = { _ in nil }
    ) -> Player {
        var settings = SchedulerSettings(holder: holder)
        settings.pollEvery = pollEvery
        settings.validationsAtOnce = atOnce
        settings.patience = patience
        // Renewed seldom enough for days to pass quickly.
        settings.leaseLength = 10 * Self.minute
        let (waits, continuation) = AsyncStream<Wait>.makeStream()
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
                    continuation.yield(Wait(until: until, inHand: inHand))
                }
            })
        let scheduler = Scheduler(
            validations, edges: edges, ledger: ledger ?? self.ledger, settings: settings, clock: clock.clock,
            hanging: hanging, work: work)
        return Player(scheduler: scheduler, waits: waits, end: { continuation.finish() })
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

struct Wait: Sendable {
    let until: Int64
    let inHand: Int
}

/// A scheduler that a test plays.
struct Player: Sendable {
    let scheduler: Scheduler
    let waits: AsyncStream<Wait>
    let end: @Sendable () -> Void

    /// Has it run until the clock shows a time, then stops it.
    ///
    /// The clock goes on whenever the scheduler waits and has nothing in hand; where `whileBusy` is set, also while it has. `step` may do something each time,
    /// and ends the play by giving false.
    func play(
        _ stage: Stage, until end: Int64, whileBusy: Bool = false,
        step: @escaping @Sendable (Wait) async throws -> Bool = { _ in true }
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { self.end() }
                try await scheduler.run()
            }
            if whileBusy {
                group.addTask {
                    while stage.clock.now < end, !Task.isCancelled { await stage.clock.advance(atMostTo: end) }
                    await scheduler.stop()
                    await pass(stage)
                }
            }
            for await wait in waits {
                let goesOn = try await step(wait)
                if goesOn, !whileBusy, wait.inHand == 0, wait.until > stage.clock.now {
                    stage.clock.set(to: min(wait.until, end))
                }
                guard !goesOn || stage.clock.now >= end else { continue }
                await scheduler.stop()
                // What is in hand has its time.
                if !whileBusy, wait.inHand > 0 { group.addTask { await pass(stage) } }
            }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    /// Lets time pass until the task is cancelled.
    private func pass(_ stage: Stage) async {
        while !Task.isCancelled { await stage.clock.advance(atMostTo: stage.clock.now + 10_000_000) }
    }
}
