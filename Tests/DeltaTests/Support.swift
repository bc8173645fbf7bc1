import Foundation
import Tables
import TestSupport

@testable import Delta

extension Scratch {
    /// Sets when a file was written.
    func touch(_ name: String, milliseconds: Int64) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: Double(milliseconds) / 1_000)], ofItemAtPath: path(name))
    }
}

/// A log made of lines.
struct LogFixture {
    let folder: Scratch
    var table: String { folder.directory }

    static let schema = #"{"type":"struct","fields":[{"name":"a","type":"integer","nullable":true,"metadata":{}}]}"#

    init() throws { folder = try Scratch() }

    static func name(_ version: Int) -> String { "_delta_log/\(String(format: "%020d", version)).json" }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(table)/\(name)") }

    func commit(_ version: Int, _ lines: [String]) throws {
        try folder.file(lines.map { $0 + "\n" }.joined(), Self.name(version))
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
