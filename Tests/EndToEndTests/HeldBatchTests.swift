import Foundation
import Testing

/// What becomes of a batch that is held, with the built binary.
@Suite struct HeldBatchTests {
    /// A project whose gate holds batches, and whose second batch is held: two records, both with amounts that are too large.
    private struct Fixture {
        let assay: Assay

        init(gate: String = "stop_above: {share: 0.29, min_rows: 2}") throws {
            assay = try Assay()
            try project(gate: gate)
            try assay.write(
                "suite: s\ncolumns: {amount: {type: int64, between: [0, 10]}}\n", to: "expectations/s.yaml")
            try land([1, 2, 3, 50], as: "a")
            #expect(try run("10:00:00").status == 0)
            try land([60, 70], as: "b")
            #expect(try run("10:01:00").status == 1)
        }

        func project(gate: String, source: String = "files: landing") throws {
            try assay.write(
                """
                assets: {silver: {delta: silver}}
                pipelines:
                  o:
                    source: {\(source), settle: 0s}
                    silver: {asset: silver, gate: {suite: s, \(gate)}}
                """, to: "assay.yaml")
        }

        func land(_ amounts: [Int], as name: String) throws {
            try assay.write(amounts.map { "{\"amount\": \($0)}\n" }.joined(), to: "landing/\(name).jsonl")
        }

        func run(_ time: String) throws -> Assay.Run {
            try assay("run", "--once", "--now", time.contains("T") ? time : "2026-03-01T\(time)Z")
        }

        func replay(_ time: String) throws -> Assay.Run {
            try assay("quarantine", "replay", "o", "--reason", "x", "--now", "2026-03-01T\(time)Z")
        }

        var status: String { get throws { try assay("pipelines").output } }

        var records: Int {
            get throws {
                try assay("inspect", "silver", "--rows", "99").output.split(separator: "\n")
                    .count { $0.hasPrefix("{") }
            }
        }
    }

    /// What is asked for meanwhile neither ends the hold nor begins it anew.
    @Test func noRequestEndsAHold() throws {
        let fixture = try Fixture()
        defer { fixture.assay.remove() }
        let replay = try fixture.replay("10:02:00")
        #expect(replay.status == 0, "\(replay.errors)")
        #expect(replay.output == "o: 1 record replayed: 1 quarantined again\n")
        #expect(try fixture.status.contains("  since 2026-03-01T10:01:00Z"))
        #expect(try fixture.status.contains("tried again when the pipeline runs, at 2026-03-01T10:06:00Z or later"))
        // What came since doesn't outweigh it, then or when its time has come.
        try fixture.land([1, 2, 3, 4, 5, 6], as: "d")
        #expect(try fixture.run("10:02:30").status == 1)
        #expect(try fixture.run("10:06:00").status == 1)
        #expect(try fixture.replay("10:07:00").status == 0)
        #expect(try fixture.status.contains("  since 2026-03-01T10:01:00Z"))
        #expect(try fixture.status.contains("tried again when the pipeline runs, at 2026-03-01T10:16:00Z or later"))
        #expect(try fixture.records == 3)
        #expect(try fixture.assay("quarantine", "pass", "o", "--reason", "known").status == 0)
        #expect(try fixture.replay("10:08:00").status == 0)
        #expect(try fixture.run("10:09:00").status == 0)
        #expect(try fixture.records == 9)
        #expect(try fixture.status.contains("quarantine 3 open, 3 resolved"))
    }

    /// A process that dies before it has planned the batch anew forgets neither what it was nor that it was let pass.
    @Test(arguments: ["before-plan", "planned", "ran"]) func aTrialThatDiesIsBegunAgain(_ point: String) throws {
        let fixture = try Fixture()
        defer { fixture.assay.remove() }
        try fixture.land([1, 2, 3, 4, 5, 6], as: "d")
        func die(_ time: String) throws {
            _ = try fixture.assay.run(
                ["run", "--once", "--now", "2026-03-01T\(time)Z"], environment: ["ASSAY_DIE_AT": point])
        }
        try die("10:06:00")
        #expect(try fixture.replay("10:06:10").status == 0)
        try die("10:06:20")
        let run = try fixture.run("10:20:00")
        #expect(run.errors.contains("is held: 2 of 2 records would be quarantined"), "\(run.errors)")
        #expect(try fixture.status.contains("  since 2026-03-01T10:01:00Z"))
        #expect(try fixture.records == 3)
        #expect(try fixture.assay("quarantine", "pass", "o", "--reason", "known").status == 0)
        try die("10:21:00")
        #expect(try fixture.run("10:21:10").status == 0)
        #expect(try fixture.records == 9)
    }

    @Test func passesOnlyTheBatchThatItWasGivenFor() throws {
        let fixture = try Fixture()
        defer { fixture.assay.remove() }
        #expect(try fixture.assay("quarantine", "pass", "o", "--reason", "known").status == 0)
        try FileManager.default.removeItem(at: fixture.assay.folder.appendingPathComponent("landing/b.jsonl"))
        try fixture.land([80, 90], as: "c")
        let run = try fixture.run("10:02:00")
        #expect(run.status == 1)
        #expect(run.errors.contains("b.jsonl is set aside: it is gone"))
        #expect(run.errors.contains("nothing is left of batch 2, which was to pass: what comes now is judged as ever"))
        #expect(run.errors.contains("batch 3 is held: 2 of 2 records would be quarantined"))
        #expect(try fixture.status.contains("  since 2026-03-01T10:02:00Z"))
        #expect(try fixture.records == 3)
    }

    @Test func waitsByTheClockOfNow() throws {
        let fixture = try Fixture()
        defer { fixture.assay.remove() }
        #expect(try fixture.run("2040-01-01T00:00:00Z").status == 1)
        #expect(try fixture.status.contains("tried again when the pipeline runs, at 2040-01-01T00:10:00Z or later"))
        let run = try fixture.run("10:05:00")
        #expect(run.status == 1)
        #expect(run.errors.contains("tried again at 2026-03-01T10:25:00Z"))
    }

    @Test func waitsAsLongAsTheGateSays() throws {
        let fixture = try Fixture(gate: "stop_above: {share: 0.29, min_rows: 2}, retry_after: 1h")
        defer { fixture.assay.remove() }
        #expect(try fixture.run("10:02:00").errors.contains("tried again at 2026-03-01T11:01:00Z"))
        try fixture.project(gate: "stop_above: {share: 0.29, min_rows: 2}, retry_after: 1s")
        #expect(try fixture.run("10:03:00").errors.contains("batch 3 is held"))
    }

    @Test(arguments: ["files: other", "files: landing, pattern: \"c*.jsonl\""])
    func tellsOfFilesThatTheSourceHasNoMore(_ source: String) throws {
        let fixture = try Fixture()
        defer { fixture.assay.remove() }
        try fixture.assay.write("", to: "other/.keep")
        try fixture.project(gate: "stop_above: {share: 0.29, min_rows: 2}", source: source)
        let run = try fixture.run("10:06:00")
        #expect(run.status == 3)
        #expect(
            run.errors.contains(
                "b.jsonl is set aside: it is none of the source's files any more, and its records (30 bytes) were held "
                    + "with batch 2: they are in no table [not-found]"), "\(run.errors)")
        #expect(try fixture.status.hasPrefix("o: stopped"))
    }
}
