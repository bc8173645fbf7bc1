import Expectations
import Ledger
import Suites
import Tables
import TestSupport
import Testing

@testable import Alerts

/// Runs, alerts and messages in the ledger: together or not at all.
@Suite struct DeskTests {
    static let hour = AlertBench.hour
    let scratch: Scratch
    let ledger: Ledger
    let desk = AlertDesk(routes: [AlertBench.route("team", remindEvery: 24)])
    let policy = AlertPolicy(routes: ["team"])

    init() throws {
        scratch = try Scratch()
        ledger = try Ledger(path: scratch.path())
    }

    @discardableResult
    private func take(_ id: String, _ outcome: Outcome, hour: Int64) throws -> [AlertMessage] {
        let run = SignalTests.run(
            id, results: [SignalTests.result("a", outcome), SignalTests.result("b", .passed)], at: hour * Self.hour)
        return try ledger.transaction { transaction in
            try transaction.record(run, report: "\(id).html")
            return try desk.take(run, report: "\(id).html", policy: policy, at: hour * Self.hour, in: transaction)
        }
    }

    @Test func aRunAndItsAlertsAreStoredTogether() throws {
        try take("run-1", .passed, hour: 1)
        #expect(try ledger.unsettledAlertSubjects().isEmpty)
        let message = try #require(try take("run-2", .failed, hour: 2).first)
        #expect(message.run == "run-2")
        #expect(message.report == "run-2.html")
        let open = try #require(try ledger.unsettledAlertSubjects().first)
        #expect(open.incident?.id == message.incident)
        #expect(
            open.incident?.threads["team"]
                == .init(
                    key: message.thread, opening: AlertWording.headline(message), sequence: 1, toldAt: 2 * Self.hour,
                    since: 2 * Self.hour))
        #expect(open.alerts["a"]?.tellings["team"]?.severity == .critical)
        try take("run-3", .passed, hour: 5)
        #expect(try ledger.unsettledAlertSubjects().isEmpty)
        let over = try #require(try ledger.incidents(limit: 10).first)
        #expect(over.closedAt == 5 * Self.hour)
        #expect(over.isSettled)
        #expect(
            try ledger.alertEvents(ofIncident: over.id, limit: 10).reversed().map(\.kind)
                == [.fired, .opened, .told, .resolved, .closed, .told])
        #expect(try ledger.incidents(ofAsset: "elsewhere", limit: 10).isEmpty)
        #expect(try ledger.incidents(withPrefix: String(over.id.prefix(8))).map(\.id) == [over.id])
        #expect(try ledger.incidents(withPrefix: "*").isEmpty)
    }

    private struct Killed: Error {}

    @Test func whatIsUndoneLeavesNothing() throws {
        try take("run-1", .passed, hour: 1)
        let run = SignalTests.run("run-2", results: [SignalTests.result("a", .failed)], at: 2 * Self.hour)
        #expect(throws: Killed.self) {
            try ledger.transaction { transaction in
                try transaction.record(run)
                #expect(try desk.take(run, policy: policy, at: 2 * Self.hour, in: transaction).count == 1)
                throw Killed()
            }
        }
        #expect(try ledger.runs(limit: 10).count == 1)
        #expect(try ledger.unsettledAlertSubjects().isEmpty)
        #expect(try ledger.incidents(limit: 10).isEmpty)
        #expect(try ledger.alertEvents(limit: 10).isEmpty)
        // The same again, and nothing of it is in the outbox already.
        #expect(try take("run-2", .failed, hour: 2).count == 1)
    }

    @Test func aRunIsTakenOnce() throws {
        let run = SignalTests.run("run-1", results: [SignalTests.result("a", .failed)], at: Self.hour)
        func take() throws -> [AlertMessage] {
            try ledger.transaction { try desk.take(run, policy: policy, at: Self.hour, in: $0) }
        }
        #expect(try take().count == 1)
        let before = try ledger.unsettledAlertSubjects()
        #expect(try take().isEmpty)
        #expect(try ledger.unsettledAlertSubjects() == before)
    }

    @Test func peopleSpeakOfWhatIsStored() throws {
        let message = try #require(try take("run-1", .failed, hour: 1).first)
        let said = try ledger.transaction {
            try desk.acknowledge(
                .incident(message.incident), by: "anna", note: "on it", at: 2 * Self.hour, in: $0)
        }
        #expect(said.map(\.reason) == [.acknowledged])
        _ = try ledger.transaction {
            try desk.snooze(
                .alert(message.incident, key: "a"), by: "ben", until: 9 * Self.hour, note: "later", at: 3 * Self.hour,
                in: $0)
        }
        let open = try #require(try ledger.unsettledAlertSubjects().first)
        #expect(open.incident?.acknowledgement == AlertMark(actor: "anna", at: 2 * Self.hour, note: "on it"))
        #expect(
            open.alerts["a"]?.snooze
                == AlertMark(actor: "ben", at: 3 * Self.hour, until: 9 * Self.hour, note: "later"))
        _ = try ledger.transaction {
            try desk.unsnooze(.alert(message.incident, key: "a"), by: "ben", at: 4 * Self.hour, in: $0)
        }
        #expect(try ledger.unsettledAlertSubjects().first?.alerts["a"]?.snooze == nil)
        #expect(try ledger.alertEvents(limit: 1).first?.actor == "ben")
    }

    @Test func theClockAloneReminds() throws {
        try take("run-1", .failed, hour: 1)
        var agenda = AlertAgenda()
        func tick(hour: Int64) throws -> [AlertMessage.Reason] {
            try ledger.transaction { try desk.tick(at: hour * Self.hour, agenda: &agenda, in: $0) }.map(\.reason)
        }
        #expect(try tick(hour: 24).isEmpty)
        #expect(try tick(hour: 25) == [.reminder])
        #expect(try tick(hour: 26).isEmpty)
    }

    @Test func pipelinesHaveAlertsToo() throws {
        let subject = AlertSubject(asset: "pipeline clickstream", suite: "")
        func take(_ batch: Int, _ news: AlertSignal.News) throws -> [AlertMessage] {
            let signal = AlertSignal(
                key: "held", news: news, type: "held_batch", severity: .critical,
                sentence: "Batch \(batch) is held: 40% of its records would be kept apart.")
            return try ledger.transaction {
                try desk.take(
                    [signal], of: subject,
                    occasion: AlertOccasion(id: "batch-\(batch)", startedAt: Int64(batch), isComplete: false),
                    policy: policy, at: Int64(batch), in: $0)
            }
        }
        #expect(
            try take(1, .failing).map { AlertWording.headline($0) } == [
                "pipeline clickstream: 1 check began to fail (critical)"
            ])
        #expect(try take(2, .failing).isEmpty)
        #expect(try take(3, .succeeding).map(\.reason) == [.resolved])
    }

    @Test func whatIsLongOverIsForgotten() throws {
        try take("run-1", .failed, hour: 1)
        try take("run-2", .passed, hour: 2)
        try take("run-60", .failed, hour: 60)
        try ledger.transaction { try $0.forgetAlerts(before: 100 * Self.hour) }
        #expect(try ledger.incidents(limit: 10).count == 1)
        #expect(try ledger.alertEvents(limit: 100).map(\.kind) == [.told, .opened, .fired])
        #expect(try take("run-101", .passed, hour: 101).map(\.reason) == [.resolved])
    }
}
