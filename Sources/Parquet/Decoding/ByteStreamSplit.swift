/// Values of a fixed width, all their first bytes together, then all their second ones (Encodings.md, BYTE_STREAM_SPLIT = 9).
struct ByteStreamSplit {
    private let bytes: UnsafeRawBufferPointer
    private let width: Int
    /// Values in the page.
    private let count: Int
    private var next = 0

    init(_ bytes: UnsafeRawBufferPointer, width: Int) throws(ParquetError) {
        guard width > 0, bytes.count % width == 0 else {
            throw .corrupt("\(bytes.count) bytes are no streams of values of \(width) bytes")
        }
        self.bytes = bytes
        self.width = width
        count = bytes.count / width
    }

    /// Writes the bytes of exactly so many values, one value behind the other; there is room for them.
    mutating func read(_ wanted: Int, into output: UnsafeMutableRawPointer) throws(ParquetError) {
        try skip(wanted)
        guard let base = bytes.baseAddress else { return }
        let first = base + (next &- wanted)
        switch width {
        case 4:
            let stride = count
            for index in 0..<wanted {
                var value: UInt32 = 0
                for stream in 0..<4 {
                    let byte = first.load(fromByteOffset: index &+ stream &* stride, as: UInt8.self)
                    value |= UInt32(byte) &<< UInt32(8 &* stream)
                }
                output.storeBytes(of: value.littleEndian, toByteOffset: index &* 4, as: UInt32.self)
            }
        case 8:
            let stride = count
            for index in 0..<wanted {
                var value: UInt64 = 0
                for stream in 0..<8 {
                    let byte = first.load(fromByteOffset: index &+ stream &* stride, as: UInt8.self)
                    value |= UInt64(byte) &<< UInt64(8 &* stream)
                }
                output.storeBytes(of: value.littleEndian, toByteOffset: index &* 8, as: UInt64.self)
            }
        default:
            for stream in 0..<width {
                let source = first + stream &* count
                for index in 0..<wanted {
                    output.storeBytes(
                        of: source.load(fromByteOffset: index, as: UInt8.self), toByteOffset: index &* width &+ stream,
                        as: UInt8.self)
                }
            }
        }
    }

    mutating func skip(_ wanted: Int) throws(ParquetError) {
        guard wanted <= count - next else { throw .corrupt("a page has \(count) values, fewer than announced") }
        next += wanted
    }
}
