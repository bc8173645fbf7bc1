import Foundation
import Tables

@testable import Delta

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
}

/// A folder of its own, gone with this object.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("assay-delta-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }

    func write(_ bytes: [UInt8], to name: String) throws {
        let file = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }

    /// Sets when a file was written.
    func touch(_ name: String, milliseconds: Int64) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: Double(milliseconds) / 1_000)],
            ofItemAtPath: "\(path)/\(name)")
    }
}

/// A log made of lines.
struct LogFixture {
    let folder: TemporaryFolder
    var table: String { folder.path }

    static let schema = #"{"type":"struct","fields":[{"name":"a","type":"integer","nullable":true,"metadata":{}}]}"#

    init() throws { folder = try TemporaryFolder() }

    static func name(_ version: Int) -> String { "_delta_log/\(String(format: "%020d", version)).json" }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(table)/\(name)") }

    func commit(_ version: Int, _ lines: [String]) throws {
        try folder.write(lines.map { $0 + "\n" }.joined(), to: Self.name(version))
    }

    static func metadata(
        _ properties: String = "{}", schema: String = Self.schema, partitions: String = "[]"
    ) -> String {
        #"{"metaData":{"id":"i","format":{"provider":"parquet","options":{}},"schemaString":\#(JSON.string(schema).text()),"#
            + #""partitionColumns":\#(partitions),"configuration":\#(properties)}}"#
    }

    static func version(_ reader: Int = 1, _ writer: Int = 2, features: [String]? = nil) -> String {
        let list = features.map { JSON.array($0.map { .string($0) }).text() }
        let lists = list.map { ",\"readerFeatures\":\($0),\"writerFeatures\":\($0)" } ?? ""
        return #"{"protocol":{"minReaderVersion":\#(reader),"minWriterVersion":\#(writer)\#(lists)}}"#
    }

    static func add(_ path: String, size: Int = 10, time: Int = 1, more: String = "") -> String {
        #"{"add":{"path":"\#(path)","partitionValues":{},"size":\#(size),"modificationTime":\#(time),"dataChange":true\#(more)}}"#
    }

    static func remove(_ path: String, at time: Int = 1) -> String {
        #"{"remove":{"path":"\#(path)","deletionTimestamp":\#(time),"dataChange":true}}"#
    }
}
