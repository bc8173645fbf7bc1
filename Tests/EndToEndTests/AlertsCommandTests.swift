import Foundation
import Tables
import Testing

/// `assay alerts` over the store that `assay validate --alert` has filled; nobody is reached.
@Suite struct AlertsCommandTests {
    let assay: Assay

    init() throws {
        assay = try Assay()
        try assay.write(
            """
            assets:
              orders: {csv: orders.csv}
            validations:
              - {suite: orders, alerts: [team]}
            alerts:
              team: {webhook: "https://127.0.0.1:9/hook"}
            """, to: "assay.yaml")
        try assay.write(
            """
            suite: orders
            asset: orders
            columns:
              amount: {type: int64, between: [0, 100]}
            """, to: "expectations/orders.yaml")
    }

    private func validate(_ amounts: String, at time: String) throws {
        try assay.write("amount\n\(amounts)\n", to: "orders.csv")
        _ = try assay("validate", "--alert", "--now", time)
    }

    private func json(_ arguments: String...) throws -> JSON {
        let run = try assay.run(["alerts"] + arguments + ["--format", "json"])
        #expect(run.status == 0, "\(run.errors)")
        return try #require(JSON(text: run.output))
    }

    @Test func incidentsAreListedShownAndSpokenOf() throws {
        defer { assay.remove() }
        try validate("1", at: "2026-11-01T10:00:00Z")
        #expect(try assay("alerts", "list").output.contains("nothing fails"))

        try validate("700", at: "2026-11-01T11:00:00Z")
        let open = try #require(try json("list")["incidents"]?.items?.first)
        let id = try #require(open["id"]?.string)
        #expect(open["asset"]?.string == "orders")
        #expect(open["alerts"]?.items?.first?["told"] == .array([.string("team")]))
        let list = try assay("alerts", "list")
        #expect(list.output.contains("\(id.prefix(12))  orders"))
        #expect(!list.output.contains("700"))

        let acknowledged = try assay(
            "alerts", "acknowledge", String(id.prefix(8)), "--actor", "anna", "--note", "on it", "--now",
            "2026-11-01T12:00:00Z")
        #expect(acknowledged.output.contains("acknowledged by anna"))
        #expect(acknowledged.output.contains("to be told: team"))
        let key = try #require(open["alerts"]?.items?.first?["key"]?.string)
        _ = try json(
            "snooze", id, "--alert", String(key.prefix(6)), "--for", "2h", "--actor", "ben", "--now",
            "2026-11-01T12:30:00Z")
        let shown = try assay("alerts", "show", id, "--now", "2026-11-01T13:00:00Z").output
        #expect(shown.contains("acknowledged by anna, snoozed by ben until 2026-11-01 14:30 UTC"))
        #expect(try assay("alerts", "unsnooze", id, "--now", "2026-11-01T13:10:00Z").status == 0)
        let words = try json("show", id)["events"]?.items?.compactMap { $0["event"]?.string }
        #expect(words == ["unsnoozed", "snoozed", "told", "acknowledged", "told", "opened", "fired"])

        try validate("1", at: "2026-11-01T14:00:00Z")
        #expect(try assay("alerts", "list").output.contains("nothing fails"))
        #expect(try json("list", "--all")["incidents"]?.items?.first?["closed_at"]?.string == "2026-11-01T14:00:00Z")
    }

    /// Of an asset that is misspelt nothing fails, which would be no comfort.
    @Test func anAssetThatNobodyKnowsIsAMistake() throws {
        defer { assay.remove() }
        try validate("1", at: "2026-11-01T10:00:00Z")
        #expect(try assay("alerts", "list", "orders").output == "nothing fails\n")
        let list = try assay("alerts", "list", "ordres")
        #expect(list.status == 2)
        #expect(list.errors == "error: no run and no incident was ever of an asset \"ordres\"; did you mean orders?\n")
    }

    /// Who looks after incidents doesn't have the secrets of the service; who is told of it must be known by the address.
    @Test func onlyTheSecretsOfThoseWhoAreToldAreNeeded() throws {
        defer { assay.remove() }
        try validate("700", at: "2026-11-01T11:00:00Z")
        let id = try #require(try json("list")["incidents"]?.items?.first?["id"]?.string)
        try assay.write(
            """
            assets:
              orders: {csv: orders.csv}
            alerts:
              team: {webhook: "${ASSAY_NO_SUCH_HOOK}"}
              others: {slack: "${ASSAY_NO_SUCH_CHAT}", email: [a@example.com]}
            mail: {host: smtp.example.com, user: u, password: "${ASSAY_NO_SUCH_PASSWORD}", from: a@example.com}
            service:
              tokens: [{token: "${ASSAY_NO_SUCH_TOKEN}", role: read}]
            """, to: "assay.yaml")
        #expect(try json("list")["incidents"]?.items?.count == 1)
        #expect(try json("show", id)["events"]?.items?.isEmpty == false)
        #expect(try json("dead")["dead"]?.items?.count == 1)
        let said = try assay("alerts", "acknowledge", id)
        #expect(said.status == 2 && said.errors.contains("the environment has no ASSAY_NO_SUCH_HOOK [unset-variable]"))
        #expect(said.errors.hasSuffix("1 problem in 1 file\n"), "\(said.errors)")
        let snoozed = try assay("alerts", "snooze", id, "--for", "2h")
        #expect(snoozed.status == 0, "\(snoozed.errors)")
        #expect(try assay("trigger", "orders").status == 0)
        #expect(try assay("prune", "--dry-run").status == 0)
        let hook = ["ASSAY_NO_SUCH_HOOK": "https://127.0.0.1:9/hook"]
        #expect(try assay("alerts", "acknowledge", id, environment: hook).status == 0)
        for command in [["serve"], ["check"], ["validate", "--alert"]] {
            let refused = try assay.run(command, environment: hook)
            #expect(refused.status == 2 && refused.errors.contains("ASSAY_NO_SUCH_CHAT"), "\(refused.errors)")
        }
        let test = try assay("alerts", "test", "others")
        #expect(test.status == 2 && test.errors.contains("ASSAY_NO_SUCH_CHAT [unset-variable]"), "\(test.errors)")
        #expect(!test.errors.contains("ASSAY_NO_SUCH_TOKEN"))
    }

