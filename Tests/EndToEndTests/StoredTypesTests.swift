import Foundation
import Testing

/// Validations of data that brings its types along.
@Suite struct StoredTypesTests {
    private static let suite = """
        suite: numbers
        asset: numbers
        expectations:
          - expect_column_max_to_be_between: {column: n, max_value: 5}
          - expect_column_values_to_not_be_null: {column: note}
          - expect_column_values_to_be_of_type: {column: day, type_: date}
        """

    private func project(_ asset: String) throws -> Assay {
        let assay = try Assay()
        try assay.write("assets:\n  numbers: \(asset)\n", to: "assay.yaml")
        try assay.write(Self.suite, to: "expectations/numbers.yaml")
        return assay
    }

    @Test(arguments: [
        ("{delta: tables/numbers}", "6 rows", "1 failed", 1),
        ("{delta: tables/numbers, version: 1}", "4 rows", "2 passed", 1),
    ]) func readsVersions(_ asset: String, _ rows: String, _ counts: String, _ status: Int32) throws {
        let assay = try project(asset)
        defer { assay.remove() }
        _ = try DeltaFixture(assay)
        let run = try assay("validate", "--no-keep")
        #expect(run.output.contains(rows), "\(run.output)\(run.errors)")
        #expect(run.status == status)
        // One text is missing in either; the greatest number is 6 in the newest.
        #expect(run.output.contains(rows == "6 rows" ? "2 failed" : "1 failed"))
        #expect(run.output.contains("row 4: missing in day=2023-11-14/part-00000-b0.parquet"))
    }

    /// Rows keep the numbers that they have in their file.
    @Test func countsDeletedRows() throws {
        let assay = try project("{delta: tables/numbers}")
        defer { assay.remove() }
        let fixture = try DeltaFixture(assay)
        try fixture.deleteFirstRow(assay)
        let run = try assay("validate", "--no-keep")
        #expect(run.output.contains("5 rows in 2 files"), "\(run.output)\(run.errors)")
        #expect(run.output.contains("row 4: missing in day=2023-11-14/part-00000-b0.parquet"))
    }

    @Test func readsTheFolderOfATable() throws {
        let assay = try Assay()
        defer { assay.remove() }
        _ = try DeltaFixture(assay)
        try assay.write(Self.suite, to: "suite.yaml")
        let run = try assay("validate", "suite.yaml", "--data", DeltaFixture.name)
        #expect(run.output.contains("6 rows in 2 files"), "\(run.output)\(run.errors)")
        let plan = try assay("plan", "suite.yaml", "--data", DeltaFixture.name)
        #expect(plan.output.contains("  tables/numbers: Delta table, version 2 of 2023-11-16T22:13:20Z\n"))
        #expect(plan.output.contains("  day=2023-11-15/part-00000-b1.parquet: Parquet, 2 rows\n"))
        let gap = try assay("validate", "suite.yaml", "--data", "\(DeltaFixture.name)/day=2023-11-14")
        #expect(gap.output.contains("4 rows in 1 file"), "\(gap.output)\(gap.errors)")
    }

    @Test func namesTheFeatureThatIsNotSupported() throws {
        let assay = try project("{delta: tables/numbers}")
        defer { assay.remove() }
        _ = try DeltaFixture(assay)
        try assay.write(
            #"{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["variantType"],"writerFeatures":["variantType"]}}"#,
            to: "\(DeltaFixture.name)/_delta_log/00000000000000000003.json")
        let run = try assay("validate", "--no-keep")
        #expect(run.status == 3)
        #expect(
            run.output.contains(
                "reading the table needs the feature variantType, which is not supported here [unsupported-feature]"),
            "\(run.output)\(run.errors)")
    }
}
