import Foundation
import Tables
import TestSupport
import Testing

@testable import Formats

/// Rows that are too long, where their beginnings are kept: everything around them is read as ever.
@Suite struct LongRowTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    /// A row in words: its values or its problems, the beginning that was kept, and where it began.
    private func rows(_ source: some BatchSource) throws -> [String] {
        var projection = Projection()
        for index in source.schema.fields.indices { projection.add([.values, .text], of: index) }
        projection.wantsRecords = true
        let worker = try source.open(projection, ordinals: nil).makeWorker()
        var rows: [String] = []
        while let batch = try worker.next() {
            for row in 0..<batch.rowCount {
                let problems = batch.problems.filter { $0.row == row }.map { "\($0.kind.rawValue): \($0.detail)" }
                let values = source.schema.fields.indices.map { batch.column($0).text(at: row) ?? "∅" }
                let record = try #require(batch.records?.string(at: row))
                let place = batch.offsets[row] ?? -1
                let found = problems.isEmpty ? "" : " \(problems) \(record)"
                rows.append("\(place) \(values.joined(separator: "|"))\(found)")
            }
        }
        return rows
    }

    private func json(_ text: String, _ maximum: Int, _ chunkBytes: Int, _ name: String = "t.jsonl") throws -> [String]
    {
        var options = JSONOptions()
        (options.maximumRowBytes, options.keptOfLongRows, options.chunkBytes) = (maximum, 8, chunkBytes)
        return try rows(JSONSource([scratch.file(text, name)], options: options))
    }

    private func csv(_ text: String, _ maximum: Int, _ chunkBytes: Int) throws -> [String] {
        var options = CSVOptions()
        (options.maximumRowBytes, options.keptOfLongRows, options.chunkBytes) = (maximum, 8, chunkBytes)
        options.declaredTypes = ["a": .string, "b": .string]
        return try rows(CSVSource([scratch.file(text)], options: options))
    }

    static let chunks = [16, 21, 64, 1 << 20]

    @Test(arguments: chunks) func keepsTheBeginningOfALine(_ chunkBytes: Int) throws {
        let long = #"{"a":"\#(String(repeating: "é", count: 100))"}"#
        let found = try json("{\"a\":1}\n\(long)\n{\"a\":2}\n\n\(long)\n\(long)\n{\"a\":3}", 20, chunkBytes)
        let problem = #"["row-too-long: the row has 208 bytes, more than 20"] {"a":"é"#
        #expect(
            found == [
                "0 1", "8 ∅ \(problem)", "217 2", "226 ∅ \(problem)", "435 ∅ \(problem)", "644 3",
            ])
    }

    @Test(arguments: chunks) func keepsTheBeginningOfAnElement(_ chunkBytes: Int) throws {
        let long = #"{"a":["],{\"",\#(String(repeating: "7,", count: 50))8]}"#
        for end in ["]", ""] {
            let found = try json("[{\"a\":1},\(long),{\"a\":2},\(long)\(end)", 20, chunkBytes, "t.json")
            let problem = #"["row-too-long: the row has \#(long.utf8.count) bytes, more than 20"] {"a":["]"#
            let next = 9 + long.utf8.count + 1
            #expect(found == ["1 1", "9 ∅ \(problem)", "\(next) 2", "\(next + 8) ∅ \(problem)"])
        }
    }

    @Test(arguments: chunks) func goesOnBehindALongRow(_ chunkBytes: Int) throws {
        let long = "1,\(String(repeating: "x", count: 50))"
        for (number, lineBreak) in ["\n", "\r\n", "\r"].enumerated() {
            let size = [53, 54, 53][number]
            let found = try csv(["a,b", "1,2", long, "3,4", long].joined(separator: lineBreak), 20, chunkBytes)
            let start = 4 + (number == 1 ? 1 : 0)
            let problems = [size, 52].map { "[\"row-too-long: the row has \($0) bytes, more than 20\"] 1,xxxxxx" }
            #expect(
                found == [
                    "\(start) 1|2", "\(2 * start) ∅|∅ \(problems[0])", "\(2 * start + size) 3|4",
                    "\(3 * start + size) ∅|∅ \(problems[1])",
                ])
        }
    }

    /// Line breaks and delimiters between quotes are the row's own.
    @Test(arguments: chunks) func endsALongRowWhereItsQuotesDo(_ chunkBytes: Int) throws {
        let long = "1,\"\(String(repeating: "x\n\"\",", count: 10))\"\n"
        let found = try csv("a,b\n1,2\n\(long)3,4\n", 20, chunkBytes)
        let detail =
            "the row has \(long.utf8.count) bytes, more than 20, maybe because the quote that opens at byte offset 10 is never closed"
        #expect(found.map { $0.prefix { $0 != "[" } } == ["4 1|2", "8 ∅|∅ ", "\(8 + long.utf8.count) 3|4"])
        #expect(found[1].contains(detail))
    }

    @Test(arguments: chunks, [20, 1 << 20]) func endsWithTheFileWhereAQuoteIsNeverClosed(
        _ chunkBytes: Int, _ maximum: Int
    ) throws {
        let open = "3,\"x\n" + (0..<20).map { "\($0),y\n" }.joined()
        let found = try csv("a,b\n1,2\n\(open)", maximum, chunkBytes)
        #expect(
            found == [
                "4 1|2",
                "8 ∅|∅ [\"unclosed-quote: the quote that opens at byte offset 10 is never closed: all that follows, \(open.utf8.count) bytes with the beginning of its row, is one record\"] 3,\"x\n0,y",
            ])
    }

    /// The columns are those of the rows that can be held, wherever the first one of them is.
    @Test func looksBehindLongRowsForColumns() throws {
        let long = #"{"b":"\#(String(repeating: "x", count: 1 << 19))"}"#
        var options = JSONOptions()
        (options.maximumRowBytes, options.keptOfLongRows) = (1 << 16, 8)
        let source = try JSONSource([scratch.file("\(long)\n\(long)\n{\"a\":1}\n", "t.jsonl")], options: options)
        #expect(source.schema.names == ["a"])
        #expect(try rows(source).count == 3)
        var csv = CSVOptions()
        (csv.maximumRowBytes, csv.keptOfLongRows, csv.header) = (1 << 16, 8, .names(["a", "b"]))
        let named = try CSVSource([scratch.file("1,\(long.dropFirst(9))\n3,4\n")], options: csv)
        #expect(try rows(named).last?.hasSuffix(" 3|4") == true)
    }

    /// Whatever is in the rows, those that can be held are read as they are without the others.
    @Test(arguments: 1...3 as ClosedRange<UInt64>) func changesNothingElse(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for round in 0..<60 {
            let lines = (0..<Int.random(in: 1...12, using: &random)).map { number in
                let size =
                    random.chance(30) ? Int.random(in: 30...300, using: &random) : Int.random(in: 0...9, using: &random)
                return
                    "{\"a\":\"\(number)\(String(repeating: random.pick(["x", "é", "\\\"", "]", ",", "}"]), count: size))\"}"
            }
            let wanted = lines.map { $0.utf8.count > 40 }
            let chunkBytes = Int.random(in: 16...200, using: &random)
            let isArray = random.chance(50)
            let text = isArray ? "[\(lines.joined(separator: ","))]" : lines.joined(separator: "\n")
            let found = try json(text, 40, chunkBytes, isArray ? "t.json" : "t.jsonl")
            let isLong = found.map { $0.contains("row-too-long") }
            #expect(isLong == wanted, "seed \(seed), round \(round), chunks of \(chunkBytes): \(text)")
        }
    }

    /// A line of 200 MB, of which a few bytes are ever held.
    @Test(arguments: ["t.jsonl", "t.csv"]) func passesOverAHugeRowInBoundedMemory(_ name: String) throws {
        let path = try scratch.file(name == "t.csv" ? "a,b\n1," : "{\"a\":1}\n", name)
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try file.truncate(atOffset: 200_000_000)
        try file.seekToEnd()
        try file.write(contentsOf: Data((name == "t.csv" ? "\n7,8\n" : "\n{\"a\":7}\n").utf8))
        try file.close()
        let before = Self.peakMemory()
        if name == "t.csv" {
            var options = CSVOptions()
            (options.maximumRowBytes, options.keptOfLongRows) = (1 << 20, 8)
            #expect(try rows(CSVSource([path], options: options)).last == "200000001 7|8")
        } else {
            var options = JSONOptions()
            (options.maximumRowBytes, options.keptOfLongRows) = (1 << 20, 8)
            #expect(try rows(JSONSource([path], options: options)).last == "200000001 7")
        }
        if let before, let after = Self.peakMemory() { #expect(after - before < 60_000_000) }
    }

    /// The most memory that the process has held, in bytes; `nil` where the system doesn't say.
    private static func peakMemory() -> Int? {
        guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
        else { return nil }
        return Int(line.filter { $0.isNumber }).map { $0 * 1_024 }
    }
}
