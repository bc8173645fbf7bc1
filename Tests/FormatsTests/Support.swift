import Formats
import Foundation
import Tables
import TestSupport

extension Scratch {
    /// An error with the directory taken out of its texts.
    func line(_ error: SourceError) -> String {
        let text =
            error.summary + (error.byteOffset.map { " at \($0)" } ?? "") + (error.hint.map { " hint: \($0)" } ?? "")
        return text.replacingOccurrences(of: directory + "/", with: "")
    }
}

/// All that a reader gave.
struct Reading: Equatable {
    var names: [String] = []
    var types: [String] = []
    /// As they were written; `nil` for a missing one.
    var texts: [[[UInt8]?]] = []
    /// A value in words, with a question mark before an uncomparable one.
    var values: [[String]] = []
    var offsets: [Int64?] = []
    var problems: [String] = []
    var widenings: [Int: LogicalType] = [:]
    var batches = 0

    /// Texts joined by bars; `∅` for a missing one.
    var lines: [String] {
        texts.map { row in row.map { $0.map { String(decoding: $0, as: UTF8.self) } ?? "∅" }.joined(separator: "|") }
    }
}

extension Reading {
    /// Reads files to their end, with several workers that take turns.
    init(
        _ paths: [String], _ options: CSVOptions = CSVOptions(), need: ColumnNeed = [.values, .text], workers: Int = 1
    ) throws(SourceError) {
        try self.init(CSVSource(paths, options: options), need: need, workers: workers)
    }

    init(
        _ source: any BatchSource, need: ColumnNeed = [.values, .text], workers count: Int = 1,
        ordinals: Set<Int>? = nil
    ) throws(SourceError) {
        names = source.schema.names
        types = source.schema.fields.map(\.type.description)
        let indices = Array(source.schema.fields.indices)
        let reader = try source.open(
            Projection(Dictionary(uniqueKeysWithValues: indices.map { ($0, need) })), ordinals: ordinals)
        var workers = (0..<count).map { _ in reader.makeWorker() }
        var found: [Batch] = []
        while let worker = workers.popLast() {
            guard let batch = try worker.next() else { continue }
            found.append(batch)
            widenings.merge(worker.widenings) { $0.widenedOrText(toInclude: $1) }
            workers.insert(worker, at: 0)
        }
        let place = { (batch: Batch) in (batch.ordinal, batch.part.firstRow) }
        for batch in found.sorted(by: { place($0) < place($1) }) { add(batch, indices) }
    }

    private mutating func add(_ batch: Batch, _ indices: [Int]) {
        batches += 1
        problems += batch.problems.map { "row \(texts.count + $0.row + 1): \($0.kind.rawValue): \($0.detail)" }
        for row in 0..<batch.rowCount {
            texts.append(indices.map { batch.column($0).bytes(at: row) })
            values.append(
                indices.map { index in
                    let column = batch.column(index)
                    return (column.uncomparable?[row] == true ? "?" : "") + column.value(at: row).description
                })
            offsets.append(batch.offsets[row])
        }
    }
}

extension Column {
    /// The bytes of a cell as they were written; `nil` where it is missing.
    fileprivate func bytes(at row: Int) -> [UInt8]? {
        guard present[row], let lexemes else { return nil }
        let start = Int(lexemes.starts[row])
        return Array(lexemes.bytes[start..<start + Int(lexemes.lengths[row])])
    }
}

/// The error that a body throws, in words.
func diagnosis(_ scratch: Scratch, _ body: () throws(SourceError) -> Void) -> String {
    do throws(SourceError) {
        try body()
        return "no error"
    } catch {
        return scratch.line(error)
    }
}

/// How long, and with which random numbers, generated cases are tried: `scripts/fuzz` sets both.
enum Fuzz {
    private static let environment = ProcessInfo.processInfo.environment
    private static let wanted = environment["ASSAY_FUZZ_CASES"].flatMap { Int($0) }
    /// What makes the cases others than the usual ones.
    static let seed = environment["ASSAY_FUZZ_SEED"].flatMap { UInt64($0) } ?? 0

    /// So many as usual, or one in `share` of those that `ASSAY_FUZZ_CASES` wants: more than 1 for cases that take long.
    static func cases(_ usual: Int, share: Int = 1) -> Int { wanted.map { max(1, $0 / share) } ?? usual }
}
