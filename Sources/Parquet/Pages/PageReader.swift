import Files

/// Walks over the pages of a column chunk, unpacking those that are wanted.
///
/// Not safe for use by several threads at once.
final class PageReader {
    let leaf: SchemaLeaf
    private let window: FileWindow
    private let unpacker: BlockUnpacker
    private let unpacked = PageBuffer()
    private let scratch = (PageBuffer(), PageBuffer())
    /// Where the next page's header begins.
    private var offset: Int64
    /// Where the chunk ends by its own account, for reading ahead only: some writers' accounts are wrong.
    private let chunkEnd: Int64
    /// The header of the page at hand, and where its bytes begin.
    private var header: PageHeader?
    private var bodyOffset: Int64 = 0

    /// A header with longer statistics is not believed.
    private static let longestHeader = 1 << 24

    init(_ file: ParquetFile, _ chunk: ColumnChunk, _ leaf: SchemaLeaf) throws(ParquetError) {
        let (metadata, codec) = try chunk.readable(leaf)
        self.leaf = leaf
        window = FileWindow(try file.input(), end: file.dataEnd)
        unpacker = BlockUnpacker(codec)
        let first = metadata.firstPageOffset
        offset = first
        let (end, overflow) = first.addingReportingOverflow(max(0, metadata.compressedSize))
        chunkEnd = overflow ? first : end
    }

    /// The next page's header; the page before it, if it was not loaded, is passed over.
    func nextHeader() throws(ParquetError) -> PageHeader {
        try located { () throws(ParquetError) in
            var wanted = 512
            while true {
                let bytes = try window.bytes(at: offset, wanted, hint: chunkEnd)
                var reader = ThriftReader(bytes)
                do throws(ParquetError) {
                    let header = try PageHeader(from: &reader)
                    guard header.compressedSize >= 0, header.uncompressedSize >= 0 else {
                        throw .corrupt("a page of a negative size")
                    }
                    bodyOffset = offset + Int64(reader.position)
                    offset = bodyOffset + Int64(header.compressedSize)
                    self.header = header
                    return header
                } catch {
                    // The header may be longer than what was looked at.
                    guard bytes.count >= wanted, wanted < Self.longestHeader else { throw error }
                    wanted = min(max(wanted, bytes.count) * 8, Self.longestHeader)
                }
            }
        }
    }

    /// The levels and values of the data page at hand.
    ///
    /// Without values, where they stand apart from the levels, they are not unpacked.
    func dataPage(levelsOnly: Bool) throws(ParquetError) -> DataPage {
        try located { () throws(ParquetError) in
            guard let header else { preconditionFailure("a page is loaded after its header") }
            if let first = header.dataPage {
                guard first.valueCount >= 0 else { throw .corrupt("a page of \(first.valueCount) values") }
                let bytes = try unpack(try body(header), Int(header.uncompressedSize))
                var cutter = PageCutter(bytes, slotCount: Int(first.valueCount), scratch: scratch)
                return try cutter.page(first, leaf)
            }
            guard let second = header.dataPageV2 else { throw .corrupt("a data page without its header") }
            return try page(header, second, levelsOnly: levelsOnly)
        }
    }

    /// A page of the second version: levels without lengths, never packed, then the values.
    private func page(
        _ header: PageHeader, _ second: DataPageHeaderV2, levelsOnly: Bool
    ) throws(ParquetError) -> DataPage {
        let body = try body(header)
        let repetitionCount = Int(second.repetitionLevelsByteCount)
        let definitionCount = Int(second.definitionLevelsByteCount)
        guard second.valueCount >= 0, repetitionCount >= 0, definitionCount >= 0,
            repetitionCount + definitionCount <= min(body.count, Int(header.uncompressedSize))
        else { throw .corrupt("a page's levels are longer than the page") }
        let levels = repetitionCount + definitionCount
        var values = UnsafeRawBufferPointer(rebasing: body[levels...])
        if levelsOnly {
            values = UnsafeRawBufferPointer(rebasing: values[..<0])
        } else if second.isCompressed ?? true {
            values = try unpack(values, Int(header.uncompressedSize) - levels)
        }
        return DataPage(
            slotCount: Int(second.valueCount),
            repetition: try RunDecoder(
                UnsafeRawBufferPointer(rebasing: body[..<repetitionCount]), bitWidth: leaf.repetitionBits),
            definition: try RunDecoder(
                UnsafeRawBufferPointer(rebasing: body[repetitionCount..<levels]), bitWidth: leaf.definitionBits),
            values: try ValueStream(values, second.encoding, leaf))
    }

