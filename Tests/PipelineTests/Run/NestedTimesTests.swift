import Delta
import Foundation
import Pipeline
import Tables
import TestSupport
import Testing

/// Dates inside of lists, of years that a date's text has no four digits for.
@Suite struct NestedTimesTests {
    @Test func keepsDatesOfAllYears() async throws {
        let pipeline = try TestPipeline(
            silver: "gate: {suite: events, on_fail: quarantine}", suite: "columns: {id: {required: true}}\n")
        let folder = pipeline.scratch.path("stored")
        let schema = DeltaSchema([
            DeltaField("id", .long), DeltaField("days", .array(.date, containsNull: true)),
        ])
        let table = try DeltaTable.create(folder, schema: schema, partitionedBy: [], now: 0)
        let writer = try DataFileWriter(table: table, schema: schema, partitionedBy: [], stem: "a", time: 0)
        let days = [#"["2024-02-29"]"#, #"["-0001-12-31","+10000-01-01","+5881580-07-11"]"#]
        try writer.append(
            Batch(
                ordinal: 0, rowCount: 2,
                columns: [
                    Column(.int64, [.integer(1), .integer(2)]), Column(.list(.date), days.map { .text($0) }),
                ]))
        for file in try writer.finish() {
            try file.publish()
            let path = try pipeline.land([], as: "a.parquet")
            try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file.add.path)")).write(
                to: URL(fileURLWithPath: path))
        }
        #expect(try await pipeline.run() == .caughtUp)
        #expect(pipeline.counts.quarantined == 0)
        #expect(try pipeline.cells("bronze", "days") == days)
        #expect(try pipeline.cells("silver", "days") == days)
        #expect(try pipeline.cells("bronze", "_rescued") == ["-", "-"])
    }
}
