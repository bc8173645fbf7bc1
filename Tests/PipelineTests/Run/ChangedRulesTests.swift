import Foundation
import Pipeline
import Suites
import TestSupport
import Testing

/// What becomes of batches when the rules, the schema or the tables are others than they were.
@Suite struct ChangedRulesTests {
    private static let strict = "columns: {id: {required: true}, amount: {type: int64, between: [0, 10]}}\n"
    private static let lax = "columns: {id: {required: true}, amount: {type: int64, between: [0, 1000]}}\n"
    private static let now: Int64 = 1_800_000_000_000_000

    /// Nothing of a batch that was planned and not committed was seen: it is judged by the rules of now.
    @Test func plansABatchAnewWhoseRulesAreOthers() async throws {
        let pipeline = try TestPipeline(silver: "gate: {suite: events}", suite: Self.strict)
        try pipeline.land([#"{"id": 1, "amount": 5}"#, #"{"id": 2, "amount": 500}"#])
        #expect(try await pipeline.run(stoppingAt: .planned) == .stopped)
        try pipeline.change(suite: Self.lax)
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "id") == ["1", "2"])
        #expect(pipeline.counts.quarantined == 0)
        #expect(
            pipeline.notes.contains("batch 1 was planned by another definition than that of now: it is planned anew"))
    }

    /// Behind its commit point a batch is carried through as it was decided.
    @Test func carriesAPreparedBatchThrough() async throws {
        let pipeline = try TestPipeline(silver: "gate: {suite: events}", suite: Self.strict)
        try pipeline.land([#"{"id": 1, "amount": 5}"#, #"{"id": 2, "amount": 500}"#])
        #expect(try await pipeline.run(stoppingAt: .prepared) != .held(reason: ""))
        try pipeline.change(suite: Self.lax)
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "id") == ["1"])
    }

    @Test func triesAHeldBatchAtOnceByOtherRules() async throws {
        let pipeline = try TestPipeline(
            silver: "gate: {suite: events, stop_above: 0.1, retry_after: 1h}", suite: Self.strict)
        try pipeline.land([#"{"id": 1, "amount": 5}"#, #"{"id": 2, "amount": 500}"#])
        guard case .held = try await pipeline.run() else {
            Issue.record("it is not held")
            return
        }
        // The same rules wait for their time.
        guard case .held = try await pipeline.run(now: Self.now + 1_000_000) else {
            Issue.record("it is not held")
            return
        }
        #expect(try pipeline.rows("silver").isEmpty)
        try pipeline.change(suite: Self.lax)
        #expect(try await pipeline.run(now: Self.now + 2_000_000) == .caughtUp)
        #expect(try pipeline.cells("silver", "id") == ["1", "2"])
    }

    static let changes = [
        ("columns: {amount: int64}", "columns: {amount: string}"), ("missing_values: []", "missing_values: [n/a]"),
    ]

    /// How records are read decides about them, too.
    @Test(arguments: changes) func plansABatchAnewThatIsReadOtherwise(_ before: String, _ after: String) async throws {
        let pipeline = try TestPipeline(source: before)
        try pipeline.land([#"{"id": 1, "amount": "n/a"}"#])
        #expect(try await pipeline.run(stoppingAt: .planned) == .stopped)
        try pipeline.change { $0.replacing(before, with: after) }
        #expect(try await pipeline.run() == .caughtUp)
        #expect(
            pipeline.notes.contains("batch 1 was planned by another definition than that of now: it is planned anew"))
        #expect(pipeline.counts.quarantined == 0)
    }

    @Test func triesAHeldBatchAtOnceByOtherTypes() async throws {
        let pipeline = try TestPipeline(
            silver: "gate: {suite: events, stop_above: 0.1, retry_after: 1h}",
            suite: "columns: {amount: {type: int64}}\n")
        try pipeline.land([#"{"id": 1, "amount": "five"}"#])
        guard case .held = try await pipeline.run() else {
            Issue.record("it is not held")
            return
        }
        try pipeline.change(suite: "columns: {amount: {type: string}}\n")
        #expect(try await pipeline.run(now: Self.now + 1_000_000) == .caughtUp)
        #expect(try pipeline.cells("silver", "amount") == ["five"])
    }

    /// A table of gold may read what the batch wasn't planned with.
    @Test func plansABatchAnewForOtherWindows() async throws {
        let pipeline = try TestPipeline(
            beside: """
                gold:
                  - asset: gold
                    window: {column: at, size: 1h}
                    aggregate: {n: "count(*)"}
                """)
        try pipeline.land([#"{"id": 1, "at": "2026-01-01T10:00:00Z"}"#])
        #expect(try await pipeline.run(stoppingAt: .planned) == .stopped)
        try pipeline.change { $0.replacing("aggregate: {n:", with: "group_by: [k]\n        aggregate: {n:") }
        #expect(try await pipeline.run() == .caughtUp)
        #expect(pipeline.counts.output == 1)
    }

    static let consequences = [
        (
            "columns: {amount: {between: [0, 10], on_fail: stop}}",
            "columns: {amount: {between: [0, 10], on_fail: drop}}"
        ),
        ("columns: {amount: {between: [0, 10], on_fail: stop}}", "columns: {amount: {between: [0, 10]}}"),
        ("columns: {amount: {mean: [0, 10]}}", "columns: {amount: {mean: [0, 10], severity: warning}}"),
    ]

    /// What becomes of records and batches that break a rule is a part of the rule.
    @Test(arguments: consequences) func triesAHeldBatchAtOnceByOtherConsequences(
        _ suite: String, _ milder: String
    ) async throws {
        let pipeline = try TestPipeline(silver: "gate: {suite: events, retry_after: 1h}", suite: suite + "\n")
        try pipeline.land([#"{"id": 1, "amount": 5}"#, #"{"id": 2, "amount": 500}"#])
        guard case .held = try await pipeline.run() else {
            Issue.record("it is not held")
            return
        }
        guard case .held = try await pipeline.run(now: Self.now + 1_000_000) else {
            Issue.record("it is not held")
            return
        }
        try pipeline.change(suite: milder + "\n")
        #expect(try await pipeline.run(now: Self.now + 2_000_000) == .caughtUp)
        #expect(pipeline.counts.input == 2)
    }

    @Test func plansABatchAnewThatWouldFareOtherwise() async throws {
        let pipeline = try TestPipeline(
            silver: "gate: {suite: events}", suite: "columns: {amount: {between: [0, 10], severity: warning}}\n")
        try pipeline.land([#"{"id": 1, "amount": 5}"#, #"{"id": 2, "amount": 500}"#])
        #expect(try await pipeline.run(stoppingAt: .planned) == .stopped)
        try pipeline.change(suite: "columns: {amount: {between: [0, 10]}}\n")
        #expect(try await pipeline.run() == .caughtUp)
        #expect(pipeline.counts.quarantined == 1)
        #expect(
            pipeline.notes.contains("batch 1 was planned by another definition than that of now: it is planned anew"))
    }

    /// A source that may have no new columns holds the batch that has some, until somebody decides.
    @Test func holdsABatchWithColumnsThatAreNotWanted() async throws {
        let pipeline = try TestPipeline(
            silver: "gate: {suite: events}", suite: Self.strict, source: "schema_evolution: fail")
        try pipeline.land([#"{"id": 1, "amount": 5}"#])
        try pipeline.land([#"{"id": 2, "amount": 6, "colour": "red"}"#])
        try pipeline.land([#"{"id": 3, "amount": 7}"#])
        let reason = "2.jsonl: the file has a column that is none of the source's: 'colour'"
        #expect(try await pipeline.run() == .held(reason: reason))
        #expect(try pipeline.cells("silver", "id") == ["1"])
        #expect(pipeline.events.contains { if case .held(_, reason, _) = $0 { true } else { false } })
        // Not before its time, and then the same again, after twice as long.
        #expect(try await pipeline.run(now: Self.now + 1_000_000) == .held(reason: reason))
        #expect(try await pipeline.run(now: Self.now + 301_000_000) == .held(reason: reason))
        try pipeline.letPass()
        #expect(try await pipeline.run(now: Self.now + 302_000_000) == .caughtUp)
        #expect(try pipeline.cells("silver", "id") == ["1", "2", "3"])
        #expect(try pipeline.cells("bronze", "_rescued") == ["-", #"{"colour":"red"}"#, "-"])
    }

    /// A column that is not wanted is one wherever in a file it begins, also in the very first.
    @Test func holdsABatchWithColumnsBehindABeginning() async throws {
        let pipeline = try TestPipeline(
            silver: "gate: {suite: events}", suite: Self.strict, source: "schema_evolution: fail")
        let long = { (id: Int, count: Int) in
            #"{"id": \#(id), "amount": 5, "note": "\#(String(repeating: "x", count: count))"}"#
        }
        try pipeline.land([long(1, 1), long(2, 300_000), #"{"id": 3, "amount": 6, "late": 1, "later": 2}"#])
        let first = "1.jsonl: the file has columns that are none of the source's: 'late', 'later'"
        #expect(try await pipeline.run() == .held(reason: first))
        #expect(try pipeline.rows("silver").isEmpty)
        #expect(try await pipeline.run(now: Self.now + 301_000_000) == .held(reason: first))
        try pipeline.letPass()
        #expect(try await pipeline.run(now: Self.now + 302_000_000) == .caughtUp)
        #expect(try pipeline.cells("bronze", "_rescued") == ["-", "-", #"{"late":1,"later":2}"#])
        try pipeline.land([long(4, 1), long(5, 9 << 20), #"{"id": 6, "amount": 6, "other": 1}"#])
        #expect(
            try await pipeline.run(now: Self.now + 303_000_000)
                == .held(reason: "2.jsonl: the file has a column that is none of the source's: 'other'"))
        #expect(try pipeline.cells("silver", "id") == ["1", "2", "3"])
        // Names that can be no columns are rescued in any mode.
        try pipeline.letPass()
        try pipeline.land([long(7, 1), #"{"id": 8, "amount": 6, "ID": 1, "_batch": 5}"#])
        #expect(try await pipeline.run(now: Self.now + 304_000_000) == .caughtUp)
        #expect(try pipeline.cells("silver", "id") == ["1", "2", "3", "4", "5", "6", "7", "8"])
    }

    /// How often a batch failed by other rules doesn't lengthen the wait by these.
    @Test func waitsAsAtFirstByOtherRules() async throws {
        let pipeline = try TestPipeline(
            silver: "gate: {suite: events, stop_above: 0.1, retry_after: 10m}", suite: Self.strict)
        let hour: Int64 = 3_600_000_000
        func ends() -> [Int64] {
            pipeline.events.compactMap { if case .held(_, _, let until) = $0 { until } else { nil } }
        }
        try pipeline.land([#"{"id": 1, "amount": 5}"#, #"{"id": 2, "amount": 5000}"#])
        _ = try await pipeline.run()
        _ = try await pipeline.run(now: Self.now + hour / 6)
        #expect(ends() == [Self.now + hour / 6, Self.now + hour / 2])
        try pipeline.change(suite: Self.lax)
        _ = try await pipeline.run(now: Self.now + hour / 4)
        #expect(ends().last == Self.now + hour / 4 + hour / 6)
        try pipeline.change(silver: "gate: {suite: events, stop_above: 0.1, retry_after: 1s}")
        _ = try await pipeline.run(now: Self.now + hour / 3)
        #expect(ends().last == Self.now + hour / 3 + 1_000_000)
    }

    /// Nothing has another type before a batch that brings it is committed.
    @Test func tellsOfAnotherTypeWhenItIsCommitted() async throws {
        let pipeline = try TestPipeline(
            silver: "gate: {suite: events, stop_above: 0.1, retry_after: 1h}",
            suite: "columns: {id: {required: true}}\n")
        try pipeline.land([#"{"id": 1, "amount": 5}"#])
        try pipeline.land([#"{"id": 2, "amount": 12.5}"#, #"{"amount": 1}"#])
        guard case .held = try await pipeline.run() else {
            Issue.record("it is not held")
            return
        }
        #expect(pipeline.notes.isEmpty)
        try pipeline.letPass()
        #expect(try await pipeline.run() == .caughtUp)
        #expect(pipeline.notes == ["the column \"amount\" is float64 from now on, and was int64"])
    }

    /// Tables that a new state knows nothing of are left alone, and it is said what to put where.
    @Test func noticesAStateThatIsGone() async throws {
        let pipeline = try TestPipeline(silver: "gate: {suite: events}", suite: Self.strict)
        try pipeline.land([#"{"id": 1, "amount": 5}"#])
        #expect(try await pipeline.run() == .caughtUp)
        let state = pipeline.definition.state
        try FileManager.default.moveItem(atPath: state, toPath: pipeline.scratch.path("copy"))
        let error = await #expect(throws: PipelineError.self) { try await pipeline.run() }
        #expect(error?.code == .stateLost)
        #expect(
            error?.hint
                == "remove the folder of state, \(state), and put a copy of the right one in its place; with the one that is there "
                + "records would be read and written again")
        try FileManager.default.removeItem(atPath: state)
        try FileManager.default.moveItem(atPath: pipeline.scratch.path("copy"), toPath: state)
        try pipeline.land([#"{"id": 2, "amount": 5}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "id") == ["1", "2"])
    }

    @Test(arguments: ["silver", "kept", "gold"]) func noticesATableThatIsGone(_ table: String) async throws {
        let pipeline = try TestPipeline(
            silver: "select: {at: timestamp(at)}\ngate: {suite: events}", suite: Self.strict,
            beside: """
                gold:
                  - asset: gold
                    window: {column: at, size: 1m}
                    aggregate: {records: "count(*)"}
                """)
        try pipeline.land([
            #"{"id": 1, "amount": 5, "at": "2026-01-01T00:00:00Z"}"#, #"{"id": 2, "amount": 500}"#,
            #"{"id": 3, "amount": 5, "at": "2026-01-01T02:00:00Z"}"#,
        ])
        #expect(try await pipeline.run() == .caughtUp)
        try FileManager.default.removeItem(at: URL(fileURLWithPath: pipeline.scratch.path(table)))
        try pipeline.land([#"{"id": 4, "amount": 5, "at": "2026-01-01T03:00:00Z"}"#])
        let error = await #expect(throws: PipelineError.self) { try await pipeline.run() }
        #expect(error?.code == .tableLost)
    }
}

/// How names and times of the source are understood.
@Suite struct SourceMeaningTests {
    @Test func readsClockTimesInTheSourcesZone() async throws {
        let pipeline = try TestPipeline(
            silver: """
                select: {at: timestamp(at), known: "timestamp('2026-07-01 10:00:00')"}
                filter: "timestamp(at) >= timestamp('2026-01-01T00:00:00Z')"
                """, source: "timezone: Europe/Berlin")
        try pipeline.land([
            #"{"id": 1, "at": "x2026-07-01 12:00:00"}"#, #"{"id": 2, "at": "2026-07-01 12:00:00"}"#,
            #"{"id": 3, "at": "2026-12-01T12:00:00"}"#, #"{"id": 4, "at": "2026-12-01T12:00:00+01:00"}"#,
            #"{"id": 5, "at": "2026-01-01T00:30:00"}"#,
        ])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(
            try pipeline.rows("silver").map { "\($0["id"] ?? "") \($0["at"] ?? "")" } == [
                "2 2026-07-01T10:00:00Z", "3 2026-12-01T11:00:00Z", "4 2026-12-01T11:00:00Z",
            ])
        // What the author writes is in UTC, as everywhere.
        #expect(try pipeline.cells("silver", "known").allSatisfy { $0 == "2026-07-01T10:00:00Z" })
        #expect((pipeline.counts.quarantined, pipeline.counts.filtered) == (1, 1))
    }

    @Test func tellsOfColumnsThatNearlyHaveTheNameOfAnother() async throws {
        let pipeline = try TestPipeline(
            silver: "gate: {suite: events}",
            suite: "columns: {amonut: {required: true, on_fail: warn}, later: {required: true, on_fail: warn}}\n")
        try pipeline.land([#"{"id": 1, "amount": 5}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(
            pipeline.notes == [
                "no record has had the column \"amonut\", which the stages read: it is missing in all of them; did you mean \"amount\"?"
            ])
    }

    /// Times from the future make others late only as far as somebody trusts them.
    @Test(arguments: [("1d", 1), ("1h", 0)]) func trustsTheFutureAsFarAsIsSaid(
        _ tolerance: String, _ late: Int
    ) async throws {
        let pipeline = try TestPipeline(
            silver: """
                select: {at: timestamp(at)}
                deduplicate: {by: id, within: 1h, column: at, lateness: 1h, future_tolerance: \(tolerance)}
                """)
        // The clock of the batches is 2027-01-15T08:00:00Z.
        try pipeline.land([#"{"id": 1, "at": "2027-01-15T18:00:00Z"}"#])
        try pipeline.land([#"{"id": 2, "at": "2027-01-15T08:00:00Z"}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(pipeline.counts.late == late)
    }
}

/// Uniqueness and deduplication by the same columns.
@Suite struct UniqueKeyTests {
    private static let lines = [
        #"{"id": 1, "part": 1}"#, #"{"id": 1, "part": 1}"#, #"{"id": 1, "part": 2}"#, #"{"part": 1}"#,
        #"{"part": 1}"#,
    ]

    /// What deduplication leaves out breaks no rule.
    @Test func countsRepetitionsThatARuleForbidsToo() async throws {
        let pipeline = try TestPipeline(
            silver: "deduplicate: {by: id}\ngate: {suite: events}", suite: "columns: {id: {unique: true}}\n")
        try pipeline.land(Self.lines)
        try pipeline.land(Self.lines)
        #expect(try await pipeline.run() == .caughtUp)
        let counts = pipeline.counts
        #expect((counts.output, counts.deduplicated, counts.quarantined) == (5, 5, 0))
    }

    /// A rule about more columns than the key is kept by deduplication, one about fewer isn't.
    @Test func judgesRepetitionsOfOtherKeys() async throws {
        let wider = try TestPipeline(
            silver: "deduplicate: {by: id}\ngate: {suite: events}",
            suite: "expectations: [{expect_compound_columns_to_be_unique: {column_list: [id, part]}}]\n")
        try wider.land(Self.lines)
        #expect(try await wider.run() == .caughtUp)
        // Records without the key are asked still: who they are deduplication can't tell.
        #expect((wider.counts.output, wider.counts.deduplicated, wider.counts.quarantined) == (2, 2, 1))
        let narrower = try TestPipeline(
            silver: "deduplicate: {by: [id, part]}\ngate: {suite: events}", suite: "columns: {id: {unique: true}}\n")
        try narrower.land(Self.lines)
        #expect(try await narrower.run() == .caughtUp)
        // The copy repeats the first record, and takes no id from the third.
        #expect((narrower.counts.output, narrower.counts.deduplicated, narrower.counts.quarantined) == (3, 1, 1))
    }
}
