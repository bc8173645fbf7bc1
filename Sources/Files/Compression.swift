import CZlib
import CZstd
import Tables

/// How a file is packed.
public enum Compression: String, Sendable, Hashable, CaseIterable {
    case none, gzip, zstd

    /// By a file's name, else by its first bytes: a text begins with neither magic number.
    init(path: String, head: [UInt8]) {
        let name = path.lowercased()
        if name.hasSuffix(".gz") || name.hasSuffix(".gzip") || head.starts(with: [0x1F, 0x8B]) {
            self = .gzip
        } else if name.hasSuffix(".zst") || name.hasSuffix(".zstd") || head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
            self = .zstd
        } else {
            self = .none
        }
    }

    func unpacking(_ stream: any ByteStream, path: String) throws(SourceError) -> any ByteStream {
        switch self {
        case .none: stream
        case .gzip: try GzipStream(stream, path: path)
        case .zstd: try ZstdStream(stream, path: path)
        }
    }
}

/// The bytes of a gzip file (RFC 1952), all of its members.
final class GzipStream: ByteStream {
    private let source: any ByteStream
    private let path: String
    private let state = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)
    private var isAtEnd = false
    /// Whether the last member is complete, so that the file may end here; one without any member is no gzip file.
    private var isBetweenMembers = true
    private var isFirstMember = true

    init(_ source: any ByteStream, path: String) throws(SourceError) {
        self.source = source
        self.path = path
        state.initialize(to: z_stream())
        // 15 bits of window, plus 16: gzip's header and trailer.
        guard inflateInit2_(state, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw SourceError(code: "unreadable", message: "zlib could not be started", place: path)
        }
    }

    deinit {
        inflateEnd(state)
        state.deallocate()
        input.deallocate()
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        guard !isAtEnd, buffer.count > 0 else { return 0 }
        let wanted = min(buffer.count, Int(UInt32.max >> 1))
        state.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        state.pointee.avail_out = UInt32(wanted)
        while state.pointee.avail_out == UInt32(wanted) {
            if state.pointee.avail_in == 0 {
                let count = try source.read(into: input)
                if count == 0 {
                    isAtEnd = true
                    guard isBetweenMembers, !isFirstMember else { throw damaged("it ends in the middle", "truncated") }
                    return 0
                }
                state.pointee.next_in = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
                state.pointee.avail_in = UInt32(count)
            }
            if isBetweenMembers, !isFirstMember {
                // Padding of zeros after the last member is common and harmless.
                while state.pointee.avail_in > 0, state.pointee.next_in?.pointee == 0 {
                    state.pointee.next_in? += 1
                    state.pointee.avail_in -= 1
                }
                if state.pointee.avail_in == 0 { continue }
            }
            isBetweenMembers = false
            switch inflate(state, Z_NO_FLUSH) {
            case Z_OK, Z_BUF_ERROR: continue
            case Z_STREAM_END:
                isBetweenMembers = true
                isFirstMember = false
                guard inflateReset(state) == Z_OK else { throw damaged("zlib gave up", "corrupt") }
            default:
                let reason = state.pointee.msg.map { String(cString: $0) } ?? "no gzip data"
                throw damaged(reason, "corrupt")
            }
        }
        return wanted - Int(state.pointee.avail_out)
    }

    private func damaged(_ reason: String, _ code: String) -> SourceError {
        SourceError(code: code, message: "the gzip data is damaged: \(reason)", place: path)
    }
}

/// The bytes of a Zstandard file (RFC 8878), all of its frames.
final class ZstdStream: ByteStream {
    private let source: any ByteStream
    private let path: String
    private let context: OpaquePointer
    private let largestWindow: Int32
    private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 17, alignment: 16)
    private var available = 0
    private var position = 0
    private var isFrameComplete = true
    private var isFirstFrame = true
    /// Whether zstd may hold text that the last buffer had no room for.
    private var hasMore = false
    private var isAtEnd = false

    /// `largestWindow` is a power of two of bytes: 27, or 128 MiB, is zstd's own default limit.
    init(_ source: any ByteStream, path: String, largestWindow: Int32 = 27) throws(SourceError) {
        guard let context = ZSTD_createDCtx() else {
            throw SourceError(code: "unreadable", message: "zstd could not be started", place: path)
        }
        self.source = source
        self.path = path
        self.context = context
        self.largestWindow = largestWindow
        _ = ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, largestWindow)
    }

    deinit {
        ZSTD_freeDCtx(context)
        input.deallocate()
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        guard !isAtEnd, buffer.count > 0 else { return 0 }
        var output = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
        while output.pos == 0 {
            if position == available, !hasMore {
                available = try source.read(into: input)
                position = 0
                if available == 0 {
                    isAtEnd = true
                    guard isFrameComplete, !isFirstFrame else {
                        throw SourceError(
                            code: "truncated", message: "the zstd data is damaged: it ends in the middle", place: path)
                    }
                    return 0
                }
            }
            if isFrameComplete, !isFirstFrame {
                // Padding of zeros after the last frame, as behind gzip's last member.
                while position < available, input[position] == 0 { position += 1 }
                if position == available { continue }
            }
            var source = ZSTD_inBuffer(src: input.baseAddress, size: available, pos: position)
            let result = ZSTD_decompressStream(context, &output, &source)
            position = source.pos
            if ZSTD_isError(result) != 0 { throw failure(result) }
            isFirstFrame = false
            isFrameComplete = result == 0
            hasMore = !isFrameComplete && output.pos == output.size
        }
        return output.pos
    }

    private func failure(_ result: Int) -> SourceError {
        guard ZSTD_getErrorCode(result) == ZSTD_error_frameParameter_windowTooLarge else {
            return SourceError(
                code: "corrupt",
                message: "the zstd data is damaged: \(String(cString: ZSTD_getErrorName(result)).lowercased())",
                place: path)
        }
        return SourceError(
            code: "window-too-large",
            message: "the zstd data needs a window of more than 2^\(largestWindow) bytes",
            place: path, hint: "pack it anew, without --long or with --long=\(largestWindow) at most")
    }
}
