import Expectations
import Ledger
import Schedules
import Service
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(20))) struct SchedulerTests {
    private let stage: Stage

    init() throws { stage = try Stage() }

    static func validation(
        _ suite: String = "orders", _ cadence: Cadence = .every(Stage.hour), zone: ScheduleZone = .utc,
        jitter: Int64 = 0,
        catchUp: CatchUp = .latest, timeout: Int64? = nil, retries: Int = 0, after: [String] = [], watch: Int64? = nil
    ) throws -> ScheduledValidation {
        try ScheduledValidation(
            suite: suite, asset: suite, schedule: Schedule(cadence, zone: zone, jitter: jitter), catchUp: catchUp,
            timeout: timeout, retries: RetryPolicy(retries: retries), after: after, watch: watch)
    }

    /// A judge that takes its time.
    static func taking(_ time: Int64, _ clock: SimulatedClock) -> Stage.Judge {
        { validation, occasion in
            try await clock.sleep(until: clock.now + time)
            return Stage.outcome(validation, occasion)
        }
    }

    @Test func twoMonthsOfSlots() async throws {
        let berlin = try ScheduleZone("Europe/Berlin")
        let validations = [
            try Self.validation("often", .every(6 * Stage.hour), jitter: Stage.hour),
            try Self.validation("mornings", .cron(Cron("0 6 * * MON-FRI")), zone: berlin),
            try Self.validation("never", .manual),
        ]
        let end = Stage.start + 61 * Stage.day
        try await stage.scheduler(validations, pollEvery: Stage.day).play(stage, until: end)
        for validation in validations {
            let done = stage.recorded.filter { $0.suite == validation.suite }.compactMap(\.slot)
            var expected = validation.schedule.slots(after: Stage.start, through: end, limit: 10_000)
            // The last one's jitter may go beyond the end.
            expected.removeAll {
                validation.schedule.due($0, for: "often\u{1F}often") >= end && validation.suite == "often"
            }
            #expect(done == expected)
        }
        #expect(try stage.ledger.runs(limit: 10_000).count == stage.recorded.count)
        #expect(stage.recorded.count > 280)
    }

    /// As where a service reads its project again while a run is going on.
    @Test func whatBecomesDueBetweenTwoSchedulersOfAProcessIsLateAndNotMissed() async throws {
        let validation = try Self.validation("orders", .every(Stage.minute), catchUp: .none)
        let attendance = Attendance()
        try await stage.scheduler([validation], attendance: attendance).play(
            stage, until: Stage.start + Stage.minute / 3)
        stage.clock.set(to: Stage.start + 45_000_000)
        try await stage.scheduler([validation], attendance: attendance).play(
            stage, until: Stage.start + Stage.minute)
        #expect(stage.slots == [Stage.start + Stage.minute / 2])
    }

    /// As another process does where no project has them, as far as it knows.
    @Test func whatWasForgottenIsDueAgain() async throws {
        let validation = try Self.validation()
        let isForgotten = Mutex(false)
        let player = stage.scheduler([validation])
        try await player.play(stage, until: Stage.start + 3 * Stage.hour) { [stage] _ in
            if !isForgotten.withLock({ $0 }) {
                try stage.ledger.transaction { try $0.forgetUndeclaredSchedules() }
                isForgotten.withLock { $0 = true }
            }
            return true
        }
        #expect(stage.slots.count == 3)
    }

    @Test func upstreamIsJudgedFirst() async throws {
        let validations = try ["gold", "silver", "bronze"].map { try Self.validation($0) }
        let edges = [
            AssetEdge(upstream: "bronze", downstream: "silver"), AssetEdge(upstream: "silver", downstream: "gold"),
        ]
        let player = stage.scheduler(validations, edges: edges, atOnce: 9)
        try await player.play(stage, until: Stage.start + 3 * Stage.hour)
        #expect(
            stage.recorded.map(\.suite) == [
                "bronze", "silver", "gold", "bronze", "silver", "gold", "bronze", "silver", "gold",
            ])
        #expect(stage.mostAtOnce == 1)
    }

    @Test func noMoreThanSoManyAtOnce() async throws {
        let validations = try (0..<8).map { try Self.validation("s\($0)") }
        let clock = stage.clock
        let player = stage.scheduler(
            validations, atOnce: 3, judge: Self.taking(Stage.minute, clock))
        try await player.play(stage, until: Stage.start + 90 * Stage.minute, hanging: .asleep(2))
        #expect(stage.mostAtOnce == 3)
        #expect(Set(stage.recorded.map(\.suite)).count == 8)
    }

    @Test func noValidationOverlapsItself() async throws {
        let clock = stage.clock
        let player = stage.scheduler(
            [try Self.validation()], atOnce: 9, judge: Self.taking(150 * Stage.minute, clock)
        )
        try await player.play(stage, until: Stage.start + 12 * Stage.hour, hanging: .asleep(2))
        #expect(stage.mostAtOnce == 1)
        // One at a time, and of those that became due meanwhile the latest.
        #expect(stage.slots.map { ($0 - Stage.start + 30_000_000) / Stage.hour } == [1, 3, 6, 8])
        #expect(stage.events.contains { if case .passedOver(_, let count, _, _) = $0 { count >= 1 } else { false } })
    }

    @Test(arguments: CatchUp.allCases) func whatWasMissedWhileNobodyWasThere(_ catchUp: CatchUp) async throws {
        let validations = [try Self.validation(catchUp: catchUp)]
        try await stage.scheduler(validations).play(stage, until: Stage.start + 2 * Stage.hour)
        #expect(stage.slots.count == 2)
        let back = Stage.start + 12 * Stage.hour
        stage.clock.set(to: back)
        try await stage.scheduler(validations, holder: "two").play(stage, until: back + Stage.hour)
        let hours = stage.slots.map { ($0 - Stage.start + 30_000_000) / Stage.hour }
        switch catchUp {
        case .latest: #expect(hours == [1, 2, 12, 13])
        case .all: #expect(hours == Array(1...13))
        case .none: #expect(hours == [1, 2, 13])
        }
    }

    @Test func aClockThatWentAheadIsNoticed() async throws {
        let player = stage.scheduler([try Self.validation(catchUp: .none)])
        let clock = stage.clock
        let hasJumped = Mutex(false)
        try await player.play(stage, until: Stage.start + 12 * Stage.hour) { wait in
            let jumps = hasJumped.withLock { hasJumped in
                defer { hasJumped = hasJumped || clock.now > Stage.start + 2 * Stage.hour }
                return !hasJumped && clock.now > Stage.start + 2 * Stage.hour
            }
            if jumps, wait.inHand == 0 { clock.set(to: Stage.start + 8 * Stage.hour + Stage.minute) }
            return true
        }
        let hours = stage.slots.map { ($0 - Stage.start + 30_000_000) / Stage.hour }
        #expect(!hours.contains(5) && !hours.contains(8) && hours.suffix(2) == [11, 12])
        #expect(stage.events.contains { if case .clockWentAhead = $0 { true } else { false } })
    }

    /// Cron lines wait, and that is told; intervals go on.
    @Test func aClockThatIsSetBackByHours() async throws {
        let validations = [
            try Self.validation("cron", .cron(Cron("0 * * * *"))), try Self.validation("interval"),
        ]
        let turn = Stage.start + Stage.day
        try await stage.scheduler(validations).play(stage, until: turn)
        #expect(stage.slots.count == 48)
        stage.clock.set(to: turn - 5 * Stage.hour)
        let second = stage.scheduler(validations, holder: "two") { Stage.outcome($0, $1, note: "judged again") }
        try await second.play(stage, until: turn + 2 * Stage.hour)
        let after = stage.recorded.dropFirst(48)
        #expect(after.count { $0.suite == "interval" } == 7 && after.count { $0.suite == "cron" } == 2)
        let told = stage.events.filter { if case .clockIsBehind = $0 { true } else { false } }
        #expect(told == [.clockIsBehind(validations: 1, until: turn - 30_000_000)])
    }

    @Test(arguments: [5 * Stage.hour, 3 * Stage.day]) func aWrongClockStopsNoInterval(_ distance: Int64) async throws {
        let validations = [try Self.validation()]
        let turn = Stage.start + 4 * Stage.day
        try await stage.scheduler(validations).play(stage, until: turn)
        stage.clock.set(to: turn - distance)
        let second = stage.scheduler(validations, holder: "two") { Stage.outcome($0, $1, note: "judged again") }
        try await second.play(stage, until: turn)
        #expect(stage.slots.dropFirst(96).count == Int(distance / Stage.hour))
        #expect(Array(stage.slots.dropFirst(96)) == Array(stage.slots[(96 - Int(distance / Stage.hour))..<96]))
    }

    @Test func aClockThatIsSetBackRepeatsNothing() async throws {
        let validations = [try Self.validation()]
        let turn = Stage.start + 4 * Stage.day
        try await stage.scheduler(validations).play(stage, until: turn)
        let before = stage.slots
        #expect(before.count == 96)
        stage.clock.set(to: turn - Stage.hour)
        try await stage.scheduler(validations, holder: "two").play(stage, until: turn + 2 * Stage.hour)
        #expect(Array(stage.slots.prefix(96)) == before)
        // What was done is not done again, and then it goes on as ever.
        #expect(stage.slots.count == 98 && Set(stage.slots).count == 98)
    }

    @Test func aClockThatWasYearsAheadIsForgotten() async throws {
        let validations = [try Self.validation()]
        stage.clock.set(to: Stage.start + 2_000 * Stage.day)
        try await stage.scheduler(validations).play(stage, until: Stage.start + 2_000 * Stage.day + 2 * Stage.hour)
        #expect(stage.slots.count == 2)
        stage.clock.set(to: Stage.start)
        try await stage.scheduler(validations, holder: "two").play(stage, until: Stage.start + 5 * Stage.hour)
        #expect(stage.slots.count == 7)
    }
}
