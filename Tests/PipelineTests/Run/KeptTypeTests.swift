import Delta
import Expectations
import Foundation
import Intake
import Pipeline
import Tables
import TestSupport
import Testing

/// The types of a source's columns give way to wider ones, and the tables with them.
@Suite struct KeptTypeTests {
    private static let suite = "columns: {id: {required: true}, amount: {between: [0, 100]}}\n"
    private static let gated = "gate: {suite: events, on_fail: quarantine}"

    private func pipeline(_ silver: String = gated, suite: String = suite, beside: String = "") throws -> TestPipeline {
        try TestPipeline(silver: silver, suite: suite, beside: beside)
    }

    /// The types of a table's columns.
    private func type(_ layer: String, _ column: String, _ pipeline: TestPipeline) throws -> String? {
        try DeltaTable(pipeline.scratch.path(layer)).snapshot().schema[column].map { "\($0.type)" }
    }

    private static let later: [(name: String, files: [[String]])] = [
        ("jsonl", [[#"{"id": 1, "amount": 5}"#], [#"{"id": 2, "amount": 12.5}"#, #"{"id": 3, "amount": 500.5}"#]]),
        ("csv", [["id,amount", "1,5"], ["id,amount", "2,12.5", "3,500.5"]]),
    ]

    @Test(arguments: later)
    func takesFractionsThatComeLater(_ name: String, _ files: [[String]]) async throws {
        let pipeline = try pipeline()
        for (number, lines) in files.enumerated() { try pipeline.land(lines, as: "\(number).\(name)") }
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("bronze", "amount") == ["5.0", "12.5", "500.5"])
        #expect(try pipeline.cells("silver", "amount") == ["5.0", "12.5"])
        #expect(try pipeline.cells("bronze", "_rescued") == ["-", "-", "-"])
        #expect(try pipeline.cells("kept", "rules") == [#"["expect_column_values_to_be_between"]"#])
        #expect(try type("silver", "amount", pipeline) == "double")
        #expect(pipeline.notes == ["the column \"amount\" is float64 from now on, and was int64"])
    }

    /// Files that know their own types.
    @Test func takesWiderTypesOfParquet() async throws {
        let types: [DeltaType] = [.integer, .long, .decimal(precision: 5, scale: 2), .decimal(precision: 12, scale: 4)]
        let values: [Value] = [
            .integer(5), .integer(7), .decimal(DecimalNumber(unscaled: 1250, scale: 2)),
            .decimal(DecimalNumber(unscaled: 345_678, scale: 4)),
        ]
        let pipeline = try pipeline()
        for (number, (type, value)) in zip(types, values).enumerated() {
            let folder = pipeline.scratch.path("stored\(number)")
            let schema = DeltaSchema([DeltaField("id", .long), DeltaField("amount", type)])
            let table = try DeltaTable.create(folder, schema: schema, partitionedBy: [], now: 0)
            let writer = try DataFileWriter(table: table, schema: schema, partitionedBy: [], stem: "a", time: 0)
            try writer.append(
                Batch(
                    ordinal: 0, rowCount: 1,
                    columns: [Column(.int64, [.integer(Int128(number))]), Column(type.logical, [value])]))
            for file in try writer.finish() {
                try file.publish()
                let path = try pipeline.land([], as: "\(number).parquet")
                try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file.add.path)")).write(
                    to: URL(fileURLWithPath: path))
            }
            #expect(try await pipeline.run() == .caughtUp)
        }
        #expect(pipeline.counts.quarantined == 0)
        #expect(try pipeline.cells("silver", "amount") == ["5.0000", "7.0000", "12.5000", "34.5678"])
        #expect(try type("silver", "amount", pipeline) == "decimal(23,4)")
    }