    /// Has totals, which are wrong, follow from orders; the validations stand in the order of their suites.
    private func follow(validating suites: [String]) throws {
        let validations = suites.map { "  - {suite: \($0), alerts: [team]}" }.joined(separator: "\n")
        try assay.write(
            """
            assets:
              orders: {csv: orders.csv}
              totals: {csv: totals.csv, upstream: [orders]}
            validations:
            \(validations)
            alerts:
              team: {webhook: "https://127.0.0.1:9/hook"}
            """, to: "assay.yaml")
        try assay.write(
            "suite: totals\nasset: totals\ncolumns:\n  total: {between: [0, 100]}\n", to: "expectations/totals.yaml")
        try assay.write("total\n900\n", to: "totals.csv")
    }

    /// What follows from something upstream says from what.
    @Test func whatIsMutedNamesItsCause() throws {
        defer { assay.remove() }
        try follow(validating: ["orders", "totals"])
        try validate("700", at: "2026-11-01T11:00:00Z")
        let incidents = try json("list")["incidents"]?.items ?? []
        let ids = incidents.compactMap { $0["id"]?.string }
        try #require(incidents.map { $0["asset"]?.string } == ["orders", "totals"])
        let list = try assay("alerts", "list").output.split(separator: "\n")
        #expect(list.first { $0.contains(ids[0].prefix(12)) }?.hasSuffix("open") == true)
        #expect(list.first { $0.contains(ids[1].prefix(12)) }?.hasSuffix("muted") == true)
        let shown = try assay("alerts", "show", ids[1]).output
        #expect(shown.contains("  totals, critical, since 2026-11-01 11:00 UTC: muted\n"))
        #expect(
            shown.contains("  firing, muted by \(ids[0].prefix(12)), since 2026-11-01 11:00 UTC; told: nobody\n"),
            "\(shown)")
        #expect(shown.contains("follows from orders, incident \(ids[0].prefix(12))"))
    }

    /// In one run, whose clock stands still, whatever stands first in the project.
    @Test func whatFailsOnWhenItsCauseIsOverIsToldInTheSameRun() throws {
        defer { assay.remove() }
        try follow(validating: ["totals", "orders"])
        try validate("700", at: "2026-11-01T11:00:00Z")
        try #require(try json("list")["incidents"]?.items?.map { $0["asset"]?.string } == ["orders", "totals"])
        try validate("1", at: "2026-11-01T12:00:00Z")
        let open = try #require(try json("list")["incidents"]?.items)
        #expect(open.map { $0["asset"]?.string } == ["totals"])
        #expect(open.first?["alerts"]?.items?.first?["told"] == .array([.string("team")]))
    }

    @Test func aMaintenanceWindowThatIsOverIsWarnedOf() throws {
        defer { assay.remove() }
        try assay.write(
            try assay.read("assay.yaml") + """

                maintenance:
                  - {assets: ["ord*", orders], from: 2020-12-24T18:00, until: 2020-12-24T20:00}
                  - {assets: [orders], from: 2020-12-24T18:00, until: 9000-01-01T00:00}
                  - {assets: [orders], cron: "0 2 * * SUN", for: 1h}
                """, to: "assay.yaml")
        let check = try assay("check")
        #expect(check.status == 0)
        #expect(
            check.errors
                == "warning: the maintenance window of ord*, orders ended at 2020-12-24T20:00:00Z, and mutes nothing any more\n"
        )
    }

    /// Whoever acknowledges an alert chooses a name for it.
    @Test func namesOfPeopleAreHarmlessForATerminal() throws {
        defer { assay.remove() }
        try validate("700", at: "2026-11-01T11:00:00Z")
        let id = try #require(try json("list")["incidents"]?.items?.first?["id"]?.string)
        let said = try assay(
            "alerts", "acknowledge", id, "--actor", "an\u{1B}[2Jna\nall is well", "--note", "\u{1B}]0;x\u{7}", "--now",
            "2026-11-01T12:00:00Z")
        let shown = try assay("alerts", "show", id, "--now", "2026-11-01T13:00:00Z")
        for text in [said.output, shown.output] {
            #expect(text.contains("acknowledged by an\\u{1b}[2Jna\\nall is well"), "\(text)")
            #expect(text.utf8.allSatisfy { $0 >= 0x20 || $0 == 0x0A }, "\(text)")
            #expect(!text.contains("\nall is well"))
        }
    }

    @Test func mistakesHaveCodes() throws {
        defer { assay.remove() }
        let without = try assay("alerts", "acknowledge", "ab12")
        #expect(without.status == 3)
        #expect(without.errors.contains("[not-found]"))
        try validate("700", at: "2026-11-01T11:00:00Z")
        let unknown = try assay("alerts", "acknowledge", "ab12")
        #expect(unknown.status == 2)
        #expect(unknown.errors.contains("[unknown-incident]"))
        let id = try #require(try json("list")["incidents"]?.items?.first?["id"]?.string)
        #expect(try assay("alerts", "snooze", id).status == 2)
        let past = try assay("alerts", "snooze", id, "--until", "2026-11-01T10:00:00Z", "--now", "2026-11-01T12:00:00Z")
        #expect(past.errors.contains("[bad-time]"))
    }
}
