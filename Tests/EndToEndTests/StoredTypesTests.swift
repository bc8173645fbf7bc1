import Delta
import Foundation
import Tables
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
        let part = "\(DeltaFixture.name)/day=2023-11-14"
        let gap = try assay("validate", "suite.yaml", "--data", part)
        let refusal = "\(part): the files are those of a Delta table, of whatever version [delta-table]"
        #expect(gap.status == 3)
        #expect(gap.output.contains("  could not be read: \(refusal)\n"), "\(gap.output)\(gap.errors)")
    }

    /// In text, JSON and HTML: which version was judged, and what of it was not read.
    @Test func namesTheVersionAndWhatWasNotRead() throws {
        let assay = try project("{delta: tables/numbers, version: 1}")
        defer { assay.remove() }
        try assay.write(
            """
            suite: numbers
            asset: numbers
            expectations:
              - expect_column_values_to_not_be_null: {column: n}
            """, to: "expectations/numbers.yaml")
        _ = try DeltaFixture(assay)
        let run = try assay("validate", "--no-keep", "--verbose")
        #expect(run.output.hasPrefix("numbers on numbers, version 1: 4 rows in 1 file"), "\(run.output)\(run.errors)")
        #expect(run.output.contains("by the files' statistics for 4 rows, which were not read"))
        let json = try assay("validate", "--no-keep", "--format", "json").output
        #expect(json.contains(#""table_version": 1"#), "\(json)")
        #expect(json.contains(#""table_committed_at": "2023-11-15T22:13:20Z""#))
        #expect(json.contains(#""rows_from_statistics": 4"#))
        try assay.write("reports: reports\nassets:\n  numbers: {delta: tables/numbers, version: 1}\n", to: "assay.yaml")
        _ = try assay("validate")
        let page = try #require(assay.names(in: "reports").first { $0 != "index.html" })
        let html = try String(contentsOf: assay.folder.appendingPathComponent("reports/\(page)"), encoding: .utf8)
        #expect(html.contains("<dt>Table version</dt><dd>1 of <time datetime=\"2023-11-15T22:13:20Z\">"))
        #expect(html.contains("by statistics, unread 4 rows"))
    }

    /// Files of which the log tells enough aren't opened, and may even be damaged; but they are there.
    @Test func opensNoFileInVain() throws {
        let assay = try project("{delta: tables/numbers}")
        defer { assay.remove() }
        let fixture = try DeltaFixture(assay)
        let files = try fixture.table.snapshot().files
        for file in files {
            try assay.write(String(repeating: "0", count: Int(file.size)), to: "\(DeltaFixture.name)/\(file.path)")
        }
        func suite(_ expectation: String) throws {
            try assay.write(
                "suite: numbers\nasset: numbers\nexpectations:\n  - \(expectation)\n", to: "expectations/numbers.yaml")
        }
        try suite("expect_column_values_to_be_between: {column: n, min_value: 1, max_value: 6}")
        #expect(try assay("validate", "--no-keep").status == 0)
        let everything = try assay("validate", "--no-keep", "--no-statistics")
        #expect(everything.status == 3)
        #expect(everything.output.contains("neither begins nor ends with PAR1 [corrupt]"), "\(everything.output)")
        try suite("expect_column_values_to_match_regex: {column: note, regex: é}")
        #expect(try assay("validate", "--no-keep").status == 3)
        try suite("expect_column_values_to_be_between: {column: n, min_value: 1, max_value: 6}")
        let first = try #require(files.first)
        try FileManager.default.removeItem(
            at: assay.folder.appendingPathComponent("\(DeltaFixture.name)/\(first.path)"))
        let fewer = try assay("validate", "--no-keep")
        #expect(fewer.status == 3)
        #expect(fewer.output.contains("the data file is not there [not-found]"), "\(fewer.output)")
    }

    @Test func asksTheLogWhenDataCameAndHowMuch() throws {
        let assay = try project("{delta: tables/numbers}")
        defer { assay.remove() }
        _ = try DeltaFixture(assay)
        try assay.write(
            """
            suite: numbers
            asset: numbers
            freshness: {max_age: 1h}
            expectations:
              - expect_table_added_row_count_to_be_between: {min_value: 2, max_value: 2}
              - expect_table_added_row_count_to_be_between: {min_value: 6, max_value: 6, within: 1d}
            """, to: "expectations/numbers.yaml")
        // All commits were made at one time, whatever their files' times say.
        let fresh = try assay("validate", "--no-keep", "--now", "2023-11-14T23:00:00Z")
        #expect(fresh.status == 0, "\(fresh.output)\(fresh.errors)")
        let stale = try assay("validate", "--no-keep", "--now", "2023-11-16T22:13:20Z")
        #expect(stale.status == 1)
        #expect(stale.output.contains("The newest data is of 2023-11-14T22:13:20Z, 2d old"), "\(stale.output)")
    }

    @Test func readsNoTableAsFiles() throws {
        let assay = try project("{parquet: tables/numbers}")
        defer { assay.remove() }
        _ = try DeltaFixture(assay)
        let run = try assay("validate", "--no-keep")
        #expect(run.status == 3)
        #expect(run.output.contains("the directory is a Delta table, not just Parquet files"), "\(run.output)")
    }

    @Test func namesTheFeatureThatIsNotSupported() throws {
        let assay = try project("{delta: tables/numbers}")
        defer { assay.remove() }
        _ = try DeltaFixture(assay)
        try assay.write(
            #"{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["catalogManaged"],"writerFeatures":["catalogManaged"]}}"#,
            to: "\(DeltaFixture.name)/_delta_log/00000000000000000003.json")
        let run = try assay("validate", "--no-keep")
        #expect(run.status == 3)
        #expect(
            run.output.contains(
                "reading the table needs the feature catalogManaged, which is not supported here [unsupported-feature]"),
            "\(run.output)\(run.errors)")
    }
}
