import Foundation
import Tables
import Testing

/// What people are told of rules that records broke, with the built binary.
@Suite struct QuarantineListTests {
    static let kind = "expect_column_values_to_be_in_set"

    /// A pipeline with a rule of each action, two of which are of one kind.
    private func project() throws -> Assay {
        let assay = try Assay()
        try assay.write(
            """
            assets: {silver: {delta: silver}}
            pipelines:
              o:
                source: {files: landing, settle: 0s}
                silver: {asset: silver, gate: {suite: s}}
            """, to: "assay.yaml")
        try assay.write(
            """
            suite: s
            expectations:
              - \(Self.kind): {column: note, value_set: [x]}
              - \(Self.kind): {column: email, value_set: [y]}
              - expect_column_values_to_be_between: {column: amount, max_value: 10, on_fail: warn}
              - expect_column_values_to_be_between: {column: amount, max_value: 100, on_fail: drop}
            """, to: "expectations/s.yaml")
        try land(assay, [("x", "y", 11), ("z", "y", 1), ("z", "z", 1), ("x", "y", 101)], as: "a")
        #expect(
            try assay("run", "--once", "--now", "2026-03-01T10:00:00Z").output
                .hasPrefix("batch 1: 4 records, 1 to silver, 2 quarantined, 1 dropped, 2 warnings ("))
        return assay
    }

    private func land(_ assay: Assay, _ records: [(note: String, email: String, amount: Int)], as name: String) throws {
        let lines = records.map { #"{"note": "\#($0)", "email": "\#($1)", "amount": \#($2)}"# + "\n" }
        try assay.write(lines.joined(), to: "landing/\(name).jsonl")
    }

    @Test func tellsRulesOfOneKindApart() throws {
        let assay = try project()
        defer { assay.remove() }
        try land(assay, [("z", "y", 1)], as: "b")
        #expect(try assay("run", "--once", "--now", "2026-03-02T10:00:00Z").status == 0)
        #expect(
            try assay("quarantine", "list", "o", "--limit", "0").output == """
                o: 3 records quarantined
                  rule                               columns  records  since                 until                 files
                  \(Self.kind)  note           3  2026-03-01T10:00:00Z  2026-03-02T10:00:00Z  a.jsonl and 1 more
                  \(Self.kind)  email          1  2026-03-01T10:00:00Z  2026-03-01T10:00:00Z  a.jsonl

                """)
        let json = try JSONSerialization.jsonObject(
            with: Data(try assay("quarantine", "list", "o", "--format", "json").output.utf8))
        let rule = try #require((((json as? [NSDictionary])?.first?["rules"]) as? [NSDictionary])?.first)
        let expected: NSDictionary = [
            "rule": Self.kind, "columns": ["note"], "count": 3, "since": "2026-03-01T10:00:00Z",
            "until": "2026-03-02T10:00:00Z", "of_other_files": 0,
            "files": [
                ["file": "a.jsonl", "count": 2, "since": "2026-03-01T10:00:00Z", "until": "2026-03-01T10:00:00Z"],
                ["file": "b.jsonl", "count": 1, "since": "2026-03-02T10:00:00Z", "until": "2026-03-02T10:00:00Z"],
            ],
        ]
        #expect(rule == expected)
    }

    @Test func tellsWhatEachRuleDid() throws {
        let assay = try project()
        defer { assay.remove() }
        try land(assay, [("x", "y", 12)], as: "b")
        let run = try assay("run", "--once", "--format", "json")
        let sentence = "values of amount are at most 10"
        #expect(run.output.contains(#""rules":[{"rule":"\#(sentence)","action":"warn","count":1}]"#), "\(run.output)")
        let status = try assay("pipelines").output
        #expect(
            status.contains("    silver: 1 in, 1 out\n    \(sentence): 1 record (warn)\n  in 2 batches\n"), "\(status)")
        #expect(status.contains("\n    \(sentence): 3 records (warn)\n"))
        #expect(status.contains("\n    values of amount are at most 100: 1 record (drop)\n"))
        let json = try assay("pipelines", "--format", "json").output
        let document = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? NSDictionary
        let pipeline = (document?["pipelines"] as? [NSDictionary])?.first
        #expect((pipeline?["rules"] as? [NSDictionary])?.first == ["rule": sentence, "action": "warn", "count": 3])
        #expect(
            ((pipeline?["last_batch"] as? NSDictionary)?["rules"] as? [NSDictionary])
                == [["rule": sentence, "action": "warn", "count": 1]])
    }

    /// Nothing that is quarantined is forgotten because its table isn't there.
    @Test(arguments: [["list", "o"], ["replay", "o", "--reason", "x"], ["show", "nope"]])
    func saysWhereTheTableIsGone(_ arguments: [String]) throws {
        let assay = try project()
        defer { assay.remove() }
        let folder = assay.folder.appendingPathComponent("data/quarantine/o")
        try FileManager.default.moveItem(at: folder, to: assay.folder.appendingPathComponent("away"))
        let run = try assay.run(["quarantine"] + arguments)
        #expect(run.status == 3)
        #expect(run.output == "")
        #expect(run.errors.contains("the pipeline's state knows of records that were kept apart [table-lost]"))
    }

    /// Who looks at pages is told the same.
    @Test func theServiceSaysSoToo() async throws {
        let assay = try project()
        defer { assay.remove() }
        let folder = assay.folder.appendingPathComponent("data/quarantine/o")
        try FileManager.default.moveItem(at: folder, to: assay.folder.appendingPathComponent("away"))
        let service = try RunningService(assay)
        defer { service.kill() }
        let answer = try await service.get("/api/v1/pipelines/o/quarantine")
        #expect(answer.status == 409)
        #expect(answer.json?["error"]?["code"]?.string == "table-lost")
        let rules = try await service.get("/api/v1/pipelines/o").json?["rules"]?.items ?? []
        #expect(rules.map { $0["action"]?.string } == ["warn", "quarantine", "drop", "quarantine"])
        #expect(rules.map { $0["count"]?.integer } == [2, 2, 1, 1])
        #expect(try service.stop() == 0)
    }

    @Test(arguments: [
        (["--rule", "expect_column_values_to_be_in_sets"], "did you mean \(kind)?"),
        (["--rule", "between"], "\n  hint: the rules are expect_column_values_to_be_between, \(kind)\n"),
        (["--file", "a.jsonll"], "no record of a file \"a.jsonll\" was ever kept apart; did you mean a.jsonl?"),
    ])
    func refusesWhatNeverWas(_ options: [String], _ message: String) throws {
        let assay = try project()
        defer { assay.remove() }
        for arguments in [
            ["list"], ["list", "o"], ["replay", "o", "--reason", "x"], ["discard", "o", "--reason", "x"],
        ] {
            let run = try assay.run(["quarantine"] + arguments + options)
            #expect(run.status == 2)
            #expect(run.errors.contains(message), "\(run.errors)")
        }
    }

    /// A rule that no record breaks any more, or did yet, is none that is misspelt.
    @Test func knowsRulesThatNothingBreaks() throws {
        let assay = try project()
        defer { assay.remove() }
        let options = ["--rule", "expect_column_values_to_be_between", "--reason", "x"]
        #expect(try assay.run(["quarantine", "replay", "o"] + options).status == 0)
    }

    @Test func tellsTheStatusOfEachRecord() throws {
        let assay = try project()
        defer { assay.remove() }
        #expect(try assay("quarantine", "release", "o", "--all", "--reason", "x").status == 0)
        let list = try assay("quarantine", "list", "o", "--status", "all").output
        #expect(list.contains("  attempt  status    when"))
        #expect(list.contains("  released  2026-03-01T10:00:00Z"))
    }

    /// What fails again and again is in nobody's way for ever.
    @Test func withdrawsARequest() throws {
        let assay = try project()
        defer { assay.remove() }
        let silver = assay.folder.appendingPathComponent("silver")
        let away = assay.folder.appendingPathComponent("away")
        try FileManager.default.moveItem(at: silver, to: away)
        #expect(
            try assay(
                "quarantine", "release", "o", "--all", "--reason", "x", "--actor", "ann", "--now",
                "2026-03-02T10:00:00Z"
            )
            .status == 3)
        try FileManager.default.moveItem(at: away, to: silver)
        #expect(
            try assay("pipelines").output.contains(
                "  request 1 waits since 2026-03-02T10:00:00Z: release, by ann: x\n"
                    + "    take it back: assay quarantine withdraw o 1 --reason TEXT\n"))
        let run = try assay("quarantine", "withdraw", "o", "1", "--reason", "wrong rule", "--actor", "bob")
        #expect(run.status == 0 && run.output == "o: request 1 is withdrawn\n", "\(run.errors)")
        #expect(!(try assay("pipelines").output.contains("request 1")))
        let next = try assay("run", "--once")
        #expect(next.status == 0)
        #expect(next.errors.contains("is given up: request 1, which it is part of, was withdrawn\n"), "\(next.errors)")
        #expect(try assay("pipelines").output.contains("quarantine 2 open, 0 resolved"))
        #expect(assay.names(in: "data/pipelines/o/replay").isEmpty)
        let again = try assay("quarantine", "withdraw", "o", "1", "--reason", "again")
        #expect(again.status == 2 && again.errors.contains("request 1: it is withdrawn already [bad-argument]"))
        let unknown = try assay("quarantine", "withdraw", "o", "7", "--reason", "again")
        #expect(unknown.status == 2 && unknown.errors.contains("request 7: there is no such request [not-found]"))
    }

    /// A table that another one stands in the place of can't be written; what was asked for is carried out later.
    @Test func tellsOfARequestThatStays() throws {
        let assay = try project()
        defer { assay.remove() }
        let silver = assay.folder.appendingPathComponent("silver")
        let away = assay.folder.appendingPathComponent("away")
        try FileManager.default.moveItem(at: silver, to: away)
        let run = try assay("quarantine", "release", "o", "--all", "--reason", "x")
        #expect(run.status == 3)
        #expect(
            run.errors.contains(
                "o: request 1 stays: the next process that runs the pipeline carries it out, or what is left of it\n"
                    + "  hint: or take it back: assay quarantine withdraw o 1 --reason TEXT\n"))
        try FileManager.default.moveItem(at: away, to: silver)
        #expect(try assay("run", "--once").status == 0)
        #expect(try assay("pipelines").output.contains("quarantine 0 open, 2 resolved"))
    }
}
