import Ledger
import Schedules
import Service
import Synchronization
import Testing

/// A scheduler that is left ends what it has in hand, while another one of the process goes on.
@Suite(.timeLimit(.minutes(20))) struct SchedulerLeavingTests {
    private let stage: Stage
    private let places = RunPlaces()
    private let begun = AsyncStream<String>.makeStream()
    private let gate = AsyncStream<Never>.makeStream()

    init() throws { stage = try Stage() }

    /// Two validations that run when they are asked for; the slow one until the gate opens.
    private func scheduler(atOnce: Int) throws -> Scheduler {
        let validations = try ["slow", "quick"].map { try SchedulerTests.validation($0, .manual) }
        return stage.scheduler(validations, pollEvery: Stage.minute, atOnce: atOnce, places: places) {
            [begun, gate] validation, occasion in
            begun.continuation.yield(validation.suite)
            if validation.suite == "slow" { for await _ in gate.stream {} }
            return Stage.outcome(validation, occasion)
        }.scheduler
    }

    private func trigger(_ suite: String, _ scheduler: Scheduler) async throws {
        // Requests of one process differ by their times.
        stage.clock.set(to: stage.clock.now + 1)
        #expect(try await scheduler.trigger(Validation(suite: suite, asset: suite), actor: "anna") != nil)
    }

    private func suites(_ count: Int) async -> [String] {
        var suites: [String] = []
        for await suite in begun.stream {
            suites.append(suite)
            if suites.count == count { break }
        }
        return suites
    }

    @Test func whatIsInHandHoldsUpNobodyAndRunsOnce() async throws {
        let (old, new) = (try scheduler(atOnce: 2), try scheduler(atOnce: 2))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await old.run() }
            try await trigger("slow", old)
            #expect(await suites(1) == ["slow"])
            await old.leave()
            group.addTask { try await new.run() }
            // Asked for again, the slow one waits for its own end, and holds up nobody.
            try await trigger("slow", new)
            try await trigger("quick", new)
            #expect(await suites(1) == ["quick"])
            gate.continuation.finish()
            try await group.next()
            #expect(stage.recorded.map(\.suite).contains("slow"))
            stage.clock.set(to: stage.clock.now + Stage.minute)
            #expect(await suites(1) == ["slow"])
            await new.stop()
            try await group.waitForAll()
        }
        #expect(stage.recorded.map(\.suite).sorted() == ["quick", "slow", "slow"] && stage.mostAtOnce == 2)
    }

    @Test func bothTogetherRunNoMoreThanAreAllowed() async throws {
        let (old, new) = (try scheduler(atOnce: 1), try scheduler(atOnce: 1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await old.run() }
            try await trigger("slow", old)
            #expect(await suites(1) == ["slow"])
            await old.leave()
            group.addTask { try await new.run() }
            try await trigger("quick", new)
            gate.continuation.finish()
            try await group.next()
            stage.clock.set(to: stage.clock.now + Stage.minute)
            #expect(await suites(1) == ["quick"])
            await new.stop()
            try await group.waitForAll()
        }
        #expect(stage.recorded.map(\.suite) == ["slow", "quick"] && stage.mostAtOnce == 1)
    }

    /// Left and stopped, it gives up what doesn't end in its time.
    @Test func stoppedItWaitsNoLongerThanItsGrace() async throws {
        let old = try scheduler(atOnce: 1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await old.run() }
            try await trigger("slow", old)
            #expect(await suites(1) == ["slow"])
            await old.leave()
            await old.stop()
            stage.clock.whenSleepersChange { [clock = stage.clock] in
                // Whatever it waits for comes.
                Task { if let first = clock.sleepers.first { clock.set(to: max(clock.now, first)) } }
            }
            stage.clock.set(to: stage.clock.now + Stage.minute)
            try await group.waitForAll()
        }
        #expect(stage.recorded.isEmpty)
    }
}
