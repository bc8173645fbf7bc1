import Delta
import Expectations
import Foundation
import Intake
import Suites
import Tables
import TestSupport
import Testing

@testable import Pipeline

/// What the first records happen to lack, or to have of another sort, is a matter of those records and of no other.
@Suite struct AwaitedColumnTests {
    private static let gated = "gate: {suite: events, on_fail: quarantine}"
    private static let suite = "columns: {amount: {between: [0, 100]}}\n"

    /// The type of a table's column; `nil` where the table hasn't got it.
    private func type(_ layer: String, _ column: String, _ pipeline: TestPipeline) throws -> String? {
        try DeltaTable(pipeline.scratch.path(layer)).snapshot().schema[column].map { "\($0.type)" }
    }

    @Test(arguments: [
        ("a.jsonl", [#"{"id":1,"amount":5}"#, #"{"id":2,"amount":"abc"}"#, #"{"id":3,"amount":7}"#]),
        ("a.csv", ["id,amount", "1,5", "2,abc", "3,7"]),
    ]) func keepsATextAmongTheFirstNumbersApart(_ name: String, _ lines: [String]) async throws {
        let pipeline = try TestPipeline(silver: Self.gated, suite: Self.suite)
        try pipeline.land(lines, as: name)
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "amount") == ["5", "7"])
        #expect(try type("silver", "amount", pipeline) == "long")
        #expect(try pipeline.cells("kept", "rules") == [#"["type.amount","expect_column_values_to_be_between"]"#])
        #expect(
            pipeline.notes == [
                "\"amount\" has values that are string among its first, and whether values of amount are between 0 and 100 "
                    + "can't be asked of those: it is int64, and they are kept apart; where they are right, declare the type"
            ])
        try pipeline.land([#"{"id": 4, "amount": 12.5}"#, #"{"id": 5, "amount": "x"}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "amount") == ["5.0", "7.0", "12.5"])
    }

    /// Where such values may go on, the column has room for them.
    @Test func letsTextsGoOnOfWhichNothingStrictIsAsked() async throws {
        let pipeline = try TestPipeline(
            silver: "gate: {suite: events}", suite: "columns: {amount: {between: [0, 100], on_fail: warn}}\n")
        try pipeline.land([#"{"id":1,"amount":5}"#, #"{"id":2,"amount":"abc"}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "amount") == ["5", "abc"])
        #expect(
            pipeline.notes == [
                "\"amount\" is string, of which can't be asked whether values of amount are between 0 and 100: such values "
                    + "break the rule; where they are right, declare the column's type"
            ])
    }

    /// What only looks like a time is a text to a rule that isn't about times.
    @Test func keepsATimeAmongTheFirstNumbersApart() async throws {
        let pipeline = try TestPipeline(silver: Self.gated, suite: Self.suite)
        try pipeline.land([#"{"id": 1, "amount": "2026-01-01"}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("kept", "rules") == [#"["type.amount","expect_column_values_to_be_between"]"#])
        try pipeline.land([#"{"id": 1, "amount": 5}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "amount") == ["5"])
    }

    @Test(arguments: [#"{"id": 1}"#, #"{"id": 1, "amount": null}"#])
    func takesTheTypeOfTheFirstValue(_ first: String) async throws {
        let pipeline = try TestPipeline(silver: Self.gated, suite: Self.suite)
        try pipeline.land([first])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try type("silver", "amount", pipeline) == nil && type("bronze", "amount", pipeline) == nil)
        try pipeline.land([#"{"id": 2, "amount": 500}"#, #"{"id": 3, "amount": 7}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "amount") == ["-", "7"])
        #expect(try pipeline.cells("kept", "rules") == [#"["expect_column_values_to_be_between"]"#])
        #expect(try type("silver", "amount", pipeline) == "long" && type("bronze", "amount", pipeline) == "long")
        #expect(pipeline.notes.isEmpty)
    }

    /// Whatever becomes of columns that the source never had: this one is known, since a rule reads it.
    @Test(arguments: SchemaEvolution.allCases)
    func takesAFirstValueThatComesLateInAFile(_ mode: SchemaEvolution) async throws {
        let pipeline = try TestPipeline(
            silver: Self.gated, suite: Self.suite, source: "schema_evolution: \(mode.rawValue)")
        let many = (0..<60_000).map { "{\"id\": \($0), \"name\": \"somebody\"}" }
        try pipeline.land(many + [#"{"id": -1, "amount": 500}"#, #"{"id": -2, "amount": 12.5}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(pipeline.counts.output == 60_001 && pipeline.counts.quarantined == 1)
        #expect(try pipeline.cells("silver", "amount").suffix(2) == ["-", "12.5"])
        #expect(try type("silver", "amount", pipeline) == "double")
        #expect(
            pipeline.notes == ["batch 1 has values that want wider types (amount: float64): it is planned anew"])
    }

    private static let readers: [(name: String, silver: String, beside: String)] = [
        ("filter", "filter: \"uid > 5 or id = 1\"", ""),
        ("select", "select: {total: \"uid * id\", when: \"timestamp(at)\", name: \"upper(trim(k))\"}", ""),
        ("drop", "drop: [uid]", ""),
        ("layout", "partition_by: [k]", ""),
        ("keys", "deduplicate: {by: [uid], within: 1d, column: seen}", ""),
        (
            "windows", "",
            """
            gold:
              - asset: gold
                window: {column: seen, size: 1h}
                group_by: [k]
                aggregate: {n: "count(*)", total: "sum(uid)", last: "max(uid)", open: "count_if(is_open)"}
            """
        ),
    ]

    /// Of which the first record has nothing that anything reads.
    @Test(arguments: readers) func waitsForWhatStagesRead(
        _ reader: (name: String, silver: String, beside: String)
    ) async throws {
        let pipeline = try TestPipeline(silver: reader.silver, beside: reader.beside)
        try pipeline.land([#"{"id": 1}"#])
        #expect(try await pipeline.run() == .caughtUp)
        try pipeline.land([
            #"{"id": 2, "uid": 7, "k": "x", "at": "2026-01-01 10:00:00", "seen": "2026-01-01T10:00:00Z", "is_open": true}"#
        ])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "id") == ["1", "2"], "\(reader.name)")
        #expect(pipeline.counts.quarantined == 0, "\(reader.name)")
        // The first has no event time, and is in no window for that.
        if reader.name == "windows" { #expect(try pipeline.cells("kept_late", "source_row") == ["1"]) }
        if reader.name == "select" { #expect(try pipeline.cells("silver", "total") == ["-", "14.0"]) }
    }

    /// What a table was begun with stays, and the pipeline says so.
    @Test func tellsOfTypesThatMustStay() async throws {
        let pipeline = try TestPipeline(silver: "partition_by: [region]")
        try pipeline.land([#"{"id": 1}"#])
        try pipeline.land([#"{"id": 2, "region": 7}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "region").sorted() == ["-", "7"])
        #expect(try type("silver", "region", pipeline) == "string")
        #expect(
            pipeline.notes == [
                "values of \"region\" want int64, and it stays string: the column \"region\" holds string in the table, and long is "
                    + "to be written; those that don't fit are rescued and kept apart"
            ])
    }

    /// A file that can't be read says nothing of what others may have.
    @Test func waitsBesideFilesThatCannotBeRead() throws {
        let pipeline = try TestPipeline(silver: Self.gated, suite: "columns: {uid: {required: true}}\n")
        let paths = [
            try pipeline.land(["a,\"b", "1,2"], as: "damaged.csv"), try pipeline.land([#"{"id": 1}"#], as: "b.jsonl"),
        ]
        let files = try paths.map { path in
            let landing = LandingOptions(folder: pipeline.scratch.path("landing"), settle: .zero)
            let found = try LandingFolder(landing).discover(now: TestPipeline.machineNow).ready
            return try #require(found.first { $0.path == path })
        }
        let columns = try BatchColumns(
            pipeline.definition, files, nil, PipelineOptions(clock: { 0 }, machineClock: { 0 }))
        #expect(columns.unreadable.map(\.file.path) == [paths[0]])
        #expect(columns.schema.awaited == ["uid"])
    }

    /// There is nothing in it that could be unexpected.
    @Test func holdsNoBatchForAColumnWithoutValues() async throws {
        let pipeline = try TestPipeline(
            silver: "gate: {suite: events}",
            suite: """
                expectations:
                  - expect_column_mean_to_be_between: {column: amount, min_value: 1, severity: critical}

                """)
        try pipeline.land([#"{"id": 1}"#])
        #expect(try await pipeline.run() == .caughtUp)
        try pipeline.land([#"{"id": 1, "amount": 0.5}"#])
        #expect(
            try await pipeline.run()
                == .held(
                    reason:
                        "the batch as a whole is not as expected: The mean of amount is 0.5, but must be at least 1."
                ))
    }

    /// A record that is judged again may be the first that has a value.
    @Test func takesFirstValuesOfRecordsThatAreJudgedAgain() async throws {
        let pipeline = try TestPipeline(
            silver: Self.gated, suite: "columns: {id: {required: true}}\n", source: "schema_evolution: rescue")
        try pipeline.land([#"{"id": 1}"#])
        try pipeline.land([#"{"amount": 5}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(pipeline.counts.quarantined == 1)
        try pipeline.change(suite: Self.suite)
        let version = try DeltaTable(pipeline.scratch.path("kept")).snapshot().version
        let request = QuarantineRequest(
            kind: .replay, selector: QuarantineSelector(), version: version, actor: "ann", reason: "test", time: 5)
        _ = try PipelineState.leave(request, in: pipeline.definition.state)
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "amount") == ["-", "5"])
        #expect(try type("silver", "amount", pipeline) == "long")
    }
}
