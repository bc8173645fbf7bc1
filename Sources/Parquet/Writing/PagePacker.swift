import Files

/// Packs pages and puts their headers before them.
final class PagePacker {
    private let packer: BlockPacker
    private let place: String
    private var packed = GrowingBytes()
    /// So many bytes of room are kept from page to page: enough for usual ones.
    private static let mostKept = 4 << 20

    /// `place` is the file, for errors.
    init(_ codec: BlockCodec, level: Int?, place: String) {
        packer = BlockPacker(codec, level: level)
        self.place = place
    }

    var codec: BlockCodec { packer.codec }

    /// One row makes a page that the format has no room for.
    func tooLarge(_ what: String, cause: String? = nil) -> OutputError {
        OutputError(
            code: "value-too-large", message: "\(what), more than the format holds", place: place,
            hint: "split the row", cause: cause)
    }

    /// Appends a data page of the first version; the answer is its size if it weren't packed, header included.
    func append(
        _ body: UnsafeRawBufferPointer, dataPage: DataPageHeader, to output: inout GrowingBytes
    ) throws(OutputError) -> Int {
        try append(body, to: &output) {
            PageHeader(type: .data, uncompressedSize: $0, compressedSize: $1, dataPage: dataPage)
        }
    }

    func append(
        _ body: UnsafeRawBufferPointer, dictionaryPage: DictionaryPageHeader, to output: inout GrowingBytes
    ) throws(OutputError) -> Int {
        try append(body, to: &output) {
            PageHeader(type: .dictionary, uncompressedSize: $0, compressedSize: $1, dictionaryPage: dictionaryPage)
        }
    }

    private func append(
        _ body: UnsafeRawBufferPointer, to output: inout GrowingBytes,
        header makeHeader: (_ uncompressedSize: Int32, _ compressedSize: Int32) -> PageHeader
    ) throws(OutputError) -> Int {
        packed.removeAll()
        packed.reserve(packer.maximumPackedCount(body.count))
        let count: Int
        do throws(BlockCodecError) {
            count = try packer.pack(
                body, into: UnsafeMutableRawBufferPointer(start: packed.base, count: packed.capacity))
        } catch {
            throw tooLarge("a page has \(body.count) bytes", cause: error.reason)
        }
        packed.advance(count)
        guard let size = Int32(exactly: body.count), let packedSize = Int32(exactly: count) else {
            throw tooLarge("a page has \(body.count) bytes")
        }
        var header = makeHeader(size, packedSize)
        header.crc = Int32(bitPattern: crc32(of: packed.bytes))
        var writer = ThriftWriter()
        header.write(to: &writer)
        output.append(writer.bytes)
        output.append(packed.bytes)
        packed.removeAll(keepingAtMost: Self.mostKept)
        return writer.bytes.count + body.count
    }
}
