import Pipeline
import TestSupport
import Testing

/// Bounds, sets and row conditions of a gate that name no zone are in the source's.
@Suite struct GateZoneTests {
    private static let records = [
        #"{"id": 1, "at": "2026-06-01T01:30:00"}"#, #"{"id": 2, "at": "2026-06-01T00:30:00"}"#,
        #"{"id": 3, "at": "2026-05-31T22:30:00Z"}"#, #"{"id": 4, "at": "2026-05-31T21:30:00Z"}"#,
    ]

    private func pipeline(_ rules: String) throws -> TestPipeline {
        try TestPipeline(
            silver: "gate: {suite: events, on_fail: quarantine}", suite: rules,
            source: "timezone: Europe/Berlin")
    }

    @Test(arguments: ["{type: timestamp, ", "{"]) func boundsAreInTheSourcesZone(_ column: String) async throws {
        let pipeline = try pipeline("columns: {id: {}, at: \(column)between: [\"2026-06-01 00:00\", null]}}")
        try pipeline.land(Self.records)
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "id") == ["1", "2", "3"])
        #expect(try pipeline.cells("kept", "source_row") == ["4"])
    }

    @Test func conditionsAreInTheSourcesZone() async throws {
        let pipeline = try pipeline(
            """
            columns: {at: {type: timestamp}}
            expectations:
              - expect_column_values_to_be_null: {column: id, row_condition: "at < '2026-06-01'"}
            """)
        try pipeline.land(Self.records)
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("kept", "source_row") == ["4"])
    }

    @Test func expectationsAboutABatchAreInTheSourcesZone() async throws {
        let pipeline = try pipeline(
            """
            columns: {at: {type: timestamp}}
            expectations:
              - expect_column_min_to_be_between: {column: at, min_value: "2026-06-01 00:30"}
            """)
        try pipeline.land(Array(Self.records.prefix(3)))
        #expect(try await pipeline.run() == .caughtUp)
        try pipeline.land([Self.records[3]])
        guard case .held(let reason) = try await pipeline.run() else {
            Issue.record("the batch went through")
            return
        }
        #expect(reason.hasPrefix("the batch as a whole is not as expected"))
    }

    /// What a rule remembers depends on what its condition means.
    @Test func anotherZoneMakesAnotherMemory() async throws {
        let rule = """
            columns: {at: {type: timestamp}}
            expectations:
              - expect_column_values_to_be_unique: {column: id, row_condition: "at < '2026-06-01'"}
            """
        let pipeline = try pipeline(rule)
        try pipeline.land([#"{"id": 1, "at": "2026-05-31T22:30:00Z"}"#])
        #expect(try await pipeline.run() == .caughtUp)
        let gate = "      gate: {suite: events, on_fail: quarantine}"
        try pipeline.change {
            $0.replacing("timezone: Europe/Berlin", with: "timezone: UTC")
                .replacing("      asset: silver\n", with: "      asset: silver\n\(gate)\n")
        }
        try pipeline.land([#"{"id": 1, "at": "2026-05-31T20:00:00Z"}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("kept", "source_row") == ["1"])
    }
}
