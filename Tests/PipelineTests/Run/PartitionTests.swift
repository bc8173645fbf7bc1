import Delta
import Foundation
import Tables
import TestSupport
import Testing

@testable import Pipeline

/// Records whose values make no partition.
@Suite struct PartitionTests {
    /// Lets a Parquet file land whose rows have a number, a day and an instant of that day.
    private func land(_ days: [Int?], in pipeline: TestPipeline) throws {
        let folder = pipeline.scratch.path("stored")
        let schema = DeltaSchema([
            DeltaField("id", .long), DeltaField("day", .date), DeltaField("at", .timestamp),
        ])
        let table = try DeltaTable.create(folder, schema: schema, partitionedBy: [], now: 0)
        let writer = try DataFileWriter(table: table, schema: schema, partitionedBy: [], stem: "a", time: 0)
        try writer.append(
            Batch(
                ordinal: 0, rowCount: days.count,
                columns: [
                    Column(.int64, days.indices.map { .integer(Int128($0)) }),
                    Column(.date, days.map { $0.map { .date(days: $0) } ?? .missing }),
                    Column(
                        .timestamp,
                        days.map { $0.map { .timestamp(microseconds: CivilTime.midnight(ofDay: $0)) } ?? .missing }),
                ]))
        for file in try writer.finish() {
            try file.publish()
            let path = try pipeline.land([], as: "1.parquet")
            try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(file.add.path)")).write(
                to: URL(fileURLWithPath: path))
        }
    }

    private static let gold = """
        gold:
          - asset: gold
            partition_by: day
            window: {column: id_time, size: 1h}
            group_by: [day]
            aggregate: {total: "count(*)"}
        """

    static let cases: [(bronze: String, silver: String, beside: String, column: String)] = [
        (", partition_by: day", "", "", "day"), ("", "partition_by: day", "", "day"),
        (", partition_by: at", "partition_by: at", "", "at"), (", partition_by: at", "drop: [at]", "", "at"),
        ("", "select: {id_time: \"timestamp('2026-01-01T00:00:00Z')\"}", gold, "day"),
    ]

    @Test(arguments: cases) func areQuarantined(
        _ test: (bronze: String, silver: String, beside: String, column: String)
    ) async throws {
        let pipeline = try TestPipeline(bronze: test.bronze, silver: test.silver, beside: test.beside)
        try land([0, 2_932_896, 2_932_897, nil, -719_529], in: pipeline)
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "id").sorted() == ["0", "1", "3"])
        #expect(try pipeline.cells("bronze", "id").sorted() == ["0", "1", "2", "3", "4"])
        let rule = "partition.\(test.column)"
        #expect(try pipeline.cells("kept", "rules") == [#"["\#(rule)"]"#, #"["\#(rule)"]"#])
        let errors = try pipeline.cells("kept", "errors").map { JSON(text: $0)?.items?.first }
        #expect(
            errors.map { $0?["message"]?.string }
                == Array(repeating: "tables are partitioned by \(test.column) for the years 0 through 9999", count: 2))
        let shown = errors.map { $0?["values"]?[test.column]?.string?.prefix { $0 != "T" } }
        #expect(shown == ["+10000-01-01", "-0001-12-31"])
    }

    /// A value of any length is a partition's.
    @Test func takesLongTexts() async throws {
        let pipeline = try TestPipeline(bronze: ", partition_by: name", silver: "partition_by: name")
        let names = [String(repeating: "x", count: 300), String(repeating: "x", count: 301), "y"]
        try pipeline.land(names.map { "{\"name\": \"\($0)\"}" })
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "name").sorted() == names)
        #expect(try pipeline.cells("bronze", "name").sorted() == names)
    }
}
