import Ledger
import Schedules
import Service
import Synchronization
import Testing

/// Runs that people, pipelines and changes of the data give occasion for, and schedulers that share a ledger.
@Suite(.timeLimit(.minutes(20))) struct SchedulerTriggerTests {
    private let stage: Stage

    init() throws { stage = try Stage() }

    private final class Once: Sendable {
        private let isDone = Mutex(false)
        var isFirst: Bool {
            isDone.withLock { isDone in
                defer { isDone = true }
                return !isDone
            }
        }
    }

    @Test func peopleAsk() async throws {
        let validation = try SchedulerTests.validation("orders", .manual)
        let player = stage.scheduler([validation])
        let once = Once()
        let id = Mutex<String?>(nil)
        try await player.play(stage, until: Stage.start + Stage.hour) { _ in
            if once.isFirst {
                #expect(try await player.scheduler.trigger(Validation(suite: "x", asset: "y"), actor: "ada") == nil)
                let request = try await player.scheduler.trigger(validation.id, actor: "ada")
                id.withLock { $0 = request }
            }
            return true
        }
        #expect(stage.recorded.count == 1 && stage.slots.isEmpty)
        let request = try stage.ledger.request(id: try #require(id.withLock { $0 }))
        #expect(
            request?.state == .finished && request?.actor == "ada" && request?.run?.hasPrefix("orders ") == true)
    }

    /// As `assay trigger` does it: another process writes a row.
    @Test func anotherProcessAsks() async throws {
        let validation = try SchedulerTests.validation("orders", .manual)
        let other = try Ledger(path: stage.path)
        _ = try other.transaction {
            try $0.request(RunRequest(id: "q", validation: validation.id, actor: "ada", requestedAt: Stage.start))
        }
        try await stage.scheduler([validation]).play(stage, until: Stage.start + Stage.hour)
        #expect(try other.request(id: "q")?.state == .finished && stage.recorded.count == 1)
    }

    /// Three batches while one run is going, and it runs once more.
    @Test func pipelinesCommit() async throws {
        let validation = try SchedulerTests.validation("orders", .manual, after: ["clicks"])
        let other = try SchedulerTests.validation("other", .manual)
        let (goes, go) = AsyncStream<Void>.makeStream()
        let isFirstRun = Once()
        let player = stage.scheduler([validation, other]) { validation, occasion in
            if isFirstRun.isFirst { for await _ in goes { break } }
            return Stage.outcome(validation, occasion, note: occasion.requests.first?.id ?? "")
        }
        let (begins, isDuring) = (Once(), Once())
        try await player.play(stage, until: Stage.start + Stage.hour) { wait in
            if begins.isFirst {
                try await player.scheduler.follow(Self.mark(1, of: "other"), isNews: true)
                try await player.scheduler.follow(Self.mark(1), isNews: true)
            }
            if wait.inHand > 0, isDuring.isFirst {
                for batch in 2...4 { try await player.scheduler.follow(Self.mark(batch), isNews: true) }
                go.yield()
            }
            return true
        }
        #expect(stage.recorded.map(\.suite) == ["orders", "orders"])
        #expect(try stage.ledger.requests(limit: 9).map(\.origin) == [.pipeline("clicks"), .pipeline("clicks")])
    }

    private static func mark(_ batch: Int, of pipeline: String = "clicks", state: String = "a") -> PipelineMark {
        PipelineMark(pipeline: pipeline, state: batch == 0 ? "" : state, batch: batch)
    }

    /// What is told of a pipeline again and again makes a run where it has come further than it had when a run was last asked for.
    @Test(arguments: [
        ([mark(0), mark(0), mark(1), mark(1)], 1), ([mark(7), mark(7)], 0), ([mark(7), mark(9), mark(9)], 1),
        // It began anew, and another project has one of the same name.
        ([mark(7), mark(2, state: "b"), mark(7), mark(2, state: "b")], 1),
    ])
    func pipelinesAreFollowed(_ marks: [PipelineMark], _ count: Int) async throws {
        let validation = try SchedulerTests.validation("orders", .manual, after: ["clicks"])
        let player = stage.scheduler([validation])
        let left = Mutex(ArraySlice(marks))
        try await player.play(stage, until: Stage.start + Stage.hour) { wait in
            if wait.inHand == 0, let mark = left.withLock({ $0.popFirst() }) { try await player.scheduler.follow(mark) }
            return true
        }
        #expect(stage.recorded.count == count && left.withLock { $0.isEmpty })
    }

    @Test func dataChanges() async throws {
        let clock = stage.clock
        let validation = try SchedulerTests.validation("orders", .manual, watch: Stage.minute)
        // Another version each twenty minutes, of which the first is the one that is known.
        let player = stage.scheduler(
            [validation], pollEvery: Stage.minute,
            fingerprint: { _ in "v\((clock.now - Stage.start) / (20 * Stage.minute))" })
        try await player.play(stage, until: Stage.start + 90 * Stage.minute)
        #expect(stage.recorded.count == 4)
        #expect(try stage.ledger.scheduleStandings(now: 0)[validation.id]?.watched == "v4")
    }

    @Test func dataThatChangedWhileNobodyWasThere() async throws {
        let validation = try SchedulerTests.validation("orders", .manual, watch: Stage.minute)
        try await stage.scheduler([validation], pollEvery: Stage.minute, fingerprint: { _ in "v1" }).play(
            stage, until: Stage.start + Stage.hour)
        #expect(stage.recorded.isEmpty)
        try await stage.scheduler([validation], holder: "two", pollEvery: Stage.minute, fingerprint: { _ in "v2" })
            .play(stage, until: Stage.start + 2 * Stage.hour)
        #expect(stage.recorded.count == 1)
    }

    /// What a process does whose clock is ahead isn't undone, or it would do it again at once.
    @Test func aProcessWhoseClockIsAheadIsLeftAlone() async throws {
        let stage = stage
        let validation = try SchedulerTests.validation("orders", .every(Stage.minute))
        let other = try Ledger(path: stage.path, timeoutSeconds: 30)
        let done = Mutex(0)
        try await stage.scheduler([validation], pollEvery: Stage.minute / 6).play(
            stage, until: Stage.start + 20 * Stage.minute
        ) { wait in
            let now = stage.clock.now + 5 * Stage.minute
            let slot = now / Stage.minute * Stage.minute
            guard wait.inHand == 0, let last = try other.scheduleStandings(now: now)[validation.id]?.lastSlot,
                last < slot
            else { return true }
            try other.transaction { transaction in
                let answer = try transaction.claim(
                    validation.id, for: .slot(slot, after: last), holder: "ahead", now: now, length: 1)
                guard case .granted(let claim) = answer else { return }
                try transaction.finish(claim, run: nil, at: now)
                done.withLock { $0 += 1 }
            }
            return true
        }
        #expect((20...24).contains(done.withLock { $0 }) && stage.recorded.count <= 2)
        #expect(stage.events.filter { if case .clocksDiffer = $0 { true } else { false } }.count == 1)
    }

    /// Until when each of two schedulers has nothing to do.
    private final class Idle: Sendable {
        private let times = Mutex<[Int64]>([.min, .min])

        /// Has the clock go on to when the first of them has something to do again, unless one of them is at work.
        func note(_ wait: Wait, of index: Int, _ clock: SimulatedClock, atMostTo end: Int64) {
            times.withLock { times in
                times[index] = wait.inHand == 0 ? wait.until : .min
                guard let first = times.min(), first > clock.now else { return }
                clock.set(to: min(first, end))
            }
        }
    }

    /// Two schedulers with ledgers of their own over one file: each slot is done once, by either.
    @Test func twoShareOneLedger() async throws {
        let stage = stage
        let validations = try (0..<4).map { try SchedulerTests.validation("s\($0)") }
        let end = Stage.start + 3 * Stage.day
        let players = try ["one", "two"].map { holder in
            stage.scheduler(
                validations, holder: holder, ledger: try Ledger(path: stage.path, timeoutSeconds: 30),
                pollEvery: Stage.hour / 4)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            // Both must be idle before the clock goes on.
            let idle = Idle()
            for (index, player) in players.enumerated() {
                group.addTask { try await player.scheduler.run() }
                group.addTask {
                    for await case .waits(let wait) in player.signs {
                        idle.note(wait, of: index, stage.clock, atMostTo: end)
                        if stage.clock.now >= end { break }
                    }
                    for player in players {
                        await player.scheduler.stop()
                        player.signal.finish()
                    }
                }
            }
            try await group.waitForAll()
        }
        let runs = try stage.ledger.runs(limit: 10_000).map(\.id)
        let expected = validations.flatMap { validation in
            validation.schedule.slots(after: Stage.start, through: end - 1, limit: 1_000).map {
                "\(validation.suite) slot \($0) judged"
            }
        }
        #expect(Set(runs).count == runs.count && Set(runs) == Set(expected))
        #expect(stage.recorded.count == runs.count)
    }
}
