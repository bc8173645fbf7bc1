import Expectations
import Ledger
import Tables
import Testing

@testable import Alerts

@Suite struct MessageTests {
    static let hour: Int64 = 3_600_000_000

    static func item(
        _ standing: AlertMessage.Item.Standing, key: String = "k1", severity: Severity = .critical, now: Int? = 340,
        before: Int? = 12
    ) -> AlertMessage.Item {
        AlertMessage.Item(
            standing: standing, key: key, type: "expect_column_values_to_be_between", columns: ["amount"],
            severity: severity, sentence: "340 of 1,000 values of amount are not between 0 and 10.", before: nil,
            since: 1_793_527_200_000_000, failures: 3, unexpectedCount: now, elementCount: now.map { _ in 1_000 },
            unexpectedCountBefore: before, elementCountBefore: before.map { _ in 1_000 })
    }

    /// The data may be in order: it is the judging that didn't come to its end.
    static func judging(_ standing: AlertMessage.Item.Standing) -> AlertMessage.Item {
        .init(
            standing: standing, key: "run", type: "judging", columns: [], severity: .critical,
            sentence: "The data could not be judged: it took longer than 0.001 s [undecided]", before: nil,
            since: 1_793_527_200_000_000, failures: 1, unexpectedCount: nil, elementCount: nil)
    }

    static func message(
        _ reason: AlertMessage.Reason, _ items: [AlertMessage.Item], omitted: Int = 0, mutes: [String] = [],
        counts: AlertMessage.Counts? = nil, actor: String? = nil, note: String? = nil
    ) -> AlertMessage {
        AlertMessage(
            id: "0f", incident: "1e", thread: "2d", opening: "silver.events: 2 checks began to fail", sequence: 3,
            route: "data-team", reason: reason, asset: "silver.events",
            suite: "silver_events", severity: .critical, at: 1_793_527_200_000_000 + 3 * hour,
            since: 1_793_527_200_000_000, run: "run-7", report: "run-7.html", items: items, omitted: omitted,
            counts: counts, mutes: mutes, actor: actor, note: note)
    }