    /// The bytes of the dictionary page at hand, unpacked.
    func dictionaryBytes() throws(ParquetError) -> UnsafeRawBufferPointer {
        try located { () throws(ParquetError) in
            guard let header else { preconditionFailure("a page is loaded after its header") }
            return try unpack(try body(header), Int(header.uncompressedSize))
        }
    }

    /// The page's bytes as they are in the file.
    private func body(_ header: PageHeader) throws(ParquetError) -> UnsafeRawBufferPointer {
        let count = Int(header.compressedSize)
        let bytes = try window.bytes(at: bodyOffset, count, hint: chunkEnd)
        guard bytes.count >= count else { throw ParquetError(.truncated, "the file ends in the middle of a page") }
        let body = UnsafeRawBufferPointer(rebasing: bytes[..<count])
        if let expected = header.crc {
            let found = crc32(of: body)
            guard found == UInt32(bitPattern: expected) else {
                throw .corrupt("a page's checksum is \(found), noted was \(UInt32(bitPattern: expected))")
            }
        }
        return body
    }

    private func unpack(_ bytes: UnsafeRawBufferPointer, _ count: Int) throws(ParquetError) -> UnsafeRawBufferPointer {
        if unpacker.codec == .uncompressed {
            guard bytes.count == count else {
                throw .corrupt("a page that is not packed has \(bytes.count) bytes and announces \(count)")
            }
            return bytes
        }
        try checkPlausible(bytes.count, count)
        let room = unpacked.reserve(count)
        do throws(BlockCodecError) { try unpacker.unpack(bytes, into: room) } catch {
            throw .corrupt("a page is no \(error.codec.rawValue) data: \(error.reason)")
        }
        return UnsafeRawBufferPointer(room)
    }

    /// Pages of so many bytes may be packed as tightly as their codec can; larger ones `tightestPacking` times.
    private static let usualByteCount = 1 << 26
    private static let tightestPacking = 4_096

    /// Refuses what no codec could have packed, and what only a trap would pack so tightly.
    private func checkPlausible(_ packed: Int, _ unpacked: Int) throws(ParquetError) {
        let isPossible = unpacker.codec.maximumUnpackedCount(packed).map { unpacked <= $0 + 64 } ?? true
        guard isPossible else { throw .corrupt("a page of \(packed) bytes announces \(unpacked) when unpacked") }
        guard unpacked <= Self.usualByteCount || unpacked / Self.tightestPacking <= packed else {
            throw ParquetError(
                .tooLarge,
                "a page of \(packed) bytes announces \(unpacked) when unpacked: more than \(Self.usualByteCount >> 20) MiB, and "
                    + "more than \(Self.tightestPacking) times as many")
        }
    }

    private func located<Result>(_ body: () throws(ParquetError) -> Result) throws(ParquetError) -> Result {
        do throws(ParquetError) { return try body() } catch {
            throw error.adding(column: leaf.dottedPath, byteOffset: offset)
        }
    }
}

extension ColumnChunk {
    /// What is known of its pages, and how they are packed; an error where none of them can be read, whatever they hold.
    func readable(_ leaf: SchemaLeaf) throws(ParquetError) -> (metadata: ColumnMetadata, codec: BlockCodec) {
        guard filePath == nil else {
            throw ParquetError(.unsupported, "its values are in another file", column: leaf.dottedPath)
        }
        guard !isEncrypted, let metadata else {
            throw ParquetError(.encrypted, "it is encrypted", column: leaf.dottedPath)
        }
        guard let codec = metadata.codec.blockCodec else {
            throw ParquetError(.unsupported, "codec \(metadata.codec.name) is not read", column: leaf.dottedPath)
        }
        return (metadata, codec)
    }
}

extension CompressionCodec {
    /// `nil` where it isn't read.
    var blockCodec: BlockCodec? {
        switch self {
        case .uncompressed: .uncompressed
        case .snappy: .snappy
        case .gzip: .gzip
        case .brotli: .brotli
        case .lz4: .lz4
        case .zstd: .zstd
        case .lz4Raw: .lz4Raw
        default: nil
        }
    }
}
