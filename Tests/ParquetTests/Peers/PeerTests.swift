import Files
import Foundation
import Parquet
import Tables
import TestSupport
import Testing

@Suite("Files that others write")
struct PeerTests {
    @Test(.enabled(if: Peer.isThere, Peer.absence))
    func areReadValueByValue() throws {
        let seed = ProcessInfo.processInfo.environment["ASSAY_PEER_SEED"].flatMap { Int($0) } ?? 1
        let count = ProcessInfo.processInfo.environment["ASSAY_PEER_TABLES"].flatMap { Int($0) } ?? 24
        let folder = FileManager.default.temporaryDirectory.appending(path: "assay-peers-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Peer.run([folder.path, String(seed), String(count)])
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".parquet") }
        #expect(files.count >= count * 3 / 4)
        for name in files.sorted() { try check(folder.appending(path: name).path, "seed \(seed), \(name)") }
    }

    private func check(_ path: String, _ label: String) throws {
        let lines = try String(contentsOfFile: path + ".jsonl", encoding: .utf8).split(separator: "\n")
        let file = try ParquetFile(InputFile(path: path, packing: Compression.none))
        let reader = file.rows()
        var row = 0
        var difference: String?
        while difference == nil {
            let rows = try reader.next()
            if rows.isEmpty { break }
            for values in rows where difference == nil {
                let value = ParquetValue.structure(
                    zip(reader.fields, values).map { ParquetValue.Member(name: $0.name, value: $1) })
                try #require(row < lines.count, "\(label)")
                let expected = try #require(JSON(text: String(lines[row])), "\(label)")
                difference = TaggedJSON.difference(value, expected).map { "row \(row): \($0)" }
                row += 1
            }
        }
        #expect(difference == nil, "\(label)")
        if difference == nil { #expect(row == lines.count, "\(label)") }
        let batches = try BatchComparison(ParquetSource([path]))
        #expect(batches.differences.first == nil, "\(label)")
        #expect(batches.rowCount == lines.count, "\(label)")
    }
}

/// Python with pyarrow, where it is installed.
enum Peer {
    static let absence: Comment = "no python3 with pyarrow is there to write files"

    static let isThere = (try? start(["-c", "import pyarrow"])) == 0

    static func run(_ arguments: [String]) throws {
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "tables.py").path
        try #require(try start([script] + arguments) == 0)
    }

    private static func start(_ arguments: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3"] + arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
