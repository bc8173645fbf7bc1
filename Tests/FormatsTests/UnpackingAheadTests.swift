import Files
import Foundation
import Synchronization
import Tables
import TestSupport
import Testing

@testable import Formats

/// Packed files that several threads unpack are read as one thread reads them.
@Suite struct UnpackingAheadTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private struct Part: Equatable, Comparable {
        let ordinal: Int
        let file: Int
        let rows: Int
        let bytes: Int
        let firstOffset: Int64?

        static func < (left: Part, right: Part) -> Bool { left.ordinal < right.ordinal }
    }

    /// What all batches are, by their ordinals; and the error that ended the reading.
    private func read(_ paths: [String], threads: Int) throws -> (parts: [Part], error: String?) {
        var options = CSVOptions()
        options.chunkBytes = 300_000
        let reader = try CSVSource(paths, options: options).open(Projection([0: .presence]), ordinals: nil)
        let found = Mutex<(parts: [Part], error: String?)>(([], nil))
        DispatchQueue.concurrentPerform(iterations: threads) { _ in
            let worker = reader.makeWorker()
            do throws(SourceError) {
                while let batch = try worker.next() {
                    let part = Part(
                        ordinal: batch.ordinal, file: batch.partition, rows: batch.rowCount, bytes: batch.byteCount,
                        firstOffset: batch.rowCount > 0 ? batch.offsets[0] : nil)
                    found.withLock { $0.parts.append(part) }
                }
            } catch {
                found.withLock { $0.error = "file \(error.partition ?? -1): \(scratch.line(error))" }
            }
        }
        return found.withLock { ($0.parts.sorted(), $0.error) }
    }

    /// Long rows, so that there are many bytes and few cells.
    private func text(_ rows: Int) -> [UInt8] {
        var text = Array("a,b\n".utf8)
        for row in 0..<rows { text += Array("\(row),".utf8) + [UInt8](repeating: 0x78, count: 9_000) + [0x0A] }
        return text
    }

    /// Some are longer than what may be unpacked ahead, some are empty, one isn't packed.
    private func files() throws -> [String] {
        try [30, 1, 0, 700, 90, 5, 250, 40, 1, 1, 60].enumerated().map { number, rows in
            switch number {
            case 2: try scratch.file(CompressionTests.gzip([]), "\(number).csv.gz")
            case 5: try scratch.file(text(rows), "\(number).csv")
            case 6: try scratch.file(CompressionTests.zstd(text(rows)), "\(number).csv.zst")
            default: try scratch.file(CompressionTests.gzip(text(rows)), "\(number).csv.gz")
            }
        }
    }

    @Test func threadsMakeNoDifference() throws {
        let paths = try files()
        let wanted = try read(paths, threads: 1)
        #expect(wanted.error == nil)
        #expect(wanted.parts.map(\.ordinal) == Array(wanted.parts.indices))
        #expect(wanted.parts.reduce(0) { $0 + $1.rows } == 1_178)
        for threads in [2, 3, 8] { #expect(try read(paths, threads: threads) == wanted, "\(threads) threads") }
    }

    @Test func anErrorComesInItsPlace() throws {
        var paths = try files()
        paths[4] = try scratch.file(CompressionTests.gzip(text(90)).dropLast(100), "damaged.csv.gz")
        let wanted = try read(paths, threads: 1)
        #expect(
            wanted.error == "file 4: damaged.csv.gz: the gzip data is damaged: it ends in the middle [truncated]")
        #expect(wanted.parts.last?.file == 4)
        for threads in [2, 3, 8] { #expect(try read(paths, threads: threads) == wanted, "\(threads) threads") }
    }
}
