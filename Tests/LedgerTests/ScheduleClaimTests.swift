import Foundation
import Ledger
import TestSupport
import Testing

@Suite struct ScheduleClaimTests {
    private let scratch: Scratch
    private let ledger: Ledger
    static let orders = Validation(suite: "orders", asset: "silver.orders")

    init() throws {
        scratch = try Scratch()
        ledger = try Ledger(path: scratch.path())
        try ledger.transaction { try $0.register([(Self.orders, "hourly")], now: 10) }
    }

    private func claim(_ cause: ScheduleClaim.Cause, by holder: String = "one", now: Int64) throws
        -> ScheduleClaim.Answer
    {
        try ledger.transaction { try $0.claim(Self.orders, for: cause, holder: holder, now: now, length: 100) }
    }

    private func granted(_ cause: ScheduleClaim.Cause, by holder: String = "one", now: Int64) throws -> ScheduleClaim {
        guard case .granted(let claim) = try claim(cause, by: holder, now: now) else {
            throw LedgerError(code: "refused", message: "not granted", place: "")
        }
        return claim
    }

    private var standing: ScheduleStanding? {
        get throws { try ledger.scheduleStandings(now: 10_000)[Self.orders] }
    }

    @Test func aSlotIsDoneOnce() throws {
        let first = try granted(.slot(20, after: 10), now: 21)
        #expect(first.attempts == 1 && first.requests.isEmpty)
        #expect(try claim(.slot(20, after: 10), by: "two", now: 22) == .held(until: 121))
        try ledger.transaction { transaction in
            try transaction.record(Samples.run("r1"))
            try transaction.finish(first, run: "r1", at: 30)
        }
        #expect(try claim(.slot(20, after: 10), by: "two", now: 31) == .done)
        #expect(try standing?.lastSlot == 20 && standing?.heldUntil == nil)
        #expect(try granted(.slot(30, after: 20), by: "two", now: 32).lease.epoch == 2)
    }

