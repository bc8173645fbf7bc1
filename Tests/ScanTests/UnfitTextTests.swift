import Delta
import Expectations
import Foundation
import Parquet
import Scan
import Tables
import TestSupport
import Testing

/// A text that isn't UTF-8 lies between the bounds of its neighbours, and no statistics tell of it.
@Suite struct UnfitTextTests {
    private static let suite = """
        expectations:
          - expect_column_values_to_be_between: {column: s, min_value: a, max_value: zz}
          - expect_column_values_to_be_of_type: {column: s, type_: string}
          - expect_column_max_to_be_between: {column: s, max_value: zz}
          - expect_column_min_to_be_between: {column: s, max_value: zz}
        """

    /// A column `s` with the texts `a`, `b` with a byte FF, and `z`, with statistics and page index, as pyarrow writes it.
    static let file = """
        UEFSMRUAFSwVLCwVBhUAFQYVBgAAAgAAAAYBAQAAAGECAAAAYv8BAAAAehkRAhkYAWEZGAF6FQIZFgApJgAGABkcFggVThYAABkW\
        CAAVBBksNQAYBnNjaGVtYRUCABUMJQIYAXMlAEwcAAAAFgYZHBkcJgAcFQwZJQYAGRgBcxUAFgYWThZOJgg8NgAoAXoYAWEREQAZ\
        HBUAFQAVAgA8FggZBhkmAAYAABaAARUaFlYVKgAWThYGJggWTgAoIHBhcnF1ZXQtY3BwLWFycm93IHZlcnNpb24gMjYuMC4xGRwc\
        AAAAlwAAAFBBUjE=
        """

    private func judge(_ source: any BatchSource) async throws {
        let expectations = try expectations(Self.suite)
        for usesStatistics in [true, false] {
            let report = await Scanner(threads: 1, usesStatistics: usesStatistics).judge(
                expectations, source: source, now: noon)
            #expect(report.outcomes == ["failed", "failed", "passed", "passed"])
            #expect(report.results[2].details == [JSON.Member("uncomparable_count", .integer(1))])
        }
        // Which rows have a text is told all the same.
        let presence = try ScanTests.expectations(
            "expectations:\n  - expect_column_values_to_not_be_null: {column: s}")
        let report = await Scanner(threads: 1).judge(presence, source: source, now: noon)
        #expect(report.outcomes == ["passed"])
        #expect(report.results[0].details == [JSON.Member("rows_from_statistics", .integer(3))])
    }

    @Test func isFoundInParquet() async throws {
        let scratch = try Scratch()
        let path = scratch.path("t.parquet")
        try #require(Data(base64Encoded: Self.file)).write(to: URL(filePath: path))
        try await judge(try ParquetSource([path]))
    }

    @Test func isFoundInDeltaTables() async throws {
        let scratch = try Scratch()
        let data = try #require(Data(base64Encoded: Self.file))
        try FileManager.default.createDirectory(atPath: scratch.path("_delta_log"), withIntermediateDirectories: true)
        try data.write(to: URL(filePath: scratch.path("t.parquet")))
        let schema = #"{"type":"struct","fields":[{"name":"s","type":"string","nullable":true,"metadata":{}}]}"#
        let statistics = #"{"numRecords":3,"minValues":{"s":"a"},"maxValues":{"s":"z"},"nullCount":{"s":0}}"#
        let log = """
            {"protocol":{"minReaderVersion":1,"minWriterVersion":2}}
            {"metaData":{"id":"i","format":{"provider":"parquet","options":{}},"schemaString":\(JSON.string(schema).text()),\
            "partitionColumns":[],"configuration":{}}}
            {"add":{"path":"t.parquet","partitionValues":{},"size":\(data.count),"modificationTime":1,"dataChange":true,\
            "stats":\(JSON.string(statistics).text())}}
            """
        _ = try scratch.file(log, "_delta_log/00000000000000000000.json")
        try await judge(try DeltaSource(table: scratch.directory))
    }
}