    @Test func saysWhichChannelsHaveAMessage() {
        func words(_ states: [(String, MessageDelivery.State)]) -> String? {
            AlertWording.deliveries(states.map { MessageDelivery(channel: $0.0, state: $0.1) })
        }
        #expect(words([]) == nil)
        #expect(words([("slack", .delivered), ("email", .delivered)]) == "delivered")
        #expect(
            words([
                ("slack", .givenUp), ("email", .delivered), ("email", .givenUp), ("email", .givenUp),
                ("teams", .waiting),
            ])
                == "delivered: email; waits: teams; given up: slack, email (2)")
    }

    static let wordings: [(AlertMessage, String)] = [
        (message(.firing, [item(.new), item(.new)]), "silver.events: 2 checks began to fail (critical)"),
        (
            message(.firing, [item(.new), item(.still), item(.recovered)]),
            "silver.events: 1 check began to fail, 1 still fails (critical)"
        ),
        (
            message(.firing, [item(.new), item(.flapping), item(.flapping)]),
            "silver.events: 1 check began to fail, 2 go back and forth (critical)"
        ),
        (message(.firing, [item(.flapping)]), "silver.events: 1 check goes back and forth (critical)"),
        (
            message(.improved, [item(.flapping), item(.recovered)]),
            "silver.events: 1 check recovered, 1 goes back and forth (critical)"
        ),
        (message(.improved, [item(.recovered)]), "silver.events: 1 check recovered (critical)"),
        (
            message(.consequences, [item(.still)], mutes: ["gold.daily", "gold.revenue"]),
            "silver.events: 2 assets follow from what fails here (critical)"
        ),
        (message(.firing, [item(.still)]), "silver.events: 1 check fails (critical)"),
        (message(.firing, [item(.new, key: "run")]), "silver.events can't be read (critical)"),
        (
            message(.reminder, [item(.still), item(.still)]),
            "silver.events: 2 checks still fail, since 2026-11-01 10:00 UTC (critical)"
        ),
        (
            message(.reminder, [item(.still, key: "run")]),
            "silver.events still can't be read, since 2026-11-01 10:00 UTC (critical)"
        ),
        (
            message(.improved, [item(.still), item(.recovered), item(.removed)]),
            "silver.events: 2 checks recovered, 1 still fails (critical)"
        ),
        (
            message(.resolved, [item(.recovered), item(.recovered)]),
            "silver.events has recovered after 3h: 2 checks"
        ),
        (message(.firing, [judging(.new)]), "silver.events can't be judged (critical)"),
        (
            message(.reminder, [judging(.still)]),
            "silver.events still can't be judged, since 2026-11-01 10:00 UTC (critical)"
        ),
        (message(.resolved, [judging(.recovered)]), "silver.events can be judged again after 3h"),
        (message(.resolved, [item(.recovered, key: "run")]), "silver.events can be read again after 3h"),
        (message(.resolved, [item(.removed)]), "silver.events: 1 check that failed is no longer asked, after 3h"),
        (
            message(.flapping, [item(.flapping), item(.still)]),
            "silver.events: 1 check goes back and forth (critical)"
        ),
        (message(.acknowledged, [item(.still)], actor: "anna"), "silver.events: acknowledged by anna"),
        (message(.test, []), "a test of the route data-team"),
        (
            message(.firing, [item(.new)], omitted: 1_211, counts: .init(new: 1_212)),
            "silver.events: 1,212 checks began to fail (critical)"
        ),
    ]

    @Test(arguments: wordings) func headlines(_ message: AlertMessage, _ headline: String) {
        #expect(AlertWording.headline(message) == headline)
    }

    @Test func linesTellWhatMoved() {
        let message = Self.message(
            .firing, [Self.item(.new, now: nil, before: nil), Self.item(.still), Self.item(.recovered, now: 0)],
            omitted: 2, mutes: ["gold.revenue"])
        #expect(
            AlertWording.lines(message) == [
                "Began to fail:",
                "- critical: 340 of 1,000 values of amount are not between 0 and 10 (3 runs in a row)",
                "Still failing:",
                "- critical: 340 of 1,000 values of amount are not between 0 and 10 (since 2026-11-01 10:00 UTC; "
                    + "12 of 1,000 → 340 of 1,000 unexpected)",
                "Recovered:",
                "- critical: 340 of 1,000 values of amount are not between 0 and 10 (failed for 3h; "
                    + "12 of 1,000 → 0 of 1,000 unexpected)",
                "Besides:", "- 2 more that are not listed here",
                "- follows from this, and is not told by itself: gold.revenue",
            ])
    }

    @Test(arguments: AlertMessage.Reason.allCases) func storedFormsAreReadAgain(_ reason: AlertMessage.Reason) throws {
        let message = Self.message(
            reason,
            AlertMessage.Item.Standing.allCases.map { Self.item($0) } + [
                Self.item(.new, now: nil, before: nil)
            ], omitted: 4, mutes: ["gold.revenue"],
            counts: .init(new: 5, still: 1, flapping: 3, recovered: 2, removed: 1),
            actor: "anna \u{1F600}", note: "\"on it\"\n")
        let json = try #require(JSON(text: message.json.text()))
        #expect(AlertMessage(json: json) == message)
    }

    /// What waited to be sent while Assay was upgraded.
    @Test func storedFormsOfBeforeAreRead() throws {
        func without(_ names: Set<String>, _ json: JSON) throws -> [JSON.Member] {
            try #require(json.members).filter { !names.contains($0.name) }
        }
        let item = try without(["standing"], Self.item(.flapping).json) + [.init("standing", .string("still"))]
        let members = try without(["thread", "opening", "items"], Self.message(.flapping, []).json)
        let message = try #require(
            AlertMessage(json: .object(members + [.init("items", .array([.object(item)]))])))
        #expect(message.thread == "1e" && message.opening == nil)
        #expect(message.items == [Self.item(.flapping)])
    }

    @Test func whatIsOverIsToldInThePastTense() {
        let message = Self.message(.resolved, [], mutes: ["gold.revenue"])
        #expect(
            AlertWording.lines(message) == [
                "Besides:", "- followed from this, and is told from now on where it still fails: gold.revenue",
            ])
    }

    @Test func whatIsNoMessageIsNone() throws {
        let json = Self.message(.firing, [Self.item(.new)]).json
        let members = try #require(json.members)
        for name in ["version", "id", "incident", "sequence", "reason", "severity", "at", "items"] {
            #expect(AlertMessage(json: .object(members.filter { $0.name != name })) == nil, "without \(name)")
        }
        let later = members.map { $0.name == "version" ? JSON.Member("version", .integer(2)) : $0 }
        #expect(AlertMessage(json: .object(later)) == nil)
        #expect(AlertMessage(json: .object(members + [.init("more", .null)])) != nil)
        #expect(AlertMessage(json: .array([])) == nil)
    }
}
