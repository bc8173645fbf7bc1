import Foundation
import GRDB
import TestSupport
import Testing

@testable import Ledger

/// How the outbox finds what is to be sent, among much that waits.
@Suite struct OutboxTests {
    private static let channel = OutboxChannel(route: "team", channel: "webhook-1a2b3c4d", name: "webhook")
    private let scratch: Scratch
    private let ledger: Ledger

    init() throws {
        scratch = try Scratch()
        ledger = try Ledger(path: scratch.path(), timeoutSeconds: 0.1)
    }

    private func put(_ incident: String, _ sequence: Int, at time: Int64 = 0) throws {
        try ledger.transaction { transaction in
            try transaction.enqueue(
                OutboxEntry(
                    id: "\(incident).\(sequence)", route: "team", channel: Self.channel.channel, channelName: "webhook",
                    incident: incident, sequence: sequence, message: "{}", createdAt: time))
        }
    }

    private func claim(at now: Int64 = 10, pace: OutboxPace? = nil) throws -> OutboxClaim? {
        try ledger.claimFromOutbox(Self.channel, pace: pace, holder: "me", at: now, until: now + 100)
    }

    private func plan(of sql: String, _ arguments: StatementArguments) throws -> String {
        try ledger.read { db in
            try Row.fetchAll(db, sql: "EXPLAIN QUERY PLAN \(sql)", arguments: arguments)
                .map { $0["detail"] as String }.joined(separator: "; ")
        }
    }

    @Test func aClaimDoesNotWaitForTheDiskAndAllElseDoes() throws {
        func synchronous() throws -> Int? {
            try ledger.write { db in try Int.fetchOne(db, sql: "PRAGMA synchronous") }
        }
        let (normal, full) = (1, 2)
        #expect(try synchronous() == full)
        #expect(try ledger.writeFleetingly { db in try Int.fetchOne(db, sql: "PRAGMA synchronous") } == normal)
        #expect(try synchronous() == full)
        #expect(throws: LedgerError.self) { try ledger.writeFleetingly { try $0.execute(sql: "no SQL") } }
        #expect(try synchronous() == full)
        try put("a", 1)
        #expect(try claim()?.entry.id == "a.1")
        #expect(try claim() == nil && synchronous() == full)
    }

    @Test func nothingIsSortedOrCountedToFindTheNext() throws {
        let next = try plan(of: Ledger.nextMessage, ["team", 0, "webhook", 1, 0, 0])
        #expect(next.contains("SEARCH entry USING INDEX outbox_due (route=? AND channel=? AND channel_name=? AND"))
        #expect(next.contains("SEARCH earlier USING INDEX outbox_waiting (route=? AND channel=? AND incident=? AND"))
        #expect(next.contains("SEARCH outbox_pauses USING PRIMARY KEY (route=? AND channel=?)"), "\(next)")
        #expect(!next.contains("TEMP B-TREE"), "\(next)")
        let used = try plan(of: Ledger.usedOfPace, ["team", 0, 1, 1, 1])
        #expect(
            used.contains("USING INDEX outbox_delivered (route=? AND channel=? AND settled_at>? AND settled_at<?)"),
            "\(used)")
        #expect(used.contains("USING INDEX outbox_held (route=? AND channel=? AND held_until>?)"), "\(used)")
    }

    @Test func whatIsSettledIsFoundByItsAge() throws {
        let old = try plan(of: "DELETE FROM outbox WHERE state = 1 AND settled_at < ?", [1])
        #expect(old.hasPrefix("SEARCH outbox USING INDEX outbox_old"), "\(old)")
        let dead = try plan(
            of: "SELECT * FROM outbox WHERE state = 2 ORDER BY settled_at DESC, number DESC LIMIT ?", [1])
        #expect(dead == "SCAN outbox USING INDEX outbox_dead")
    }

    @Test func aRouteIsUnreachedWhereAllItWasSentIsGivenUp() throws {
        func unreached() throws -> Set<String> { try ledger.transaction { try $0.routes(unreachedOfIncident: "a") } }
        try put("a", 1)
        #expect(try unreached() == [])
        try ledger.bury(#require(try claim()), at: 10, because: "refused", "no")
        #expect(try unreached() == ["team"])
        try put("a", 2)
        #expect(try unreached() == [])
        try ledger.settleDelivered(#require(try claim()), at: 10)
        #expect(try unreached() == [])
        try put("a", 3)
        try ledger.bury(#require(try claim()), at: 10, because: "refused", "no")
        #expect(try unreached() == [])
    }

    @Test func whatBecameOfAMessageIsKnownByItsEvent() throws {
        try put("a", 1, at: 3)
        try put("a", 2, at: 4)
        try ledger.bury(#require(try claim()), at: 10, because: "refused", "no")
        #expect(try ledger.undeliveredCount() == 1)
        func event(_ kind: AlertEvent.Kind, at time: Int64) -> AlertEvent {
            AlertEvent(
                kind, at: time, subject: AlertSubject(asset: "x", suite: "s"), incident: "a", route: "team")
        }
        let events = [event(.told, at: 3), event(.told, at: 4), event(.told, at: 5), event(.fired, at: 3)]
        #expect(try ledger.deliveries(of: events).map { $0.map(\.state) } == [[.givenUp], [.waiting], [], []])
    }

    @Test func messagesOfARouteThatIsCalledOtherwiseAreThatOnes() throws {
        try put("a", 1)
        try put("b", 1)
        try ledger.transaction { transaction in
            #expect(try transaction.receivers(of: "team", incident: "a") == [Self.channel.channel])
            try transaction.rename(route: "team", to: "pager", incident: "a")
            #expect(try transaction.receivers(of: "team", incident: "a") == [])
        }
        #expect(try claim()?.entry.id == "b.1")
        let renamed = OutboxChannel(route: "pager", channel: Self.channel.channel, name: "webhook")
        #expect(try ledger.claimFromOutbox(renamed, pace: nil, holder: "me", at: 10, until: 20)?.entry.id == "a.1")
    }

    @Test func whatIsBlockedIsPassedOver() throws {
        try put("a", 1, at: 5)
        try put("a", 2, at: 1)
        try put("b", 1, at: 6)
        #expect(try claim()?.entry.id == "a.1")
        #expect(try claim()?.entry.id == "b.1")
        #expect(try claim() == nil)
    }

    @Test func aPaceCountsWhatIsBeingSent() throws {
        for incident in ["a", "b", "c"] { try put(incident, 1) }
        let pace = OutboxPace(count: 2, period: 1_000)
        let first = try #require(try claim(pace: pace))
        try ledger.settleDelivered(first, at: 10)
        #expect(try claim(pace: pace) != nil)
        #expect(try claim(pace: pace) == nil)
    }

    @Test(.enabled(if: OtherProcess.tool != nil)) func nobodyWaitsForTheStoreWhereNothingIsDue() throws {
        try put("a", 1, at: 20)
        let other = try OtherProcess(scratch.path())
        try other.execute("BEGIN IMMEDIATE;")
        #expect(try claim(at: 19) == nil)
        #expect(throws: LedgerError.self) { try claim(at: 20) }
        try other.execute("COMMIT;")
        #expect(try claim(at: 20)?.entry.id == "a.1")
        try other.finish()
    }
}
