import Foundation
import Pipeline
import Synchronization
import Tables

/// What a gate made of a source.
struct Split: Equatable {
    let good: [String]
    /// The raw records.
    let bad: [String]
    /// As they are written, the directory of the file taken out.
    let badLines: [String]
    let report: GateReport

    init(_ gate: Gate, _ source: any BatchSource, threads: Int) async throws {
        let (passed, kept) = (Collected(), Collected())
        let stream = GateStream(
            gate, partitions: source.partitions, good: { bytes throws(SourceError) in passed.add(bytes) },
            bad: { bytes throws(SourceError) in kept.add(bytes) })
        var projection = gate.projection
        projection.wantsRecords = true
        await stream.run(try source.open(projection, ordinals: nil), threads: threads)
        let outcome = stream.outcome
        if let failure = outcome.failure { throw failure }
        report = outcome.report
        good = passed.lines
        let file = source.partitions[0].name
        badLines = kept.lines.map { $0.replacingOccurrences(of: file, with: "t.jsonl") }
        bad = try kept.lines.map { line in
            guard let raw = JSON(text: line)?["raw"]?.string else { throw CocoaError(.coderReadCorrupt) }
            return raw
        }
    }
}

private final class Collected: Sendable {
    private let bytes = Mutex<[UInt8]>([])

    func add(_ more: [UInt8]) { bytes.withLock { $0 += more } }

    /// Split at line feeds, which with a carriage return would be one character.
    var lines: [String] {
        bytes.withLock { $0.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) } }
    }
}