    /// What stands behind the beginning of a file is found when it is read: the batch is planned anew.
    @Test(arguments: [1, 3]) func takesFractionsThatComeLateInAFile(_ threads: Int) async throws {
        let pipeline = try pipeline()
        let many = (0..<60_000).map { "{\"id\": \($0), \"amount\": 7}" }
        try pipeline.land(many + [#"{"id": -1, "amount": 12.5}"#, #"{"id": -2, "amount": 0.25}"#])
        #expect(try await pipeline.run(threads: threads) == .caughtUp)
        #expect(pipeline.counts.output == 60_002 && pipeline.counts.quarantined == 0)
        #expect(try pipeline.cells("silver", "amount").suffix(3) == ["7.0", "12.5", "0.25"])
        #expect(
            pipeline.notes == ["batch 1 has values that want wider types (amount: float64): it is planned anew"])
    }

    /// Whole numbers that are no doubles become decimals, and none of them another one.
    @Test func losesNoDigit() async throws {
        let pipeline = try pipeline(suite: "columns: {amount: {required: true}}\n")
        try pipeline.land([#"{"amount": 9007199254740993}"#])
        try pipeline.land([#"{"amount": 12.5}"#])
        try pipeline.land([#"{"amount": 0.125}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "amount") == ["9007199254740993.000", "12.500", "0.125"])
        #expect(pipeline.counts.quarantined == 0)
    }

    /// Killed anywhere on the way, it comes to the same.
    @Test(arguments: ProtocolPoint.allCases) func isCarriedThrough(_ point: ProtocolPoint) async throws {
        let pipeline = try pipeline()
        try pipeline.land([#"{"id": 1, "amount": 5}"#])
        #expect(try await pipeline.run() == .caughtUp)
        try pipeline.land([#"{"id": 2, "amount": 12.5}"#])
        _ = try await pipeline.run(stoppingAt: point)
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "amount") == ["5.0", "12.5"])
        #expect(try pipeline.cells("bronze", "amount") == ["5.0", "12.5"])
        #expect(try type("silver", "amount", pipeline) == "double")
    }

    /// Windows are open in the old type: it stays, the value is rescued, and what is told of it is its type alone.
    @Test func tellsOfTypesThatMustStay() async throws {
        let pipeline = try pipeline(
            "select: {at: timestamp(at)}\n" + Self.gated,
            beside: """
                gold:
                  - asset: gold
                    window: {column: at, size: 1h}
                    aggregate: {total: "sum(amount)"}
                """)
        try pipeline.land([#"{"id": 1, "amount": 5, "at": "2026-01-01T00:00:00Z"}"#])
        try pipeline.land([
            #"{"id": 2, "amount": 12.5, "at": "2026-01-01T00:00:00Z"}"#,
            #"{"id": 3, "amount": 6, "at": "2026-01-01T00:00:00Z"}"#,
            #"{"id": 4, "amount": 512.5, "at": "2026-01-01T00:00:00Z"}"#,
        ])
        try pipeline.land([#"{"id": 5, "amount": 13.5, "at": "2026-01-01T00:00:00Z"}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "amount") == ["5", "6"])
        #expect(
            try pipeline.cells("bronze", "_rescued")
                == ["-", #"{"amount":12.5}"#, "-", #"{"amount":512.5}"#, #"{"amount":13.5}"#])
        #expect(
            try pipeline.cells("kept", "rules") == [
                #"["type.amount"]"#, #"["type.amount","expect_column_values_to_be_between"]"#, #"["type.amount"]"#,
            ])
        let errors = try #require(try pipeline.cells("kept", "errors").first.flatMap { JSON(text: $0) }?.items?.first)
        #expect(
            errors["message"]?.string
                == "values of amount are int64; where others are right, declare it, as in columns: {amount: float64}")
        #expect(errors["values"]?["amount"]?.string == "12.5")
        #expect(
            pipeline.notes == [
                "values of \"amount\" want float64, and it stays int64: windows of gold.gold were begun with int64; those "
                    + "that don't fit are rescued and kept apart"
            ])
    }

    /// A type that is declared later is that of the column, and of the tables.
    @Test func takesADeclarationThatComesLater() async throws {
        let pipeline = try pipeline()
        try pipeline.land([#"{"id": 1, "amount": 5}"#])
        #expect(try await pipeline.run() == .caughtUp)
        try pipeline.change(
            suite: "columns: {id: {required: true}, amount: {type: float64, between: [0, 100]}, late: {type: int64}}\n")
        try pipeline.land([#"{"id": 2, "amount": 6, "late": "x"}"#, #"{"id": 3, "amount": 7, "late": 8}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("bronze", "amount") == ["5.0", "6.0", "7.0"])
        #expect(try pipeline.cells("silver", "amount") == ["5.0", "7.0"])
        #expect(try pipeline.cells("bronze", "_rescued") == ["-", #"{"late":"x"}"#, "-"])
        #expect(try type("silver", "late", pipeline) == "long")
    }

    @Test func tellsOfADeclarationThatCannotBe() async throws {
        let pipeline = try pipeline()
        try pipeline.land([#"{"id": 1, "amount": 5}"#])
        #expect(try await pipeline.run() == .caughtUp)
        try pipeline.change(suite: "columns:\n  id: {required: true}\n  amount: {type: boolean}\n")
        try pipeline.land([#"{"id": 2, "amount": 6}"#])
        let problems = await #expect(throws: SuiteProblems.self) { try await pipeline.run() }
        let error = try #require(problems?.errors.first)
        #expect(problems?.errors.count == 1)
        #expect(error.code == "wrong-type")
        #expect(
            error.message
                == "\"amount\" is declared boolean, and was kept as int64: the column \"amount\" holds long in the table, "
                + "and boolean is to be written")
        #expect(error.location?.file.hasSuffix("expectations/events.yaml") == true && error.location?.line == 4)
        #expect(
            error.hint
                == "declare int64 and cast it in a stage, as in select: {new_amount: \"cast(amount as boolean)\"}; or begin anew with "
                + "other tables and another state")
    }

    /// In a column of texts any value is one, as it was written.
    @Test func readsNumbersAmongTextsAsTexts() async throws {
        let pipeline = try pipeline(
            "select: {sum: \"float64(amount)\"}\n" + Self.gated,
            suite: "columns: {amount: {matches: \"^[0-9.]+$\"}}\n")
        try pipeline.land([#"{"amount": "n/a"}"#, #"{"amount": 5.50}"#, #"{"amount": "7"}"#])
        try pipeline.land([#"{"amount": 12345678901234567890123}"#, #"{"amount": true}"#, #"{"amount": {"a": [1]}}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(
            try pipeline.cells("bronze", "amount")
                == ["n/a", "5.50", "7", "12345678901234567890123", "true", #"{"a": [1]}"#])
        #expect(try pipeline.cells("bronze", "_rescued").allSatisfy { $0 == "-" })
        #expect(try pipeline.cells("silver", "amount") == ["5.50", "7", "12345678901234567890123"])
        #expect(try pipeline.cells("silver", "sum") == ["5.5", "7.0", "1.2345678901234568e+22"])
        let rules = try pipeline.cells("kept", "rules")
        #expect(rules == [String](repeating: #"["select.sum","expect_column_values_to_match_regex"]"#, count: 3))
    }
}
