import Files
import Foundation
import Tables
import TestSupport
import Testing

@testable import Parquet

/// Damaged files: whatever their bytes say, they are read or refused, soon and in little memory.
///
/// `ASSAY_FUZZ_CASES` are tried, each a file (20,000 where it isn't set), and `ASSAY_FUZZ_SEED` is the first; the seed that is
/// tried is in `assay-fuzz-seed` in the directory of temporary files, for the case that the process dies of it.
@Suite("Damaged Parquet files")
struct FuzzTests {
    @Test func areReadOrRefused() async {
        // In a process of its own, whose memory nobody else takes.
        await #expect(processExitsWith: .success) {
            let environment = ProcessInfo.processInfo.environment
            let count = environment["ASSAY_FUZZ_CASES"].flatMap { UInt64($0) } ?? 20_000
            let first = environment["ASSAY_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
            try Self.read(first..<(first + count))
        }
    }

    private static func read(_ seeds: Range<UInt64>) throws {
        let originals = try originals()
        let file = try TemporaryFile()
        let note = try FileHandle(forWritingTo: note())
        let memory = PeakMemory()
        let clock = ContinuousClock()
        for seed in seeds {
            var damage = Damage(seed: seed)
            let bytes = damage.applied(to: originals[Int(seed / 3 % UInt64(originals.count))])
            try file.write(bytes)
            try note.seek(toOffset: 0)
            note.write(Data("\(seed)          ".utf8))
            memory?.restart()
            let time = clock.measure {
                switch seed % 3 {
                case 0: readRows(file.path)
                case 1: readColumns(file.path)
                default: readBatches(file.path)
                }
            }
            #expect(time < .seconds(180), "seed \(seed) took \(time)")
            if let taken = memory?.taken {
                #expect(
                    taken < allowance(bytes.count), "seed \(seed), a file of \(bytes.count) bytes, took \(taken) bytes")
            }
        }
    }

    /// Bytes of memory that the reading of a file may take.
    private static func allowance(_ byteCount: Int) -> Int { 16 << 20 + 64 * byteCount }

    private static func note() throws -> URL {
        let url = FileManager.default.temporaryDirectory.appending(path: "assay-fuzz-seed")
        try Data().write(to: url)
        return url
    }

    /// Footers, indexes and exact values, the first thousand.
    private static func readRows(_ path: String) {
        do throws(SourceError) {
            let file = try ParquetFile(InputFile(path: path, packing: Compression.none))
            for group in file.metadata.rowGroups.indices.prefix(3) {
                for leaf in file.schema.leaves.indices.prefix(40) {
                    _ = file.summary(rowGroup: group, leaf: leaf)
                    do throws(SourceError) { _ = try file.pageSummaries(rowGroup: group, leaf: leaf) } catch {}
                }
            }
            for field in file.schema.fields.prefix(40) {
                do throws(SourceError) {
                    let reader = file.rows(fields: [field.name])
                    for _ in 0..<4 { _ = try reader.next() }
                } catch {}
            }
        } catch {}
    }

    /// Columns side by side, as who judges a table reads them, and their bounds.
    private static func readBatches(_ path: String) {
        do throws(SourceError) {
            let source = try ParquetSource([path])
            _ = source.outlines.prefix(3).map {
                source.refined($0, columns: Set(0..<min(8, source.schema.fields.count)))
            }
            for need in [ColumnNeed.values, .presence, [.values, .text], [.values, .stored]] {
                let columns = source.schema.fields.indices.prefix(8).filter { source.refusal(ofColumn: $0) == nil }
                let projection = Projection(Dictionary(uniqueKeysWithValues: columns.map { ($0, need) }))
                do throws(SourceError) {
                    for batch in try BatchComparison.batches(of: source, projection, maximumBatches: 2)
                    where batch.rowCount > 0 {
                        for column in columns { _ = batch.column(column).value(at: batch.rowCount - 1) }
                    }
                } catch {}
            }
        } catch {}
    }

    /// Columns one by one, of the first two batches.
    private static func readColumns(_ path: String) {
        do throws(SourceError) {
            let source = try ParquetSource([path])
            for column in source.schema.fields.indices.prefix(40) {
                for need in [ColumnNeed.values, .presence] {
                    do throws(SourceError) {
                        // The second batch is reached by passing over the first.
                        for ordinals in [Set([0]), Set([1])] {
                            let batches = try BatchComparison.batches(
                                of: source, Projection([column: need]), ordinals: ordinals)
                            for batch in batches where batch.rowCount > 0 {
                                _ = batch.column(column).value(at: batch.rowCount - 1)
                            }
                        }
                    } catch {}
                }
            }
        } catch {}
    }

    /// Files by hand with every encoding, and the small ones of the corpora where they are there.
    private static func originals() throws -> [[UInt8]] {
        var originals = HandmadeFile.samples.map(\.bytes)
        for entry in ParquetCorpus.entries("data") + ParquetCorpus.entries("bad_data") {
            let bytes = try Data(contentsOf: URL(filePath: entry.path))
            if bytes.count < 16_384 { originals.append(Array(bytes)) }
        }
        return originals
    }
}

