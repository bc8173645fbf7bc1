import Ledger
import Schedules
import Service
import Synchronization
import Testing

/// What becomes of runs that fail, hang, are taken over or can't be stored.
@Suite(.timeLimit(.minutes(20))) struct SchedulerTroubleTests {
    private let stage: Stage

    init() throws { stage = try Stage() }

    private struct Broken: Error, CustomStringConvertible {
        var description: String { "the disk is gone" }
    }

    private var storedRuns: [String] {
        get throws { try stage.ledger.runs(limit: 1_000).map(\.id).reversed() }
    }

    /// Plays until there is something to look at, and nothing in hand.
    private func playUntilRecorded(_ player: Player, hanging: Hanging) async throws {
        let stage = stage
        try await player.play(stage, until: Stage.start + Stage.day, hanging: hanging) { wait in
            stage.recorded.isEmpty || wait.inHand > 0
        }
    }

    private static let firstSlot = Stage.start + Stage.hour - 30_000_000

    @Test func aRunThatHangsIsUndecided() async throws {
        let clock = stage.clock
        let player = stage.scheduler(
            [try SchedulerTests.validation(timeout: 5 * Stage.minute)], judge: SchedulerTests.taking(.max / 2, clock))
        try await playUntilRecorded(player, hanging: .asleep(3))
        #expect(try storedRuns.first == "orders slot \(Self.firstSlot) undecided: it took longer than 300.0 s")
        #expect(stage.events.contains { if case .timedOut = $0 { true } else { false } })
        #expect(try stage.ledger.scheduleStandings(now: clock.now).values.allSatisfy { $0.lastSlot >= Self.firstSlot })
    }

    /// It is recorded when its time is over; its lease is kept until it has ended.
    @Test func aRunThatHearsNothingIsRecordedInTime() async throws {
        let (ends, end) = AsyncStream<Void>.makeStream()
        let ledger = stage.ledger
        let heldAtTheEnd = Mutex<Bool?>(nil)
        let clock = stage.clock
        let player = stage.scheduler(
            [try SchedulerTests.validation(timeout: 5 * Stage.minute)], patience: 365 * Stage.day
        ) { validation, occasion in
            // Deaf to being cancelled.
            await Task { for await _ in ends { break } }.value
            let standing = try ledger.scheduleStandings(now: clock.now).values.first
            heldAtTheEnd.withLock { $0 = standing?.heldUntil != nil }
            return Stage.outcome(validation, occasion)
        }
        let stage = stage
        try await player.play(stage, until: Stage.start + 100 * Stage.day, hanging: .asleep(2)) { wait in
            if !stage.recorded.isEmpty { end.finish() }
            return stage.recorded.isEmpty || wait.inHand > 0
        }
        #expect(try storedRuns.first == "orders slot \(Self.firstSlot) undecided: it took longer than 300.0 s")
        #expect(heldAtTheEnd.withLock { $0 } == true)
        #expect(try stage.ledger.scheduleStandings(now: clock.now).values.first?.heldUntil == nil)
    }

    /// A file system that doesn't answer: it costs a thread, and nobody else's turn.
    @Test func aRunThatNeverEndsIsLeftBehind() async throws {
        let (ends, end) = AsyncStream<Void>.makeStream()
        let hanging = HangingReads()
        let validations = [try SchedulerTests.validation("deaf", timeout: 5 * Stage.minute, retries: 2)]
        let player = stage.scheduler(
            validations + [try SchedulerTests.validation("well")], atOnce: 1, hanging: hanging
        ) { validation, occasion in
            if validation.suite == "deaf" { await Task { for await _ in ends { break } }.value }
            return Stage.outcome(validation, occasion)
        }
        let stage = stage
        try await player.play(stage, until: Stage.start + 100 * Stage.day, hanging: .asleep(2)) { wait in
            stage.recorded.count { $0.suite == "deaf" } < 3 || wait.inHand > 0
        }
        let stored = try storedRuns
        let deaf = stored.filter { $0.hasPrefix("deaf") }.map { $0.drop { $0 != ":" } }
        #expect(deaf[0] == ": it took longer than 300.0 s")
        #expect(deaf[1] == ": an earlier run still waits for the data, which doesn't come" && deaf[2] == deaf[1])
        #expect(stored.contains { $0.hasPrefix("well") && $0.hasSuffix("judged") })
        #expect(stage.events.count { if case .hangs = $0 { true } else { false } } == 1)
        #expect(hanging.count == 1 && hanging.excess == 0)
        #expect(try stage.ledger.scheduleStandings(now: stage.clock.now).values.allSatisfy { $0.heldUntil == nil })
        end.yield()
        while !stage.events.contains(where: { if case .answered = $0 { true } else { false } }) { await Task.yield() }
        #expect(hanging.count == 0)
        #expect(try storedRuns == stored)
    }

    @Test func stoppingLeavesBehindWhatHearsNothing() async throws {
        let (ends, end) = AsyncStream<Void>.makeStream()
        let player = stage.scheduler([try SchedulerTests.validation()]) { validation, occasion in
            await Task { for await _ in ends { break } }.value
            return Stage.outcome(validation, occasion)
        }
        try await player.play(stage, until: Stage.start + 90 * Stage.minute, hanging: .deaf) { $0.inHand == 0 }
        #expect(stage.slots.isEmpty)
        #expect(stage.events.contains { if case .hangs = $0 { true } else { false } })
        #expect(stage.events.contains { if case .abandoned = $0 { true } else { false } })
        #expect(try stage.ledger.scheduleStandings(now: stage.clock.now).values.first?.heldUntil == nil)
        end.finish()
    }

    @Test func undecidedRunsAreTriedAgain() async throws {
        let player = stage.scheduler([try SchedulerTests.validation(retries: 3)]) { validation, occasion in
            if occasion.attempt == 1 { throw Broken() }
            return Stage.outcome(validation, occasion, isUndecided: occasion.attempt < 3)
        }
        try await playUntilRecorded(player, hanging: .asleep(2))
        // Only the last attempt's result is stored, and it knows which attempt it was.
        let first = try stage.ledger.runs(limit: 10).last
        #expect(first?.id == "orders slot \(Self.firstSlot) judged" && first?.rowCount == 3)
        let pauses = stage.events.compactMap {
            if case .retrying(_, let reason, let pause) = $0 { (reason, pause) } else { nil }
        }
        #expect(pauses.prefix(2).map(\.0) == ["the disk is gone", "the run was undecided"])
        #expect((5_000_000...10_000_000).contains(pauses[0].1) && (10_000_000...20_000_000).contains(pauses[1].1))
    }

    /// What rests before another attempt is in nobody's way.
    @Test func otherRunsBeginWhileThoseRestThatFailed() async throws {
        let broken = try ["a", "b", "c"].map { try SchedulerTests.validation($0, retries: 3) }
        let player = stage.scheduler(broken + [try SchedulerTests.validation("sound")], atOnce: 1) {
            validation, occasion in
            guard validation.suite == "sound" else { throw Broken() }
            return Stage.outcome(validation, occasion)
        }
        let stage = stage
        try await player.play(stage, until: Stage.start + Stage.day, hanging: .asleep(2)) { wait in
            stage.recorded.count < 4 || wait.inHand > 0
        }
        #expect(stage.recorded.map(\.suite).first == "sound")
        #expect(Set(stage.recorded.map(\.suite)) == ["a", "b", "c", "sound"])
        let took = stage.events.compactMap { event -> Int64? in
            if case .recorded(let occasion, _, _, let took) = event, occasion.validation.suite == "sound" {
                took
            } else {
                nil
            }
        }
        #expect(took == [0])
        #expect(stage.mostAtOnce == 1)
    }

    @Test func aRestIsOverWhenTheSchedulerStops() async throws {
        let player = stage.scheduler([try SchedulerTests.validation(retries: 3)]) { _, _ in throw Broken() }
        let stage = stage
        try await player.play(stage, until: Stage.start + Stage.day, hanging: .asleep(2)) { wait in
            // Two tasks of the run sleep, besides the scheduler: it rests.
            !(wait.inHand == 1 && stage.events.contains { if case .retrying = $0 { true } else { false } })
        }
        let attempts = stage.events.count { if case .retrying = $0 { true } else { false } }
        #expect(attempts == 1)
        #expect(stage.clock.now == Self.firstSlot)
        #expect(stage.events.contains { if case .abandoned = $0 { true } else { false } })
        #expect(stage.recorded.isEmpty)
        #expect(try stage.ledger.scheduleStandings(now: stage.clock.now).values.first?.heldUntil == nil)
    }

    @Test func whatStaysUndecidedIsRecordedAsThat() async throws {
        let player = stage.scheduler([try SchedulerTests.validation(retries: 2)]) { _, _ in throw Broken() }
        try await playUntilRecorded(player, hanging: .asleep(2))
        let first = try stage.ledger.runs(limit: 10).last
        #expect(first?.id == "orders slot \(Self.firstSlot) undecided: the disk is gone")
        #expect(first?.rowCount == 3)
    }

    /// Another process had the slot in hand when it died: once its lease is over, the slot is done here.
    @Test func theDeadAreTakenOver() async throws {
        let id = Validation(suite: "orders", asset: "orders")
        let validation = try SchedulerTests.validation()
        let dead = try stage.ledger.transaction { transaction in
            try transaction.register([(id, "every 3600000000 UTC")], now: Stage.start)
            return try transaction.claim(
                id, for: .slot(Self.firstSlot, after: Stage.start), holder: "dead", now: Self.firstSlot,
                length: 30_000_000)
        }
        guard case .granted(let claim) = dead else { throw Broken() }
        stage.clock.set(to: Self.firstSlot + 1_000_000)
        let player = stage.scheduler([validation], pollEvery: 10_000_000)
        try await player.play(stage, until: Self.firstSlot + Stage.minute)
        #expect(stage.slots == [Self.firstSlot])
        let began = stage.events.compactMap { if case .started(let occasion) = $0 { occasion.at } else { nil } }
        #expect(began.first ?? 0 >= Self.firstSlot + 30_000_000)
        // It comes back and wants to store its result.
        let error = #expect(throws: LedgerError.self) {
            try stage.ledger.transaction { try $0.finish(claim, run: "dead", at: Self.firstSlot + Stage.minute) }
        }
        #expect(error?.code == "lease-lost")
    }

    @Test func aSlotThatKillsProcessesIsGivenUp() async throws {
        let id = Validation(suite: "orders", asset: "orders")
        try stage.ledger.transaction { transaction in
            try transaction.register([(id, "every 3600000000 UTC")], now: Stage.start)
            for number in 0..<3 {
                let now = Self.firstSlot + Int64(number) * Stage.minute
                _ = try transaction.claim(
                    id, for: .slot(Self.firstSlot, after: Stage.start), holder: "dead", now: now, length: 30_000_000)
            }
        }
        stage.clock.set(to: Self.firstSlot + 10 * Stage.minute)
        let player = stage.scheduler([try SchedulerTests.validation()]) { _, _ in throw Broken() }
        try await player.play(stage, until: Self.firstSlot + 20 * Stage.minute)
        #expect(
            try storedRuns == [
                "orders slot \(Self.firstSlot) undecided: 3 processes that had begun with it ended before it did"
            ])
    }

    /// The process stood still for longer than its lease, and another has taken over.
    @Test func whoLosesTheLeaseStoresNothing() async throws {
        let other = try Ledger(path: stage.path)
        let isStolen = Mutex(false)
        let clock = stage.clock
        let player = stage.scheduler([try SchedulerTests.validation()]) { validation, occasion in
            let steals = isStolen.withLock { isStolen in
                defer { isStolen = true }
                return !isStolen
            }
            if steals, case .slot(let slot) = occasion.trigger {
                let answer = try other.transaction {
                    try $0.claim(
                        validation.id, for: .slot(slot, after: Stage.start), holder: "thief",
                        now: clock.now + 11 * Stage.minute,
                        length: 30_000_000)
                }
                guard case .granted(let claim) = answer else { throw Broken() }
                try other.transaction { transaction in
                    try Stage.outcome(validation, occasion, note: "stolen").commit(transaction)
                    try transaction.finish(claim, run: "stolen", at: clock.now)
                }
            }
            return Stage.outcome(validation, occasion)
        }
        try await player.play(stage, until: Stage.start + 150 * Stage.minute)
        #expect(
            try storedRuns == [
                "orders slot \(Self.firstSlot) stolen", "orders slot \(Self.firstSlot + Stage.hour) judged",
            ])
        #expect(stage.events.contains { if case .leaseLost = $0 { true } else { false } })
    }

    @Test func whatCannotBeStoredIsTriedAgainLater() async throws {
        let failures = Mutex(2)
        let player = stage.scheduler([try SchedulerTests.validation()]) { validation, occasion in
            let fails = failures.withLock { left in
                defer { left -= 1 }
                return left > 0
            }
            let outcome = Stage.outcome(validation, occasion)
            return ScheduledOutcome(run: outcome.run, isUndecided: false) { transaction in
                try outcome.commit(transaction)
                if fails { throw Broken() }
            }
        }
        try await player.play(stage, until: Stage.start + 90 * Stage.minute)
        #expect(try storedRuns == ["orders slot \(Self.firstSlot) judged"])
        let times = stage.events.compactMap { if case .started(let occasion) = $0 { occasion.at } else { nil } }
        #expect(times.count == 3 && times[1] - times[0] >= 30_000_000 && times[2] - times[1] >= 60_000_000)
    }

    /// Stopped, it lets a run come to its end; a run that doesn't is cancelled, and done by whoever comes next.
    @Test(arguments: [true, false]) func stopping(_ isInTime: Bool) async throws {
        let clock = stage.clock
        let length: Int64 = isInTime ? 10_000_000 : 60 * Stage.minute
        let validations = [try SchedulerTests.validation()]
        let player = stage.scheduler(validations, judge: SchedulerTests.taking(length, clock))
        try await player.play(stage, until: Stage.start + 90 * Stage.minute, hanging: .asleep(2)) { $0.inHand == 0 }
        #expect(stage.slots == (isInTime ? [Self.firstSlot] : []))
        #expect(stage.events.contains { if case .abandoned = $0 { true } else { false } } == !isInTime)
        #expect(try stage.ledger.scheduleStandings(now: clock.now).values.first?.heldUntil == nil)
        try await stage.scheduler(validations, holder: "two").play(stage, until: clock.now + 5 * Stage.minute)
        #expect(stage.slots == [Self.firstSlot])
    }

    @Test func aCancelledSchedulerEndsAtOnce() async throws {
        let clock = stage.clock
        let player = stage.scheduler([try SchedulerTests.validation()], judge: SchedulerTests.taking(.max / 2, clock))
        let scheduler = player.scheduler
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await scheduler.run() }
            for await case .waits(let wait) in player.signs {
                if wait.inHand > 0 { break }
                clock.set(to: max(clock.now, wait.until))
            }
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(stage.slots.isEmpty)
        #expect(try stage.ledger.scheduleStandings(now: clock.now).values.first?.heldUntil == nil)
    }
}
