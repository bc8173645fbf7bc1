import Files
import Foundation
import Tables

@testable import Parquet

/// SplitMix64: the same numbers from the same seed, on every machine.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &self)]
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }
}

/// A folder of the test's own, gone with it.
final class Scratch: Sendable {
    let directory: String

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("assay-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func path(_ name: String) -> String { directory + "/" + name }

    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []).sorted() }

    func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path(name)))) }

    /// Writes a file with a writer that `body` feeds.
    @discardableResult
    func write(
        _ name: String, _ fields: [SchemaNode], options: ParquetWriterOptions = ParquetWriterOptions(),
        _ body: (ParquetWriter) throws -> Void
    ) throws -> ParquetFileSummary {
        let file = try OutputFile(path: path(name))
        let writer = try ParquetWriter(to: file, schema: ParquetSchema(writing: fields), options: options)
        try body(writer)
        let summary = try writer.finish()
        try file.commit()
        return summary
    }

    /// The bytes of a file of rows.
    func bytes(
        ofRows rows: [ParquetValue], _ fields: [SchemaNode], options: ParquetWriterOptions = ParquetWriterOptions()
    ) throws -> [UInt8] {
        try write("rows", fields, options: options) { try $0.append(rows: rows) }
        return try bytes("rows")
    }
}

/// Small pages and row groups, so that small tables have many.
extension ParquetWriterOptions {
    static func small(pageRows: Int = 100, groupRows: Int = 1_000) -> ParquetWriterOptions {
        var options = ParquetWriterOptions()
        options.pageRowLimit = pageRows
        options.pageByteLimit = 4_000
        options.rowGroupRowLimit = groupRows
        options.dictionaryByteLimit = 2_000
        return options
    }
}
