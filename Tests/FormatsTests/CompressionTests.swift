import CZlib
import CZstd
import Files
import Foundation
import Tables
import TestSupport
import Testing

@testable import Formats

@Suite struct CompressionTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static let text = Array(("a,b\n" + (1...3_000).map { "\($0),\($0 % 7)\n" }.joined()).utf8)

    private func rows(_ path: String, chunkBytes: Int = 1 << 20, _ compression: Compression? = nil) -> String {
        var options = CSVOptions()
        options.chunkBytes = chunkBytes
        options.compression = compression
        do throws(SourceError) {
            return "\(try Reading([path], options, need: .presence).texts.count) rows"
        } catch {
            return scratch.line(error)
        }
    }

    static let packings: [(String, @Sendable ([UInt8]) -> [UInt8], String)] = [
        ("gz", { gzip($0) }, "gz"), ("zst", { zstd($0) }, "zst"),
        ("zst with checksum", { zstd($0, hasChecksum: true) }, "zst"),
        ("gz, two members", { gzip(Array($0.prefix(5_000))) + gzip(Array($0.dropFirst(5_000))) }, "gz"),
        ("gz, an empty member between", { gzip(Array($0.prefix(7))) + gzip([]) + gzip(Array($0.dropFirst(7))) }, "gz"),
        ("gz, zeros behind", { gzip($0) + [UInt8](repeating: 0, count: 1_000) }, "gz"),
        ("gz, zeros between", { gzip(Array($0.prefix(7))) + [0, 0] + gzip(Array($0.dropFirst(7))) }, "gz"),
        ("zst, two frames", { zstd(Array($0.prefix(5_000))) + zstd(Array($0.dropFirst(5_000))) }, "zst"),
        ("zst, zeros behind", { zstd($0) + [UInt8](repeating: 0, count: 200_000) }, "zst"),
        ("zst, zeros between", { zstd(Array($0.prefix(7))) + [0, 0] + zstd(Array($0.dropFirst(7))) }, "zst"),
        ("zst, a skippable frame", { [0x50, 0x2A, 0x4D, 0x18, 2, 0, 0, 0, 9, 9] + zstd($0) }, "zst"),
        ("gz without its name", { gzip($0) }, "csv"), ("zst without its name", { zstd($0) }, "csv"),
        ("plain", { $0 }, "csv"),
        ("gz, name in capitals", { gzip($0) }, "CSV.GZ"),
    ]

    @Test(arguments: packings) func unpacks(_ name: String, _ pack: @Sendable ([UInt8]) -> [UInt8], _ suffix: String)
        throws
    {
        let path = try scratch.file(pack(Self.text), "t.\(suffix)")
        for chunkBytes in [16, 1_000, 1 << 20] { #expect(rows(path, chunkBytes: chunkBytes) == "3000 rows") }
    }

    /// Much more text than the packed bytes: what is unpacked must not wait for bytes that never come.
    @Test(arguments: [16, 333, 65_536, 1 << 20]) func unpacksWhatShrinksALot(_ chunkBytes: Int) throws {
        let text = Array("a,b\n".utf8) + [UInt8](repeating: 0x31, count: 100_000) + Array(",2\n".utf8)
        #expect(rows(try scratch.file(Self.zstd(text), "t.zst"), chunkBytes: chunkBytes) == "1 rows")
        #expect(rows(try scratch.file(Self.zstd(text, hasChecksum: true), "t.zst"), chunkBytes: chunkBytes) == "1 rows")
        #expect(rows(try scratch.file(Self.gzip(text), "t.gz"), chunkBytes: chunkBytes) == "1 rows")
    }

    static let damages: [(String, @Sendable ([UInt8]) -> [UInt8], String)] = [
        ("t.gz", { Array(gzip($0).dropLast(1)) }, "t.gz: the gzip data is damaged: it ends in the middle [truncated]"),
        ("t.gz", { Array(gzip($0).prefix(3)) }, "t.gz: the gzip data is damaged: it ends in the middle [truncated]"),
        (
            "t.gz", { gzip($0) + Array(gzip($0).prefix(20)) },
            "t.gz: the gzip data is damaged: it ends in the middle [truncated]"
        ),
        ("t.gz", { gzip($0) + [1, 2, 3] }, "t.gz: the gzip data is damaged: incorrect header check [corrupt]"),
        ("t.gz", { _ in [] }, "t.gz: the gzip data is damaged: it ends in the middle [truncated]"),
        ("t.zst", { _ in [] }, "t.zst: the zstd data is damaged: it ends in the middle [truncated]"),
        ("t.gz", { $0 }, "t.gz: the gzip data is damaged: incorrect header check [corrupt]"),
        ("t.gz", { flipped(gzip($0), -8) }, "t.gz: the gzip data is damaged: incorrect data check [corrupt]"),
        ("t.gz", { flipped(gzip($0), -1) }, "t.gz: the gzip data is damaged: incorrect length check [corrupt]"),
        (
            "t.zst", { Array(zstd($0).dropLast(1)) },
            "t.zst: the zstd data is damaged: it ends in the middle [truncated]"
        ),
        ("t.zst", { Array(zstd($0).prefix(2)) }, "t.zst: the zstd data is damaged: it ends in the middle [truncated]"),
        (
            "t.zst", { zstd($0) + Array(zstd($0).prefix(9)) },
            "t.zst: the zstd data is damaged: it ends in the middle [truncated]"
        ),
        ("t.zst", { $0 }, "t.zst: the zstd data is damaged: unknown frame descriptor [corrupt]"),
        (
            "t.zst", { [0, 0] + zstd($0) }, "t.zst: the zstd data is damaged: unknown frame descriptor [corrupt]"
        ),
        (
            // A frame with a window of 2^28 bytes: no content size, one raw block, the last.
            "t.zst", { _ in [0x28, 0xB5, 0x2F, 0xFD, 0, 18 << 3, 0x09, 0, 0, 0x31] },
            "t.zst: the zstd data needs a window of more than 2^27 bytes [window-too-large] hint: pack it anew, without --long or with --long=27 at most"
        ),
        (
            "t.zst", { zstd($0) + [1, 2, 3, 4, 5] },
            "t.zst: the zstd data is damaged: unknown frame descriptor [corrupt]"
        ),
        (
            "t.zst", { flipped(zstd($0, hasChecksum: true), -1) },
            "t.zst: the zstd data is damaged: restored data doesn't match checksum [corrupt]"
        ),
    ]

    @Test(arguments: damages) func refusesWhatIsDamaged(
        _ name: String, _ pack: @Sendable ([UInt8]) -> [UInt8], _ wanted: String
    ) throws {
        #expect(rows(try scratch.file(pack(Self.text), name)) == wanted)
        #expect(rows(try scratch.file(pack(Self.text), name), chunkBytes: 64) == wanted)
    }

    @Test func everyDamagedByteEndsInRowsOrAnError() throws {
        var random = SeededGenerator(seed: 2)
        let small = Array(Self.text.prefix(600))
        for (packed, name) in [(Self.gzip(small), "t.gz"), (Self.zstd(small, hasChecksum: true), "t.zst")] {
            for index in packed.indices {
                var damaged = packed
                damaged[index] ^= UInt8.random(in: 1...255, using: &random)
                let found = rows(try scratch.file(damaged, name))
                #expect(found.hasSuffix("rows") || found.hasSuffix("]"), "byte \(index) of \(name): \(found)")
            }
            for count in 1..<packed.count {
                let found = rows(try scratch.file(packed.prefix(count), name))
                #expect(found.hasSuffix("it ends in the middle [truncated]"), "\(count) bytes of \(name): \(found)")
            }
        }
    }

    @Test func sizesOfPackedFilesAreNotKnown() throws {
        let source = try CSVSource([scratch.file(Self.gzip(Self.text), "t.gz")])
        #expect(source.unpackedByteCount == nil)
        #expect(source.descriptions == ["\(scratch.path("t.gz")): 2 columns, delimiter \",\", header, gzip"])
    }

    @Test func anEmptyTextIsAnEmptyTable() throws {
        #expect(rows(try scratch.file(Self.gzip([]), "t.gz")) == "0 rows")
        #expect(rows(try scratch.file(Self.zstd([]), "t.zst")) == "0 rows")
    }

    @Test func declaredPackingWins() throws {
        #expect(rows(try scratch.file(Self.text, "t.gz"), Compression.none) == "3000 rows")
        #expect(rows(try scratch.file(Self.gzip(Self.text), "t.csv"), .gzip) == "3000 rows")
    }

    /// A gzip member, made by zlib.
    static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        guard
            deflateInit2_(
                &stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)
            )
                == Z_OK
        else { return [] }
        defer { deflateEnd(&stream) }
        var input = bytes
        return input.withUnsafeMutableBufferPointer { input in
            [UInt8](unsafeUninitializedCapacity: bytes.count + 1_000) { output, count in
                (stream.next_in, stream.avail_in) = (input.baseAddress, UInt32(input.count))
                (stream.next_out, stream.avail_out) = (output.baseAddress, UInt32(output.count))
                deflate(&stream, Z_FINISH)
                count = output.count - Int(stream.avail_out)
            }
        }
    }

    /// A Zstandard frame; without a checksum as most libraries write it.
    static func zstd(_ bytes: [UInt8], hasChecksum: Bool = false) -> [UInt8] {
        guard let context = ZSTD_createCCtx() else { return [] }
        defer { ZSTD_freeCCtx(context) }
        _ = ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, hasChecksum ? 1 : 0)
        return [UInt8](unsafeUninitializedCapacity: ZSTD_compressBound(bytes.count)) { output, count in
            count = ZSTD_compress2(context, output.baseAddress, output.count, bytes, bytes.count)
        }
    }

    private static func flipped(_ bytes: [UInt8], _ index: Int) -> [UInt8] {
        var bytes = bytes
        bytes[bytes.count + index] ^= 0x55
        return bytes
    }
}
