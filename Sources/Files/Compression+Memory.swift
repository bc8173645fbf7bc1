public import Tables

extension Compression {
    /// Unpacks what is in memory, to at most so many bytes; `nil` where there are more.
    ///
    /// Takes no more memory than that and a decoder's (Zstandard: up to 8 MiB, a larger window is refused).
    public func unpack(_ bytes: [UInt8], upTo maximum: Int, name: String) throws(SourceError) -> [UInt8]? {
        let packed = MemoryStream(bytes)
        let stream: any ByteStream
        switch self {
        case .none: stream = packed
        case .gzip: stream = try GzipStream(packed, path: name)
        case .zstd: stream = try ZstdStream(packed, path: name, largestWindow: 23)
        }
        var unpacked: [UInt8] = []
        while true {
            // One more than is allowed tells that there is more.
            let wanted = min(1 << 18, maximum + 1 - unpacked.count)
            let block = stream.block(after: [], upTo: wanted)
            if let error = block.error { throw error }
            unpacked += block.bytes
            if unpacked.count > maximum { return nil }
            if block.isAtEnd { return unpacked }
        }
    }
}

/// Bytes that are there already.
private final class MemoryStream: ByteStream {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SourceError) -> Int {
        let count = min(buffer.count, bytes.count - place)
        bytes.withUnsafeBytes { bytes in
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[place..<place + count]))
        }
        place += count
        return count
    }
}
