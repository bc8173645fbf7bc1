import Foundation
import Testing

/// The workflow of what was kept apart, with the built binary.
@Suite struct QuarantineTests {
    static let rule = "expect_column_values_to_be_between"

    @Test(arguments: QuarantineFixture.Format.allCases)
    func replaysAfterAFixOnce(_ format: QuarantineFixture.Format) throws {
        let fixture = try QuarantineFixture(format)
        defer { fixture.assay.remove() }
        #expect(try fixture.count("quarantined") == 4)
        try fixture.suite(minimum: -4)
        let first = try fixture.assay(
            "quarantine", "replay", "orders", "--reason", "the rule was wrong", "--actor", "ann")
        #expect(
            first.output
                == """
                orders: 3 records replayed: 2 to silver, 1 quarantined again; 1 record left as before: they can't be read, \
                or not be mended so

                """)
        #expect(try fixture.silverIDs() == [1, 2, 3, 4, 5, 7, 9, 10])
        #expect(try fixture.count("replayed") == 3)
        #expect(try fixture.count("quarantined") == 2)
        try fixture.suite(minimum: -6)
        #expect(try fixture.assay("quarantine", "replay", "orders", "--reason", "again").status == 0)
        let third = try fixture.assay("quarantine", "replay", "orders", "--rule", Self.rule, "--reason", "once more")
        #expect(third.output == "orders: no record is meant that nothing became of yet\n")
        #expect(try fixture.silverIDs() == [1, 2, 3, 4, 5, 6, 7, 9, 10])
        let status = try fixture.assay("pipelines")
        #expect(status.output.contains("quarantine 1 open, 4 resolved"))
        #expect(status.output.contains("silver: 10 in, 6 out, 4 quarantined"))
        #expect(status.output.contains("silver: 4 in, 3 out, 1 quarantined"))
    }

    /// Replayed values are those that were read: what passes after a replay is what would have passed at once.
    @Test(arguments: QuarantineFixture.Format.allCases)
    func replayedRowsAreTheOnesThatWouldHavePassed(_ format: QuarantineFixture.Format) throws {
        let fixture = try QuarantineFixture(format)
        defer { fixture.assay.remove() }
        try fixture.suite(minimum: -100)
        #expect(try fixture.assay("quarantine", "replay", "orders", "--reason", "fixed").status == 0)
        let replayed = try fixture.silver()
        for folder in ["silver", "bronze", "data"] {
            try FileManager.default.removeItem(at: fixture.assay.folder.appendingPathComponent(folder))
        }
        #expect(try fixture.assay("run", "--once").status == 0)
        #expect(try fixture.silver() == replayed)
    }

    @Test func keepsTypesOfDelimitedText() throws {
        let assay = try Assay()
        defer { assay.remove() }
        try assay.write(
            """
            assets:
              silver.t: {delta: silver}
            pipelines:
              t:
                source: {files: landing, format: csv, settle: 0s, missing_values: [NA]}
                silver: {asset: silver.t, gate: {suite: t}}
            """, to: "assay.yaml")
        func suite(_ maximum: Int) throws {
            try assay.write(
                """
                suite: t
                asset: silver.t
                columns:
                  d: {type: "decimal(12,2)"}
                  a.b: {type: string}
                expectations:
                  - expect_column_values_to_be_between: {column: id, max_value: \(maximum)}
                """, to: "expectations/t.yaml")
        }
        try suite(0)
        try assay.write(
            """
            id,d,f,day,at,flag,text,a.b,late
            1,10.50,1.5,2026-01-02,2026-01-02T03:04:05.123456Z,true,"",x,23:59:59
            2,NA,0.1,2026-02-28,2026-01-02 03:04:05+02:00,false,,"",00:00:00
            3,-0.01,1e300,1969-12-31,1969-12-31T23:59:59.999999Z,true,"two
            lines, ""quoted"" \\ back",NA,12:00:00
            4,9999999999.99,-2.5,2026-12-31,2026-01-02T03:04:05Z,false," blanks ",\u{e4}\u{1F600},01:02:03

            """, to: "landing/a.csv")
        #expect(try assay("run", "--once").status == 0)
        try suite(10)
        #expect(
            try assay("quarantine", "replay", "t", "--reason", "fixed").output == "t: 4 records replayed: 4 to silver\n"
        )
        func rows() throws -> [Substring] {
            try assay("inspect", "silver", "--rows", "9").output.split(separator: "\n")
        }
        let replayed = try rows().filter { $0.hasPrefix("{") }
        #expect(replayed.count == 4)
        for folder in ["silver", "data"] {
            try FileManager.default.removeItem(at: assay.folder.appendingPathComponent(folder))
        }
        #expect(try assay("run", "--once").status == 0)
        #expect(try rows().filter { $0.hasPrefix("{") } == replayed)
    }

    @Test func aDryRunChangesNothing() throws {
        let fixture = try QuarantineFixture()
        defer { fixture.assay.remove() }
        let before =
            fixture.assay.names(in: "silver/_delta_log") + fixture.assay.names(in: "data/quarantine/orders/_delta_log")
        for kind in ["replay", "release", "discard"] {
            let run = try fixture.assay(
                "quarantine", kind, "orders", "--rule", Self.rule, "--reason", "look", "--dry-run")
            #expect(run.status == 0)
            #expect(run.output.hasPrefix("orders: \(kind) would take 3 records\n"))
        }
        #expect(
            fixture.assay.names(in: "silver/_delta_log") + fixture.assay.names(in: "data/quarantine/orders/_delta_log")
                == before)
        #expect(try fixture.count("quarantined") == 4)
        #expect(try fixture.assay("pipelines").output.contains("to be carried out") == false)
    }

    /// The records are judged as a replay judges them: by the rules and against the keys of now.
    @Test(arguments: QuarantineFixture.Format.allCases)
    func aDryRunTellsWhatAReplayComesTo(_ format: QuarantineFixture.Format) throws {
        let fixture = try QuarantineFixture(format)
        defer { fixture.assay.remove() }
        // Another record with an id that is kept apart, and one with an id that silver has.
        switch format {
        case .csv: try fixture.assay.write("id,amount,note,email\n2,-3,,\n3,-3,,\n6,-9,,\n", to: "landing/b.csv")
        case .json:
            try fixture.assay.write(
                """
                {"id": 2, "amount": -3}
                {"id": 3, "amount": -3}
                {"id": 6, "amount": -9}

                """, to: "landing/b.jsonl")
        }
        #expect(try fixture.assay("run", "--once").status == 0)
        try fixture.suite(minimum: -4)
        let before = fixture.files
        let dryRun = try fixture.assay("quarantine", "replay", "orders", "--reason", "look", "--dry-run")
        let (left, sentence) = (
            "1 record left as before: they can't be read, or not be mended so",
            "6 records replayed: 2 to silver, 2 quarantined again, 2 repeated"
        )
        #expect(dryRun.status == 0, "\(dryRun.errors)")
        #expect(
            dryRun.output.hasSuffix(
                "\nas things stand: \(sentence); \(left)\n  2 would break \(Self.rule) again\n"), "\(dryRun.output)")
        func outcome(_ options: String...) throws -> NSDictionary? {
            let run = try fixture.assay.run(
                ["quarantine", "replay", "orders", "--reason", "look", "--format", "json"] + options)
            let document = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? NSDictionary
            return document?["outcome"] as? NSDictionary
        }
        let forecast = try #require(try outcome("--dry-run"))
        #expect(fixture.files == before)
        #expect(try outcome() == forecast)
    }

    @Test func aDryRunJudgesMendedRecordsAndThoseThatWouldBeReleased() throws {
        let fixture = try QuarantineFixture()
        defer { fixture.assay.remove() }
        func tail(_ kind: String, _ options: String...) throws -> [Substring] {
            let run = try fixture.assay.run(
                ["quarantine", kind, "orders", "--rule", Self.rule, "--reason", "look", "--dry-run"] + options)
            return Array(run.output.split(separator: "\n").drop { !$0.hasPrefix("as things stand") })
        }
        #expect(
            try tail("replay", "--set", "amount=abs(amount)") == ["as things stand: 3 records replayed: 3 to silver"])
        #expect(try tail("release") == ["as things stand: 3 records released: 3 to silver"])
        #expect(try tail("discard") == [])
        #expect(try fixture.count("quarantined") == 4)
    }

    @Test func releasesAndDiscards() throws {
        let fixture = try QuarantineFixture()
        defer { fixture.assay.remove() }
        let ids = try fixture.ids(rule: Self.rule)
        let released = try fixture.assay(
            "quarantine", "release", "orders", ids[0], ids[1], "--reason", "they are refunds")
        #expect(released.output == "orders: 2 records released: 2 to silver\n")
        let discarded = try fixture.assay("quarantine", "discard", "orders", "--all", "--reason", "nobody wants them")
        #expect(discarded.output == "orders: 2 records discarded\n")
        #expect(try fixture.count("released") == 2)
        #expect(try fixture.count("discarded") == 2)
        #expect(try fixture.count("quarantined") == 0)
        #expect(try fixture.silver().count == 8)
        let again = try fixture.assay("quarantine", "release", "orders", ids[0], "--reason", "again")
        #expect(again.output == "orders: no record is meant that nothing became of yet\n")
    }

    @Test func mendsRecords() throws {
        let fixture = try QuarantineFixture()
        defer { fixture.assay.remove() }
        let mended = try fixture.assay(
            "quarantine", "replay", "orders", "--set", "amount=abs(amount)", "--set",
            "note=concat('was ', text(amount))",
            "--reason", "the sign was wrong")
        #expect(mended.status == 0, "\(mended.errors)")
        #expect(mended.output == "orders: 4 records replayed: 4 to silver\n")
        #expect(try fixture.silver().contains { $0.contains(#""id":6,"amount":6,"note":"was -6""#) })
    }

    @Test func repetitionsOfLiveRecordsDontGoOn() throws {
        let fixture = try QuarantineFixture()
        defer { fixture.assay.remove() }
        try fixture.assay.write("id,amount,note,email\n2,2,good copy,x\n", to: "landing/b.csv")
        #expect(try fixture.assay("run", "--once").status == 0)
        try fixture.suite(minimum: -100)
        let run = try fixture.assay("quarantine", "replay", "orders", "--rule", Self.rule, "--reason", "fixed")
        #expect(run.output == "orders: 3 records replayed: 2 to silver, 1 repeated\n")
        #expect(try fixture.silverIDs() == [1, 2, 3, 4, 5, 6, 7, 9, 10])
    }

    @Test func showsARecordWhole() throws {
        let fixture = try QuarantineFixture()
        defer { fixture.assay.remove() }
        let id = try #require(try fixture.ids(rule: "malformed").first)
        let masked = try fixture.assay("quarantine", "show", id)
        #expect(masked.output.contains("malformed: too-many-fields: 5 fields, expected 4"))
        #expect(masked.output.contains(#""email":"x9@xxxxxxx.xxx""#))
        #expect(!masked.output.contains("p8@example.com"))
        let open = try fixture.assay("quarantine", "show", id, "--unmasked", "--pipeline", "orders")
        #expect(open.output.contains("raw     8,8,\"\",p8@example.com,more"))
        #expect(open.output.contains("  quarantined\n"))
    }

    @Test func letsAHeldBatchPass() throws {
        let fixture = try QuarantineFixture()
        defer { fixture.assay.remove() }
        let none = try fixture.assay("quarantine", "pass", "orders", "--reason", "why not")
        #expect(none.status == 2)
        #expect(none.errors == "error: no batch of orders is held\n")
        try fixture.suite(minimum: 0, onFail: "stop")
        try fixture.assay.write("id,amount,note,email\n20,20,,x\n21,-1,,y\n", to: "landing/b.csv")
        #expect(try fixture.assay("run", "--once").status == 1)
        let held = try fixture.assay("pipelines", "orders").output
        #expect(held.hasPrefix("orders: held\n"))
        // What was kept apart before can be worked on meanwhile.
        #expect(
            try fixture.assay("quarantine", "discard", "orders", "--rule", "malformed", "--reason", "no").output
                == "orders: 1 record discarded\n")
        #expect(try fixture.assay("quarantine", "pass", "orders", "--reason", "known", "--actor", "ann").status == 0)
        let run = try fixture.assay("run", "--once")
        #expect(run.status == 0, "\(run.errors)")
        #expect(try fixture.silverIDs() == [1, 3, 5, 7, 9, 10, 20])
        #expect(try fixture.assay("pipelines").output.hasPrefix("orders: stopped\n"))
    }

    @Test(arguments: [
        (
            ["replay", "orders", "nope", "--reason", "x"],
            "error: no quarantined record of orders has the id \"nope\"\n"
        ),
        (
            ["replay", "ordres", "--reason", "x"],
            "error: there is no pipeline \"ordres\" in assay.yaml; did you mean orders?\n"
        ),
        (["replay", "orders", "--set", "amuont=1", "--reason", "x"], "did you mean amount?"),
        (["replay", "orders", "--set", "amount", "--reason", "x"], "--set takes column=expression, not \"amount\""),
        (["replay", "orders", "--set", "amount=abs(", "--reason", "x"], "error: --set amount: "),
        (["replay", "orders"], "Missing expected argument '--reason <text>'"),
        (["replay", "orders", "--reason", " "], "--reason is empty: say why"),
        (["discard", "orders", "--reason", "x"], "say which records"),
        (["release", "orders", "--all", "--rule", "r", "--reason", "x"], "--all means all records"),
        (["replay", "orders", "--all", "--rule", "r", "--reason", "x"], "--all means all records"),
        (["list", "--status", "gone"], "'gone'"),
        (["show", "nope"], "error: no quarantined record has the id \"nope\"\n"),
    ])
    func refusesMistakes(_ arguments: [String], _ message: String) throws {
        let fixture = try QuarantineFixture()
        defer { fixture.assay.remove() }
        let run = try fixture.assay.run(["quarantine"] + arguments)
        #expect(run.status == 2)
        #expect(run.errors.contains(message), "\(run.errors)")
    }

    @Test func helps() throws {
        let assay = try Assay()
        defer { assay.remove() }
        for command in ["list", "show", "replay", "release", "discard", "pass"] {
            let run = try assay("quarantine", command, "--help")
            #expect(run.status == 0)
            #expect(run.output.contains("USAGE: assay quarantine \(command)"))
        }
        #expect(try assay("pipelines", "--help").output.contains("USAGE: assay pipelines"))
    }
}