    @Test func whoDiedIsTakenOverAndCommitsNothing() throws {
        let dead = try granted(.slot(20, after: 10), now: 21)
        let heir = try granted(.slot(20, after: 10), by: "two", now: 121)
        #expect(heir.attempts == 2 && heir.lease.epoch == 2)
        let error = #expect(throws: LedgerError.self) {
            try ledger.transaction { transaction in
                try transaction.record(Samples.run("dead"))
                try transaction.finish(dead, run: "dead", at: 122)
            }
        }
        #expect(error?.code == "lease-lost")
        // Neither does it take anything from the heir.
        _ = try ledger.transaction { try $0.abandon(dead) }
        try ledger.transaction { try $0.finish(heir, run: nil, at: 123) }
        #expect(try ledger.runs(limit: 9).isEmpty && standing?.lastSlot == 20)
    }

    @Test func abandoningLeavesNoTrace() throws {
        let first = try granted(.slot(20, after: 10), now: 21)
        _ = try ledger.transaction { try $0.abandon(first) }
        #expect(try standing?.lastSlot == 10)
        #expect(try granted(.slot(20, after: 10), by: "two", now: 22).attempts == 1)
    }

    @Test func slotsThatArePassedOver() throws {
        #expect(try ledger.transaction { try $0.passOver(50, of: Self.orders, after: 10) })
        #expect(try ledger.transaction { try $0.passOver(60, of: Self.orders, after: 10) } == false)
        #expect(try standing?.lastSlot == 50 && claim(.slot(60, after: 10), now: 61) == .done)
    }

    @Test func whatIsDoneIsRememberedWhereTheClockIsSetBack() throws {
        for slot: Int64 in [20, 30, 40] {
            let claim = try granted(.slot(slot, after: slot - 10), now: slot + 1)
            try ledger.transaction { try $0.finish(claim, run: nil, at: slot + 2) }
        }
        _ = try ledger.transaction { try $0.passOver(25, of: Self.orders, after: 40) }
        #expect(try claim(.slot(30, after: 25), now: 31) == .done)
        #expect(try standing?.lastSlot == 30)
    }

    @Test func whatAWrongClockDidIsForgotten() throws {
        for slot: Int64 in [20, 30, 40] {
            let claim = try granted(.slot(slot, after: slot - 10), now: slot + 1)
            try ledger.transaction { try $0.finish(claim, run: nil, at: slot + 2) }
        }
        #expect(try ledger.transaction { try $0.goBack(to: 25, of: Self.orders, after: 30) } == false)
        #expect(try ledger.transaction { try $0.goBack(to: 25, of: Self.orders, after: 40) })
        #expect(try granted(.slot(30, after: 25), now: 31).attempts == 1)
    }

    @Test func onlySoManySlotsAreKept() throws {
        var last: Int64 = 10
        for slot: Int64 in 11...1_040 {
            let claim = try granted(.slot(slot, after: last), now: slot)
            try ledger.transaction { try $0.finish(claim, run: nil, at: slot) }
            last = slot
        }
        // The oldest are forgotten, the newest are not.
        _ = try ledger.transaction { try $0.passOver(0, of: Self.orders, after: last) }
        #expect(try claim(.slot(50, after: 0), now: 5_000) == .done)
        #expect(try granted(.slot(30, after: 50), now: 5_000).attempts == 1)
    }

    @Test func anotherScheduleCountsFromNow() throws {
        try ledger.transaction { try $0.register([(Self.orders, "hourly")], now: 500) }
        #expect(try standing?.lastSlot == 10)
        try ledger.transaction { try $0.register([(Self.orders, "daily")], now: 600) }
        #expect(try standing?.lastSlot == 600)
    }

    @Test func changesOfTheData() throws {
        try ledger.transaction { try $0.noteWatched("v1", of: Self.orders) }
        #expect(try claim(.change(fingerprint: "v1"), now: 20) == .done)
        let first = try granted(.change(fingerprint: "v2"), now: 21)
        try ledger.transaction { try $0.finish(first, run: "r1", fingerprint: "v2", at: 22) }
        #expect(try claim(.change(fingerprint: "v2"), by: "two", now: 23) == .done)
        try ledger.transaction { try $0.noteWatched("v9", of: Self.orders) }
        #expect(try standing?.watched == "v2" && standing?.lastSlot == 10)
    }

    @Test func requestsAreAnsweredByOneRun() throws {
        #expect(try claim(.request, now: 20) == .done)
        try ledger.transaction { transaction in
            for id in ["q1", "q2"] {
                try transaction.request(RunRequest(id: id, validation: Self.orders, actor: "ada", requestedAt: 20))
            }
        }
        #expect(try standing?.hasRequests == true)
        let claim = try granted(.request, now: 21)
        #expect(claim.requests.map(\.id) == ["q1", "q2"])
        #expect(try ledger.scheduleStandings(now: 50)[Self.orders]?.hasRequests == false)
        // One that comes while it runs waits for the next.
        _ = try ledger.transaction {
            try $0.request(RunRequest(id: "q3", validation: Self.orders, actor: "ada", requestedAt: 22))
        }
        try ledger.transaction { try $0.finish(claim, run: "r1", at: 30) }
        let states = try ["q1", "q2", "q3"].map { try ledger.request(id: $0)?.state }
        #expect(states == [.finished, .finished, .waiting])
        #expect(try ledger.request(id: "q1")?.run == "r1" && ledger.request(id: "q1")?.finishedAt == 30)
    }

    @Test func onlySoManyRequestsAreKept() throws {
        try ledger.transaction { transaction in
            for number in 0..<1_100 {
                try transaction.request(
                    RunRequest(id: "q\(number)", validation: Self.orders, actor: "ada", requestedAt: 20))
            }
        }
        let claim = try granted(.request, now: 21)
        #expect(claim.requests.count == 1_100)
        try ledger.transaction { try $0.finish(claim, run: nil, at: 30) }
        #expect(try ledger.requests(limit: 9_999).count == 1_000 && ledger.request(id: "q1099") != nil)
    }

    @Test func requestsOfTheDeadGoToTheHeir() throws {
        _ = try ledger.transaction {
            try $0.request(RunRequest(id: "q1", validation: Self.orders, actor: "ada", requestedAt: 20))
        }
        _ = try granted(.request, now: 21)
        #expect(try ledger.scheduleStandings(now: 100)[Self.orders]?.hasRequests == false)
        #expect(try ledger.scheduleStandings(now: 121)[Self.orders]?.hasRequests == true)
        let heir = try granted(.request, by: "two", now: 121)
        #expect(heir.requests.map(\.id) == ["q1"])
        _ = try ledger.transaction { try $0.abandon(heir) }
        #expect(try ledger.request(id: "q1")?.state == .waiting)
    }

    @Test func pipelinesAskOnceWhileTheyWait() throws {
        func ask(_ id: String, _ pipeline: String) throws -> Bool {
            try ledger.transaction {
                try $0.request(
                    RunRequest(
                        id: id, validation: Self.orders, origin: .pipeline(pipeline), actor: "assay", requestedAt: 1))
            }
        }
        #expect(try [ask("1", "a"), ask("2", "a"), ask("3", "b")] == [true, false, true])
        let claim = try granted(.slot(20, after: 10), now: 21)
        #expect(claim.requests.map(\.origin) == [.pipeline("a"), .pipeline("b")])
        #expect(try ask("4", "a") && !ask("5", "a"))
        let error = #expect(throws: LedgerError.self) { try ask("4", "c") }
        #expect(error?.code == "duplicate-request")
    }

    /// Two ledgers over one file, each on its own threads, want every slot.
    @Test func ofManyWhoAskOneIsGranted() async throws {
        let path = scratch.path()
        let done = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for number in 0..<4 {
                group.addTask { @concurrent in
                    let ledger = try Ledger(path: path, timeoutSeconds: 30)
                    var done: [Int64] = []
                    for slot: Int64 in 11...60 {
                        let answer = try ledger.transaction {
                            try $0.claim(
                                Self.orders, for: .slot(slot, after: slot - 1), holder: "\(number)", now: slot,
                                length: 1_000)
                        }
                        if case .granted(let claim) = answer {
                            try ledger.transaction { try $0.finish(claim, run: nil, at: slot) }
                            done.append(slot)
                        } else {
                            // Until whoever has it is through.
                            while try (ledger.scheduleStandings(now: 0)[Self.orders]?.lastSlot ?? 0) < slot {
                                await Task.yield()
                            }
                        }
                    }
                    return done
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(done.sorted() == Array(11...60))
    }

    /// A process of its own claims a slot and is killed before it is through.
    @Test func aKilledProcessIsTakenOver() async throws {
        let path = scratch.path()
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
            let ledger = try Ledger(path: path)
            let answer = try ledger.transaction {
                try $0.claim(Self.orders, for: .slot(20, after: 10), holder: "killed", now: 21, length: 100)
            }
            guard case .granted(let claim) = answer else { return }
            try ledger.transaction { transaction in
                try transaction.record(Samples.run("r1"))
                try transaction.finish(claim, run: "r1", at: 30)
                kill(getpid(), SIGKILL)
            }
        }
        #expect(try claim(.slot(20, after: 10), by: "two", now: 120) == .held(until: 121))
        let heir = try granted(.slot(20, after: 10), by: "two", now: 121)
        #expect(heir.attempts == 2)
        try ledger.transaction { transaction in
            try transaction.record(Samples.run("r1"))
            try transaction.finish(heir, run: "r1", at: 130)
        }
        #expect(try ledger.runs(limit: 9).map(\.id) == ["r1"])
    }
}
