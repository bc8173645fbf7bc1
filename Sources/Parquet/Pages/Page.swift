/// A data page's levels and values, unpacked; good until its reader goes on.
struct DataPage {
    /// Missing values and empty lists included.
    let slotCount: Int
    let repetition: RunDecoder
    let definition: RunDecoder
    let values: ValueStream
}

extension SchemaLeaf {
    /// Bits of a definition level.
    var definitionBits: Int { Int.bitWidth - maximumDefinitionLevel.leadingZeroBitCount }
    /// Bits of a repetition level.
    var repetitionBits: Int { Int.bitWidth - maximumRepetitionLevel.leadingZeroBitCount }
}

/// Cuts an unpacked page into levels and values.
struct PageCutter {
    private var rest: UnsafeRawBufferPointer
    private let slotCount: Int
    /// Where levels of the oldest kind are written anew.
    private let scratch: (PageBuffer, PageBuffer)

    init(_ bytes: UnsafeRawBufferPointer, slotCount: Int, scratch: (PageBuffer, PageBuffer)) {
        rest = bytes
        self.slotCount = slotCount
        self.scratch = scratch
    }

    /// A page of the first version: each kind of levels behind its length, then the values.
    mutating func page(_ header: DataPageHeader, _ leaf: SchemaLeaf) throws(ParquetError) -> DataPage {
        let repetition = try levels(header.repetitionLevelEncoding, bits: leaf.repetitionBits, scratch.0)
        let definition = try levels(header.definitionLevelEncoding, bits: leaf.definitionBits, scratch.1)
        return DataPage(
            slotCount: slotCount, repetition: repetition, definition: definition,
            values: try ValueStream(rest, header.encoding, leaf))
    }

    private mutating func levels(
        _ encoding: Encoding, bits: Int, _ scratch: PageBuffer
    ) throws(ParquetError) -> RunDecoder {
        guard bits > 0 else { return try RunDecoder(UnsafeRawBufferPointer(rebasing: rest[..<0]), bitWidth: 0) }
        switch encoding {
        case .rle:
            guard rest.count >= 4 else { throw .corrupt("a page ends before its levels") }
            let count = Int(UInt32(littleEndian: rest.loadUnaligned(as: UInt32.self)))
            guard count <= rest.count - 4 else { throw .corrupt("a page's levels are longer than the page") }
            defer { rest = UnsafeRawBufferPointer(rebasing: rest[(4 + count)...]) }
            return try RunDecoder(UnsafeRawBufferPointer(rebasing: rest[4..<4 + count]), bitWidth: bits)
        case .bitPacked:
            let count = (slotCount * bits + 7) / 8
            guard count <= rest.count else { throw .corrupt("a page's levels are longer than the page") }
            let transcoded = LegacyLevels.transcoded(
                UnsafeRawBufferPointer(rebasing: rest[..<count]), count: slotCount, bitWidth: bits)
            let room = scratch.reserve(transcoded.count)
            room.copyBytes(from: transcoded)
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            return try RunDecoder(UnsafeRawBufferPointer(room), bitWidth: bits)
        default: throw ParquetError(.unsupported, "encoding \(encoding.name) of levels is not read")
        }
    }
}
