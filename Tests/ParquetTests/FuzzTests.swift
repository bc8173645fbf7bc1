import Files
import Foundation
import Tables
import Testing

@testable import Parquet

/// Damaged files: whatever their bytes say, they are read or refused, soon and in little memory.
///
/// Half of `ASSAY_FUZZ_CASES` is tried, for each costs a file (20,000 where it isn't set), and `ASSAY_FUZZ_SEED` is the
/// first; the seed that is tried is in `assay-fuzz-seed` in the directory of temporary files, for the case that the process
/// dies of it.
@Suite("Damaged Parquet files")
struct FuzzTests {
    @Test func areReadOrRefused() throws {
        let environment = ProcessInfo.processInfo.environment
        let count = environment["ASSAY_FUZZ_CASES"].flatMap { Int($0) }.map { $0 / 2 } ?? 20_000
        let first = environment["ASSAY_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
        let originals = try Self.originals()
        let file = try TemporaryFile()
        let note = try FileHandle(forWritingTo: Self.note())
        let clock = ContinuousClock()
        for seed in first..<(first + UInt64(count)) {
            var damage = Damage(seed: seed)
            let bytes = damage.applied(to: originals[Int(seed / 2 % UInt64(originals.count))])
            try file.write(bytes)
            try note.seek(toOffset: 0)
            note.write(Data("\(seed)          ".utf8))
            let time = clock.measure { seed % 2 == 0 ? Self.readRows(file.path) : Self.readBatches(file.path) }
            #expect(time < .seconds(180), "seed \(seed) took \(time)")
        }
    }

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

    /// Columns, of the first two batches.
    private static func readBatches(_ path: String) {
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
