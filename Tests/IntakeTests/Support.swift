import Foundation
import Intake
import Tables
import Testing

/// A folder of a test's own, gone with it.
final class Scratch: Sendable {
    let directory: String

    init() throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("intake-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    func path(_ name: String) -> String { directory + "/" + name }

    /// Writes a file, in place.
    func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
        let data = Data(bytes)
        let descriptor = open(path(name), O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        data.withUnsafeBytes { #expect(Foundation.write(descriptor, $0.baseAddress, $0.count) == $0.count) }
    }

    func write(_ text: String, to name: String) throws { try write(text.utf8, to: name) }

    func append(_ text: String, to name: String) throws {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path(name)))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }

    func rename(_ old: String, to new: String) throws {
        try #require(Foundation.rename(path(old), path(new)) == 0)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path(name)) }

    func folder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: path(name), withIntermediateDirectories: true)
    }

    /// The file as a plan has it.
    func planned(_ name: String) throws -> IntakeFile {
        var options = LandingOptions(folder: directory)
        options.settle = .zero
        options.isRecursive = true
        options.patterns = ["*"]
        let found = try LandingFolder(options).discover(now: Clock.now).ready
        return try #require(found.first { $0.name == name })
    }
}

/// Times that tests pass in.
enum Clock {
    /// Microseconds since 1970-01-01T00:00:00Z.
    static var now: Int64 { Int64(Date().timeIntervalSince1970 * 1_000_000) }
    static let second: Int64 = 1_000_000
}

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

extension IntakeSource {
    /// All columns, with records.
    var everything: Projection {
        var projection = Projection()
        for column in schema.fields.indices { projection.add([.values, .text], of: column) }
        projection.wantsRecords = true
        return projection
    }

    /// All batches, in order, read by so many workers that take turns.
    func batches(workers count: Int = 1, ordinals: Set<Int>? = nil) throws(SourceError) -> [Batch] {
        let reader = try open(everything, ordinals: ordinals)
        var workers = (0..<count).map { _ in reader.makeWorker() }
        var found: [Batch] = []
        while let worker = workers.popLast() {
            guard let batch = try worker.next() else { continue }
            found.append(batch)
            workers.insert(worker, at: 0)
        }
        return found.sorted { $0.ordinal < $1.ordinal }
    }

    /// Each row as `name=value` of its present columns, a question mark before an uncomparable one, and `_rescued` behind.
    func lines(workers: Int = 1) throws(SourceError) -> [String] {
        var lines: [String] = []
        for batch in try batches(workers: workers) {
            let rescued = rescue(batch).column
            for row in 0..<batch.rowCount {
                var cells: [String] = []
                for (index, field) in schema.fields.enumerated() {
                    let column = batch.column(index)
                    guard column.present[row] else { continue }
                    let isUnfit = column.uncomparable?[row] ?? false
                    cells.append("\(field.name)=\(isUnfit ? "?" : "")\(column.value(at: row))")
                }
                if let text = rescued.text(at: row) { cells.append(text) }
                lines.append(cells.joined(separator: " "))
            }
        }
        return lines
    }
}
