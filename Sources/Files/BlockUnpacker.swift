import CBrotli
import CLZ4
import CSnappy
import CZlib
import CZstd

/// Unpacks blocks of one codec, one after another, keeping what the library needs from block to block.
///
/// Not safe for use by several threads at once.
public final class BlockUnpacker {
    public let codec: BlockCodec
    private var zstd: OpaquePointer?
    private var zlib: UnsafeMutablePointer<z_stream>?

    public init(_ codec: BlockCodec) { self.codec = codec }

    deinit {
        ZSTD_freeDCtx(zstd)
        if let zlib {
            inflateEnd(zlib)
            zlib.deallocate()
        }
    }

    /// Fills the output; an error where the block is damaged or holds more or fewer bytes.
    ///
    /// Both hold less than 2 GiB.
    public func unpack(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) throws(BlockCodecError) {
        guard input.count <= Int(Int32.max), output.count <= Int(Int32.max) else { throw damaged("it is too large") }
        if output.isEmpty { return }
        guard !input.isEmpty else { throw damaged("it is empty") }
        switch codec {
        case .uncompressed:
            guard input.count == output.count else { throw wrongSize(input.count, output) }
            output.copyMemory(from: input)
        case .snappy: try unpackSnappy(input, output)
        case .gzip: try unpackGzip(input, output)
        case .zstd: try unpackZstd(input, output)
        case .brotli: try unpackBrotli(input, output)
        case .lz4Raw:
            guard unpackLZ4(input, output) == output.count else { throw damaged("it is no block of that size") }
        case .lz4:
            guard unpackHadoopLZ4(input, output) || unpackLZ4(input, output) == output.count else {
                throw damaged("it is neither framed nor a block of that size")
            }
        }
    }

    private func unpackSnappy(
        _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
    ) throws(BlockCodecError) {
        let packed = input.baseAddress?.assumingMemoryBound(to: CChar.self)
        var count = 0
        guard snappy_uncompressed_length(packed, input.count, &count) == SNAPPY_OK else {
            throw damaged("it has no length")
        }
        guard count == output.count else { throw wrongSize(count, output) }
        let room = output.baseAddress?.assumingMemoryBound(to: CChar.self)
        guard snappy_uncompress(packed, input.count, room, &count) == SNAPPY_OK, count == output.count else {
            throw damaged("it is no Snappy block")
        }
    }

    private func unpackZstd(
        _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
    ) throws(BlockCodecError) {
        if zstd == nil { zstd = ZSTD_createDCtx() }
        let count = ZSTD_decompressDCtx(zstd, output.baseAddress, output.count, input.baseAddress, input.count)
        guard ZSTD_isError(count) == 0 else { throw damaged(String(cString: ZSTD_getErrorName(count)).lowercased()) }
        guard count == output.count else { throw wrongSize(count, output) }
    }

    private func unpackBrotli(
        _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
    ) throws(BlockCodecError) {
        var count = output.count
        let result = BrotliDecoderDecompress(
            input.count, input.baseAddress?.assumingMemoryBound(to: UInt8.self), &count,
            output.baseAddress?.assumingMemoryBound(to: UInt8.self))
        guard result == BROTLI_DECODER_RESULT_SUCCESS else { throw damaged("it is no Brotli block of that size") }
        guard count == output.count else { throw wrongSize(count, output) }
    }

    /// All members of a gzip block (RFC 1952), or a zlib stream (RFC 1950), which some writers give that name.
    private func unpackGzip(
        _ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer
    ) throws(BlockCodecError) {
        let stream = try inflater()
        guard inflateReset(stream) == Z_OK else { throw damaged("zlib gave up") }
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(output.count)
        while true {
            switch inflate(stream, Z_FINISH) {
            case Z_STREAM_END:
                if stream.pointee.avail_in == 0 || stream.pointee.avail_out == 0 {
                    guard stream.pointee.avail_out == 0 else {
                        throw wrongSize(output.count - Int(stream.pointee.avail_out), output)
                    }
                    return
                }
                guard inflateReset(stream) == Z_OK else { throw damaged("zlib gave up") }
            case Z_OK, Z_BUF_ERROR:
                throw damaged(stream.pointee.avail_out == 0 ? "it is larger than announced" : "it ends in the middle")
            default: throw damaged(stream.pointee.msg.map { String(cString: $0) } ?? "it is no gzip data")
            }
        }
    }

    private func inflater() throws(BlockCodecError) -> UnsafeMutablePointer<z_stream> {
        if let zlib { return zlib }
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window, plus 32: gzip or zlib, as the header says.
        guard inflateInit2_(stream, 15 + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            stream.deallocate()
            throw damaged("zlib could not be started")
        }
        zlib = stream
        return stream
    }

    private func damaged(_ reason: String) -> BlockCodecError { BlockCodecError(codec: codec, reason: reason) }

    private func wrongSize(_ found: Int, _ output: UnsafeMutableRawBufferPointer) -> BlockCodecError {
        damaged("it holds \(found) bytes, announced were \(output.count)")
    }
}

/// The bytes that an LZ4 block made; negative where it is damaged.
private func unpackLZ4(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> Int {
    Int(
        LZ4_decompress_safe(
            input.baseAddress?.assumingMemoryBound(to: CChar.self),
            output.baseAddress?.assumingMemoryBound(to: CChar.self), Int32(input.count), Int32(output.count)))
}

/// Blocks behind their unpacked and packed sizes, 32 bits each, the highest byte first; false where they aren't that.
private func unpackHadoopLZ4(_ input: UnsafeRawBufferPointer, _ output: UnsafeMutableRawBufferPointer) -> Bool {
    var position = 0
    var written = 0
    while position < input.count {
        guard input.count - position >= 8 else { return false }
        let unpacked = Int(UInt32(bigEndian: input.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
        let packed = Int(UInt32(bigEndian: input.loadUnaligned(fromByteOffset: position + 4, as: UInt32.self)))
        position += 8
        guard packed <= input.count - position, unpacked <= output.count - written else { return false }
        let block = UnsafeRawBufferPointer(rebasing: input[position..<position + packed])
        let room = UnsafeMutableRawBufferPointer(rebasing: output[written..<written + unpacked])
        guard unpacked == 0 || unpackLZ4(block, room) == unpacked else { return false }
        position += packed
        written += unpacked
    }
    return written == output.count
}

/// The CRC-32 of bytes, as gzip and Parquet's pages have it.
public func crc32(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    UInt32(truncatingIfNeeded: crc32_z(0, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count))
}
