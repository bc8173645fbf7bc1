import Expectations
import Files
import Formats
import Foundation
import Parquet
import Scan
import Tables
import TestSupport
import Testing

/// Files that somebody writes to while they are read.
@Suite struct ChangedFilesTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static let changed = RunFailure(
        code: "changed", message: "t.csv: somebody wrote to the file while it was read",
        hint: "write files under another name, and rename them when they are complete")

    /// Writes to the file itself, at another time than before.
    private func overwrite(_ path: String, _ text: String) throws {
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        try file.truncate(atOffset: 0)
        try file.write(contentsOf: Data(text.utf8))
        try file.close()
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: path)
    }

    private func judge(_ source: any BatchSource, _ suite: String = "expect_column_values_to_be_unique: {column: a}")
        async throws -> (outcomes: [String], failure: RunFailure?)
    {
        let report = await Scanner(threads: 1).judge(
            try expectations("expectations:\n  - \(suite)\n"), source: source, now: noon)
        let failure = report.failure.map {
            RunFailure(code: $0.code, message: scratch.line($0.message), hint: $0.hint)
        }
        return (report.outcomes, failure)
    }

    private static let text = "a\n1\n2\n"

    /// What is written after the table was opened, and whether what was read is another file than either.
    static let writings: [(text: String, isChange: Bool)] = [
        (text, true), ("a\n1\n7\n", true), ("a\n1\n7\n8\n", true), (text + "2\n", false),
    ]

    @Test(arguments: writings) func areNotJudged(_ text: String, _ isChange: Bool) async throws {
        let path = try scratch.file(Self.text)
        let source = try DataFiles.open([path], format: nil, csv: CSVOptions(), json: JSONOptions())
        try overwrite(path, text)
        let found = try await judge(source)
        #expect(found.failure == (isChange ? Self.changed : nil))
        #expect(
            found.outcomes[0]
                == (isChange
                    ? "errored: the data could not be read: \(source.partitions[0].name): somebody wrote to the file while it was read"
                    : "passed"))
    }

    @Test func areToldWhereTheyGotShorter() async throws {
        let path = try scratch.file(Self.text)
        let source = try CSVSource([path])
        try overwrite(path, "a\n")
        let found = try await judge(source, "expect_table_column_count_to_equal: {value: 1}")
        #expect(found.failure?.message == "t.csv: the file got shorter while it was read: from 6 to 2 bytes")
    }

    /// Of so many files none is held open.
    @Test func areFoundAmongMany() async throws {
        let paths = try (0..<300).map { try scratch.file(Self.text, $0 == 299 ? "t.csv" : "\($0).csv") }
        let source = try DataFiles.open(paths, format: nil, csv: CSVOptions(), json: JSONOptions())
        try overwrite(paths[299], "a\n1\n7\n")
        #expect(try await judge(source).failure == Self.changed)
    }

    @Test func areFoundByEachFormat() async throws {
        let lines = try scratch.file("{\"a\":1}\n", "t.csv")
        let source = try JSONSource([lines])
        try overwrite(lines, "{\"a\":2}\n")
        #expect(try await judge(source).failure == Self.changed)
        let rows = scratch.path("t.csv")
        try #require(Data(base64Encoded: UnfitTextTests.file)).write(to: URL(filePath: rows))
        for staysOpen in [true, false] {
            let table = try ParquetSource([ParquetFile(InputFile(path: rows), staysOpen: staysOpen)])
            let time = Date(timeIntervalSince1970: staysOpen ? 1 : 2)
            try FileManager.default.setAttributes([.modificationDate: time], ofItemAtPath: rows)
            #expect(try await judge(table, "expect_table_row_count_to_equal: {value: 3}").failure == Self.changed)
        }
    }

    @Test func mayBeReplaced() async throws {
        let path = try scratch.file(Self.text)
        let source = try CSVSource([path])
        let other = try scratch.file("a\n1\n7\n", "other.csv")
        #expect(rename(other, path) == 0)
        let found = try await judge(source, "expect_column_max_to_be_between: {column: a, max_value: 2}")
        #expect(found.failure == nil && found.outcomes == ["passed"])
    }

    /// The rows that are shown would be others than those that were counted.
    @Test func areNotLookedAtAgain() async throws {
        let path = try scratch.file("a\n1\n1\n")
        let source = InterruptedSource(try CSVSource([path])) { [self] in try? overwrite(path, "a\n7\n8\n") }
        #expect(try await judge(source).failure == Self.changed)
    }
}

/// A table that something happens to before rows of it are read again.
private struct InterruptedSource: BatchSource {
    private let source: CSVSource
    private let interruption: @Sendable () -> Void

    init(_ source: CSVSource, _ interruption: @escaping @Sendable () -> Void) {
        (self.source, self.interruption) = (source, interruption)
    }

    var schema: Schema { source.schema }
    var partitions: [Partition] { source.partitions }
    var typeOrigins: [TypeOrigin] { source.typeOrigins }

    func open(_ projection: Projection, ordinals: Set<Int>?) throws(SourceError) -> any BatchReader {
        if ordinals != nil { interruption() }
        return try source.open(projection, ordinals: ordinals)
    }

    func retyping(_ types: [Int: LogicalType], origin: TypeOrigin) -> (any BatchSource)? { nil }

    func checkUnchanged() throws(SourceError) { try source.checkUnchanged() }
}
