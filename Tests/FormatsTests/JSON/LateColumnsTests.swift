import Tables
import TestSupport
import Testing

@testable import Formats

/// Columns that first appear behind the beginning of a file.
@Suite struct LateColumnsTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// Behind a row that is all that is looked at before.
        let rows: [String]
        /// As in `b: int64`.
        let late: [String]
    }

    private static let cases = [
        Case(testDescription: "none", rows: [#"{"a":2}"#], late: []),
        Case(
            testDescription: "in the order of the rows", rows: [#"{"c":1,"b":"x"}"#, #"{"b":1}"#],
            late: ["c: int64", "b: string"]),
        Case(
            testDescription: "all of a chunk tells the type", rows: [#"{"b":1}"#, #"{"b":1.5}"#], late: ["b: float64"]),
        Case(testDescription: "null alone is no type", rows: [#"{"b":null}"#], late: ["b: ?"]),
        Case(
            testDescription: "keys of objects", rows: [#"{"o":{"x":1,"p":{"y":true}}}"#, #"{"o":{"z":"t"}}"#],
            late: ["o.x: int64", "o.p.y: boolean", "o.z: string"]),
        Case(testDescription: "a key of a known object", rows: [#"{"k":{"l":0,"m":1}}"#], late: ["k.m: int64"]),
        Case(
            testDescription: "empty objects and arrays are values", rows: [#"{"b":{},"c":[]}"#],
            late: ["b: string", "c: string"]),
        Case(
            testDescription: "escapes and dots", rows: [#"{"\u0062":1,"b":2}"#, #"{"x.y":1}"#],
            late: ["b: int64", #"x\.y: int64"#]),
        Case(
            testDescription: "composed and decomposed letters are two keys",
            rows: ["{\"\u{E9}\":1,\"e\u{301}\":\"x\"}"], late: ["\u{E9}: int64", "e\u{301}: string"]),
        Case(testDescription: "an object in a column has no columns", rows: [#"{"a":{"b":1}}"#], late: []),
        Case(
            testDescription: "malformed rows have none",
            rows: [#"{"b":1"#, #"[{"c":1}]"#, #"{"d":1} x"#, #"{"e":1,}"#],
            late: []),
    ]

    /// What two workers that take turns, and whose chunks are so long, see.
    private func sightings(
        _ source: any BatchSource, workers count: Int
    ) throws -> ColumnSightings {
        let reader = try source.open(Projection(), ordinals: nil)
        let workers = (0..<count).map { _ in reader.makeWorker() }
        var turn = 0
        while try workers[turn].next() != nil { turn = (turn + 1) % count }
        return workers.reduce(into: ColumnSightings()) { $0.merge($1.sightings) }
    }

    private func source(_ rows: [String], expecting columns: Set<ColumnName> = [], chunkBytes: Int = 1 << 20) throws
        -> JSONSource
    {
        var options = JSONOptions()
        (options.sampleBytes, options.chunkBytes, options.expectedColumns) = (64, chunkBytes, columns)
        // As long as what is looked at, but for its line feed.
        let start = #"{"a":1,"k":{"l":1},"n":null,"pad":""#
        let first = start + String(repeating: "x", count: options.sampleBytes - start.utf8.count - 3) + "\"}"
        return try JSONSource([scratch.file(([first] + rows).joined(separator: "\n"), "t.jsonl")], options: options)
    }

    @Test(arguments: cases) private func areSeen(_ test: Case) throws {
        let seen = try sightings(source(test.rows), workers: 1)
        #expect(seen.columns.map { "\($0.name): \($0.type?.description ?? "?")" } == test.late)
    }

    /// However many threads read it, and wherever chunks end, the columns are the same and in the same order.
    @Test(arguments: [1, 2, 5]) func areTheSameForAllThreads(_ workers: Int) throws {
        var random = SeededGenerator(seed: 3)
        let rows = (0..<500).map { row in
            "{"
                + (0..<4).map { _ in
                    "\"k\(Int.random(in: 0...row, using: &random))\(random.pick(["", "x", "y"]))\":\(row)"
                }.joined(separator: ",") + "}"
        }
        let whole = try sightings(source(rows), workers: 1).columns.map(\.name)
        #expect(whole.count > 300)
        #expect(try sightings(source(rows, chunkBytes: 100), workers: workers).columns.map(\.name) == whole)
    }

    @Test func noMoreThanTheLimitAreSeen() throws {
        let rows = (0..<30_000).map { "{\"k\($0)\":1}" }
        let seen = try sightings(source(rows, chunkBytes: 4_096), workers: 1)
        #expect((JSONLateKeys.limit..<JSONLateKeys.limit + 1_000).contains(seen.columns.count))
    }

    @Test func theTableSettlesToWhatRowsHave() throws {
        let source = try source([#"{"late":1.5}"#, #"{"b":"x"}"#], expecting: ["b", "A", "absent", "k"])
        #expect(source.schema.names == ["a", "k.l", "n", "pad", "absent", "b"])
        #expect(source.awaitedColumns == [4, 5])
        let settled = try #require(try source.settling(sightings(source, workers: 2)))
        #expect(settled.schema.names == ["a", "k.l", "n", "pad", "late", "b"])
        #expect(settled.schema.fields[4].type == .float64)
        #expect(settled.awaitedColumns.isEmpty)
        #expect(try settled.settling(sightings(settled, workers: 1)) == nil)
        #expect(
            try JSONReading(settled).rows.map { $0.suffix(2) } == [
                [.missing, .missing], [.float(1.5), .missing], [.missing, .text("x")],
            ])
    }

    @Test func namesThatDifferInBytesAreOfDifferentTypes() throws {
        let source = try source(["{\"\u{E9}\":1,\"e\u{301}\":\"x\"}"])
        let settled = try #require(try source.settling(sightings(source, workers: 1)))
        #expect(settled.schema.fields.suffix(2).map(\.type) == [.int64, .string])
    }

    @Test func namesThatDifferInBytesAreDeclaredApart() throws {
        var options = JSONOptions()
        options.declaredTypes = ["\u{E9}": .float64, "e\u{301}": .string]
        let source = try JSONSource([scratch.file("{\"\u{E9}\":1,\"e\u{301}\":2}")], options: options)
        #expect(source.schema.fields.map(\.type) == [.float64, .string])
    }

    @Test(arguments: [16, 1 << 20]) func textBehindAnArrayIsAnErrorAtItsPlace(_ chunkBytes: Int) throws {
        let file = try scratch.file("[{\"a\":1}, {\"a\":22}]\n \n ,{\"a\":3}\n[]", "t.json")
        var options = JSONOptions()
        options.chunkBytes = chunkBytes
        let error = #expect(throws: SourceError.self) { try JSONReading(JSONSource([file], options: options)) }
        #expect(
            error.map { scratch.line($0.summary) }
                == "t.json: text stands behind the end of the array, at byte offset 23 [text-behind-array]")
        #expect(error?.byteOffset == 23)
        options.keptOfLongRows = 100
        let kept = try JSONReading(JSONSource([file], options: options))
        #expect(
            kept.problems == [
                "2 invalid-json: text behind the end of the array, at byte 2",
                "3 invalid-json: text behind the end of the array, at byte 1",
            ])
    }

    @Test func anEmptyFileHasNoColumns() throws {
        var options = JSONOptions()
        (options.declaredTypes, options.expectedColumns) = (["a": .int64], ["b"])
        let source = try JSONSource([scratch.file("", "t.jsonl")], options: options)
        let settled = try source.settling(sightings(source, workers: 1))
        #expect(settled?.schema.names == [])
    }

    @Test(arguments: ["[{\"a\":1},{\"a\":2}", "[{\"a\":1},{\"a\":", "[", "[{\"a\":1},"])
    func anArrayThatIsNotClosedWasCutOff(
        _ text: String
    ) throws {
        let file = try scratch.file(text, "t.json")
        let error = #expect(throws: SourceError.self) { try JSONReading(JSONSource([file])) }
        #expect(error?.code == "truncated")
        #expect(
            error.map { scratch.line($0.summary) }
                == "t.json: the array of rows is not closed: the file ends in the middle [truncated]")
    }
}
