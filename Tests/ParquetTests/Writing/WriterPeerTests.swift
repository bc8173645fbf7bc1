import Files
import Foundation
import Tables
import TestSupport
import Testing

@testable import Parquet

/// Files that we write, read by pyarrow, DuckDB and Polars: values, types, bounds, and filters over the bounds.
@Suite(.enabled(if: Peers.areThere, Peers.absence)) struct WriterPeerTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func readWhatWasWritten() throws {
        let codecs: [BlockCodec] = [.zstd, .snappy, .uncompressed, .gzip, .brotli, .lz4Raw]
        for seed in 0..<6 {
            let table = RandomTable(seed: UInt64(seed), rowCount: [0, 1, 999, 2_500, 4_000, 300][seed])
            var options = seed == 5 ? ParquetWriterOptions() : .small()
            options.codec = codecs[seed]
            try scratch.write("random\(seed).parquet", table.fields, options: options) {
                try $0.append(rows: table.rows)
            }
            try expect("random\(seed).json", table.fields, table.rows)
        }
        try writeHugeDictionary()
        let output = try Peers.run(["read_with_peers.py", scratch.directory])
        #expect(output == "7 files, 0 disagreements\n")
    }

    /// Beyond what a dictionary may hold, with a text longer than a page.
    private func writeHugeDictionary() throws {
        let fields: [SchemaNode] = [.leaf("c0", .string), .leaf("c1", .int64)]
        var generator = SeededGenerator(seed: 9)
        let rows: [ParquetValue] = (0..<60_000).map { row in
            let number = Int64.random(in: 0..<50_000, using: &generator)
            let text =
                row == 30_000
                ? String(repeating: "long ", count: 400_000) : "a text of the number \(number), and more of it"
            return .structure([.init(name: "c0", value: .text(text)), .init(name: "c1", value: .int64(number))])
        }
        try scratch.write("huge.parquet", fields) { try $0.append(rows: rows) }
        try expect("huge.json", fields, rows)
    }

    /// The values by field, as the peers' script compares them.
    private func expect(_ name: String, _ fields: [SchemaNode], _ rows: [ParquetValue]) throws {
        let members = fields.enumerated().map { index, field in
            JSON.Member(
                field.name,
                .array(
                    rows.map { row in
                        guard case .structure(let members) = row else { return .null }
                        return Peers.plain(members[index].value)
                    }))
        }
        try Data(JSON.object(members).text().utf8).write(to: URL(fileURLWithPath: scratch.path(name)))
    }
}

/// Programs that read Parquet as well.
enum Peers {
    static let absence: Comment = "the peers are not there: python3 with pyarrow, duckdb and polars"

    static var areThere: Bool { (try? python(["-c", "import pyarrow.parquet, duckdb, polars"])) != nil }

    static var haveSpark: Bool {
        (try? python(["-c", "import pyspark, subprocess; subprocess.run(['java', '-version'], check=True)"])) != nil
    }

    /// Runs a script of the folder `Peers`; what it prints.
    static func run(_ arguments: [String]) throws -> String {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        return try python([folder.appending(path: "Peers/" + arguments[0]).path] + arguments.dropFirst())
    }

    private static func python(_ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.everything()
        process.waitUntilExit()
        let text = String(decoding: output, as: UTF8.self)
        guard process.terminationStatus == 0 else { throw Failure(output: text) }
        return text
    }

    struct Failure: Error {
        let output: String
    }

    /// A value as the script's `plain` gives it.
    static func plain(_ value: ParquetValue) -> JSON {
        switch value {
        case .null: .null
        case .boolean(let bit): .boolean(bit)
        case .int64(let number): .string(String(number))
        case .uint64(let number): .string(String(number))
        case .float(let number): double(Double(number))
        case .double(let number): double(number)
        case .decimal(let unscaled, let scale): .string("\(unscaled)e\(scale == 0 ? "0" : "-\(scale)")")
        case .text(let text): .string(text)
        case .binary(let bytes): .string(hexadecimal(bytes))
        case .date(let days): .string(String(days))
        case .time(let ticks, _, _), .timestamp(let ticks, _, _): .string(String(ticks))
        case .list(let items): .array(items.map(plain))
        case .map(let entries, _): .array(entries.map { .array([plain($0.key), plain($0.value)]) })
        case .structure(let members): .array(members.map { plain($0.value) })
        case .wideDecimal, .uuid, .interval: .string("\(value)")
        }
    }

    private static func double(_ number: Double) -> JSON {
        number.isNaN
            ? .string("nan") : .string(hexadecimal(withUnsafeBytes(of: number.bitPattern.bigEndian) { Array($0) }))
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