/// How much memory a process takes for something, as the system sees it.
private final class PeakMemory {
    private let reset: FileHandle
    private let status: FileHandle
    private var before = 0

    /// `nil` where the system doesn't tell, and under sanitizers, which take memory of their own.
    init?() {
        guard dlsym(UnsafeMutableRawPointer(bitPattern: 0), "__asan_init") == nil,
            dlsym(UnsafeMutableRawPointer(bitPattern: 0), "__tsan_init") == nil,
            let reset = FileHandle(forWritingAtPath: "/proc/self/clear_refs"),
            let status = FileHandle(forReadingAtPath: "/proc/self/status")
        else { return nil }
        (self.reset, self.status) = (reset, status)
    }

    /// What was taken before doesn't count.
    func restart() {
        // The peak becomes what is taken now (proc_pid_clear_refs(5)).
        reset.write(Data("5".utf8))
        before = peak
    }

    /// Bytes that were taken at once since.
    var taken: Int { peak - before }

    private var peak: Int {
        guard (try? status.seek(toOffset: 0)) != nil, let text = String(data: status.arrived(), encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let kilobytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
        else { return 0 }
        return (Int(kilobytes) ?? 0) << 10
    }
}

/// Changes to the bytes of a file, the same for the same seed.
private struct Damage {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    private mutating func below(_ limit: Int) -> Int {
        // Marsaglia, "Xorshift RNGs".
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state >> 11) % max(1, limit)
    }

    mutating func applied(to original: [UInt8]) -> [UInt8] {
        var bytes = original
        for _ in 0...below(4) {
            // Half of the damage is where it hurts: in the footer.
            let footer = min(bytes.count, 8 + footerLength(bytes))
            let place = below(2) == 0 ? below(bytes.count) : bytes.count - 1 - below(max(1, footer))
            guard bytes.indices.contains(place) else { continue }
            switch below(7) {
            case 0: bytes[place] ^= 1 << UInt8(below(8))
            case 1: bytes[place] = UInt8(below(256))
            case 2: bytes[place] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF][below(6)]
            case 3: number(&bytes, place)
            case 4: splice(&bytes, place)
            case 5: bytes.removeSubrange(place..<min(bytes.count, place + 1 + below(8)))
            default:
                if below(8) == 0 { bytes.removeLast(bytes.count - place) } else { longNumber(&bytes, place) }
            }
        }
        return bytes
    }

    private func footerLength(_ bytes: [UInt8]) -> Int {
        guard bytes.count >= 8 else { return 0 }
        return bytes[(bytes.count - 8)..<(bytes.count - 5)].reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// A length of 32 bits that is too large, too small or next to the truth.
    private mutating func number(_ bytes: inout [UInt8], _ place: Int) {
        let value = [0, 1, 0xFFFF_FFFF, 0x7FFF_FFFF, 0x8000_0000, below(1 << 16), bytes.count][below(7)]
        for (index, byte) in withUnsafeBytes(of: UInt32(truncatingIfNeeded: value).littleEndian, { Array($0) })
            .enumerated()
        where place + index < bytes.count { bytes[place + index] = byte }
    }

    /// A number of Thrift's that takes more bytes than before.
    private mutating func longNumber(_ bytes: inout [UInt8], _ place: Int) {
        let length = 1 + below(9)
        bytes.replaceSubrange(place..<(place + 1), with: [UInt8](repeating: 0xFF, count: length) + [UInt8(below(128))])
        // The footer's length stays right, so that the damage is reached.
        let end = bytes.count
        guard below(2) == 0, end >= 8 else { return }
        let total = footerLength(bytes) + length
        for index in 0..<3 { bytes[end - 8 + index] = UInt8(truncatingIfNeeded: total >> (8 * index)) }
    }

    private mutating func splice(_ bytes: inout [UInt8], _ place: Int) {
        let start = below(bytes.count)
        let part = Array(bytes[start..<min(bytes.count, start + 1 + below(64))])
        for (index, byte) in part.enumerated() where place + index < bytes.count { bytes[place + index] = byte }
    }
}

