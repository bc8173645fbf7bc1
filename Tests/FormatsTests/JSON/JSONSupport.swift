import Foundation
import Tables
import Testing

@testable import Formats

/// A file that is gone when the test is.
final class JSONFixture {
    let path: String

    init(_ bytes: some Sequence<UInt8>, name: String = "rows.jsonl") throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "assay-json-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appending(path: name).path
        try Data(bytes).write(to: URL(filePath: path))
    }

    convenience init(_ text: String, name: String = "rows.jsonl") throws { try self.init(text.utf8, name: name) }

    deinit { try? FileManager.default.removeItem(at: URL(filePath: path).deletingLastPathComponent()) }
}

/// All rows of a table, whatever the batches were.
struct JSONReading: Equatable {
    var names: [String] = []
    var types: [LogicalType] = []
    var rows: [[Value]] = []
    var offsets: [Int64] = []
    var partitions: [Int] = []
    /// As in `0 invalid-json: it ends in the middle, at byte 3`.
    var problems: [String] = []
    var kinds: [[RowProblem.Kind]] = []
    var widenings: [Int: LogicalType] = [:]

    init(
        _ source: any BatchSource, columns: Set<Int>? = nil, need: ColumnNeed = [.values, .text], workers count: Int = 2
    ) throws {
        names = source.schema.names
        types = source.schema.fields.map(\.type)
        let wanted = columns ?? Set(source.schema.fields.indices)
        let reader = try source.open(
            Projection(Dictionary(uniqueKeysWithValues: wanted.map { ($0, need) })), ordinals: nil)
        let workers = (0..<count).map { _ in reader.makeWorker() }
        var turn = 0
        while let batch = try workers[turn].next() {
            // The parts of a chunk come from one worker.
            if batch.part.isLast { turn = (turn + 1) % count }
            for problem in batch.problems {
                problems.append("\(rows.count + problem.row) \(problem.kind.rawValue): \(problem.detail)")
            }
            for row in 0..<batch.rowCount {
                rows.append(wanted.sorted().map { batch.column($0).value(at: row) })
                offsets.append(batch.offsets[row] ?? -1)
                partitions.append(batch.partition)
                kinds.append(batch.problems.filter { $0.row == row }.map(\.kind))
            }
        }
        for worker in workers { widenings.merge(worker.widenings) { $0.widenedOrText(toInclude: $1) } }
    }

    init(_ text: String, options: JSONOptions = JSONOptions(), name: String = "rows.jsonl") throws {
        let file = try JSONFixture(text, name: name)
        try self.init(JSONSource([file.path], options: options))
    }
}

/// The splitmix64 generator: the same numbers for the same seed everywhere.
struct JSONRandom: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
    mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &self) < share }
    mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }
}
