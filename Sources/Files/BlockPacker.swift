import CBrotli
import CLZ4
import CSnappy
import CZlib
import CZstd

/// Packs blocks of one codec, one after another, keeping what the library needs from block to block.
///
/// Not safe for use by several threads at once.
public final class BlockPacker {
    public let codec: BlockCodec
    private let level: Int32
    private var zstd: OpaquePointer?

    /// Packs at a level of the codec's own; at a usual one where it is `nil`: zstd 3, gzip 6, Brotli 5.
    ///
    /// The other codecs have no levels.
    public init(_ codec: BlockCodec, level: Int? = nil) {
        self.codec = codec
        self.level = Int32(clamping: level ?? (codec == .zstd ? 3 : codec == .gzip ? 6 : 5))
    }

    deinit { ZSTD_freeCCtx(zstd) }

    /// Room enough for any block of so many bytes, packed.
    public func maximumPackedCount(_ count: Int) -> Int {
        switch codec {
        case .uncompressed: count
        case .snappy: snappy_max_compressed_length(count)
        // Deflate's stored blocks, and gzip's header and trailer.
        case .gzip: Int(compressBound(UInt(count))) + 18
        case .zstd: ZSTD_compressBound(count)
        case .brotli: max(64, BrotliEncoderMaxCompressedSize(count))
        case .lz4Raw: Self.maximumLZ4Count(count)
        case .lz4: Self.maximumLZ4Count(count) + 8
        }
    }

    /// Packs the input into the output, which has at least `maximumPackedCount` bytes; how many it took.
    ///
    /// The input holds less than 2 GiB less what LZ4 adds (about 8 MiB).
    public func pack(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(BlockCodecError) -> Int {
        guard input.count <= 0x7E00_0000 else { throw failed("it is too large") }
        precondition(output.count >= maximumPackedCount(input.count), "the output has room for any block of the size")
        switch codec {
        case .uncompressed:
            output.copyMemory(from: input)
            return input.count
        case .snappy:
            var count = output.count
            let status = snappy_compress(
                input.baseAddress?.assumingMemoryBound(to: CChar.self), input.count,
                output.baseAddress?.assumingMemoryBound(to: CChar.self), &count)
            guard status == SNAPPY_OK else { throw failed("Snappy gave up") }
            return count
        case .gzip: return try packGzip(input, output)
        case .zstd:
            if zstd == nil { zstd = ZSTD_createCCtx() }
            let count = ZSTD_compressCCtx(
                zstd, output.baseAddress, output.count, input.baseAddress, input.count, level)
            guard ZSTD_isError(count) == 0 else { throw failed(String(cString: ZSTD_getErrorName(count)).lowercased()) }
            return count
        case .brotli: return try packBrotli(input, output)
        case .lz4Raw: return try packLZ4(input, output)
        case .lz4:
            let room = UnsafeMutableRawBufferPointer(rebasing: output[8...])
            let count = try packLZ4(input, room)
            output.storeBytes(of: UInt32(input.count).bigEndian, toByteOffset: 0, as: UInt32.self)
            output.storeBytes(of: UInt32(count).bigEndian, toByteOffset: 4, as: UInt32.self)
            return count + 8
        }
    }

    /// The same into an array of the exact size.
    public func pack(_ input: UnsafeRawBufferPointer) throws(BlockCodecError) -> [UInt8] {
        var result: Result<Int, BlockCodecError> = .success(0)
        let bytes = [UInt8](unsafeUninitializedCapacity: maximumPackedCount(input.count)) { buffer, count in
            do throws(BlockCodecError) {
                count = try pack(
                    input, into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[...]))
            } catch { result = .failure(error) }
        }
        _ = try result.get()
        return bytes
    }

    private func packGzip(
        _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
    ) throws(BlockCodecError) -> Int {
        var stream = z_stream()
        // 15 bits of window, plus 16: gzip's header and trailer; 8 is zlib's usual memory level.
        guard
            deflateInit2_(
                &stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { throw failed("zlib could not be started") }
        defer { deflateEnd(&stream) }
        stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.avail_in = UInt32(input.count)
        stream.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.avail_out = UInt32(clamping: output.count)
        guard deflate(&stream, Z_FINISH) == Z_STREAM_END else { throw failed("zlib gave up") }
        return Int(stream.total_out)
    }

    private func packBrotli(
        _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
    ) throws(BlockCodecError) -> Int {
        var count = output.count
        // 22 bits of window, Brotli's own usual.
        let isDone = BrotliEncoderCompress(
            level, 22, BROTLI_MODE_GENERIC, input.count, input.baseAddress?.assumingMemoryBound(to: UInt8.self), &count,
            output.baseAddress?.assumingMemoryBound(to: UInt8.self))
        guard isDone != 0 else { throw failed("Brotli gave up") }
        return count
    }

    private func packLZ4(
        _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
    ) throws(BlockCodecError) -> Int {
        let count = LZ4_compress_default(
            input.baseAddress?.assumingMemoryBound(to: CChar.self),
            output.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(input.count), Int32(clamping: output.count))
        guard count > 0 else { throw failed("LZ4 gave up") }
        return Int(count)
    }

    private static func maximumLZ4Count(_ count: Int) -> Int { max(16, Int(LZ4_compressBound(Int32(clamping: count)))) }

    private func failed(_ reason: String) -> BlockCodecError { BlockCodecError(codec: codec, reason: reason) }
}