extension HandmadeFile {
    /// Files that have everything a page can have.
    static var samples: [HandmadeFile] {
        var samples: [HandmadeFile] = []
        let text = SchemaElement(type: .byteArray, repetition: .optional, name: "t", annotation: .string)
        let whole = SchemaElement(type: .int64, repetition: .optional, name: "n")
        // Two bits of eight are missing.
        let levels = HandmadeFile.levels([0x03, 0b1101_1101])
        let delta: [UInt8] = [0x80, 1, 4, 6, 14, 3, 2, 0, 0, 0, 0b1100_0000, 0b11] + [UInt8](repeating: 0, count: 6)
        let words = Array("axislebabbleyhoodabcd".utf8)
        let lengths: [UInt8] = [0x80, 1, 4, 6, 4, 0, 1, 0, 0, 0, 0b01010, 0, 0, 0]
        let numbers = (0..<6).flatMap { (number: Int) -> [UInt8] in [UInt8(number), 0, 0, 0, 0, 0, 0, 0] }
        for codec in [CompressionCodec.uncompressed, .snappy, .gzip, .zstd, .brotli, .lz4, .lz4Raw] {
            for (encoding, bytes) in [
                (Encoding.plain, numbers), (.deltaBinaryPacked, delta), (.byteStreamSplit, numbers),
            ] {
                samples.append(
                    HandmadeFile(
                        whole, rowCount: 16, codec: codec,
                        pages: [
                            .first(count: 8, encoding, levels: levels, bytes),
                            .second(
                                count: 8, rows: 8, encoding, repetition: [], definition: [0x03, 0b1101_1101], bytes),
                        ]))
            }
            samples.append(
                HandmadeFile(
                    text, rowCount: 24, codec: codec,
                    pages: [
                        .dictionary(count: 2, [1, 0, 0, 0, 0x61, 2, 0, 0, 0, 0x62, 0x63]),
                        .first(count: 8, .rleDictionary, levels: levels, [1, 0x03, 0b0101_0101]),
                        .first(count: 8, .deltaLengthByteArray, levels: levels, lengths + words),
                        .first(count: 8, .deltaByteArray, levels: levels, lengths + lengths + words),
                    ]))
        }
        var list = HandmadeFile(
            schema: [
                SchemaElement(name: "schema", childCount: 1),
                SchemaElement(repetition: .optional, name: "l", childCount: 1, annotation: .list),
                SchemaElement(repetition: .repeated, name: "list", childCount: 1),
                SchemaElement(type: .int32, repetition: .optional, name: "element"),
            ], rowCount: 4,
            chunks: [
                Chunk(
                    valueCount: 8,
                    pages: [
                        .second(
                            count: 8, rows: 4, .plain, repetition: [0x03, 0b0110_1010],
                            definition: [0x03, 0b1111_1111, 0b0111_0000, 0x00, 0x08, 3],
                            (0..<6).flatMap { (number: Int) -> [UInt8] in [UInt8(number), 0, 0, 0] })
                    ])
            ])
        list.hasChecksums = false
        samples.append(list)
        samples.append(
            HandmadeFile(
                SchemaElement(type: .boolean, repetition: .required, name: "b"), rowCount: 16,
                pages: [
                    .first(count: 8, .plain, levels: [], [0x5A]),
                    .first(count: 8, .rle, levels: [], HandmadeFile.levels([0x10, 1])),
                ]))
        samples.append(
            HandmadeFile(
                SchemaElement(
                    type: .fixedLengthByteArray, typeLength: 12, repetition: .optional, name: "d", scale: 2,
                    precision: 25,
                    annotation: .decimal(precision: 25, scale: 2)), rowCount: 8,
                pages: [
                    .first(
                        count: 8, .plain, levels: [0b1011_1011], [UInt8](repeating: 0x12, count: 72),
                        levelEncoding: .bitPacked)
                ]))
        return samples
    }
}
