import Foundation
import Intake
import Tables
import TestSupport
import Testing

extension Scratch {
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
        var options = LandingOptions(folder: directory, settle: .zero)
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
