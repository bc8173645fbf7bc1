import Files

/// A column chunk that is in the file: what the footer and the indexes say of it.
struct FinishedChunk: Sendable {
    let leaf: SchemaLeaf
    let notes: ChunkNotes
    var columnChunk: ColumnChunk
    let columnIndex: ColumnIndex?
    let offsetIndex: OffsetIndex
    let uncompressedSize: Int64
    let compressedSize: Int64

    /// `start` is where it begins; a dictionary page of `dictionarySize` bytes comes first.
    init(
        leaf: SchemaLeaf, codec: BlockCodec, pages: [PageNotes], start: Int64, dictionarySize: Int,
        uncompressedSize: Int
    ) {
        self.leaf = leaf
        self.uncompressedSize = Int64(uncompressedSize)
        let firstPage = start + Int64(dictionarySize)
        compressedSize = pages.reduce(Int64(dictionarySize)) { $0 + Int64($1.byteCount) }
        notes = ChunkNotes(pages, order: leaf.order)
        columnIndex = leaf.order == .undefined ? nil : ColumnIndex(pages, order: leaf.order)
        offsetIndex = OffsetIndex(pages, offset: firstPage, leaf: leaf)
        let coded = pages.count { $0.isDictionaryEncoded }
        let hasDictionary = dictionarySize > 0
        columnChunk = ColumnChunk(
            fileOffset: 0,
            metadata: ColumnMetadata(
                type: leaf.type,
                encodings: (hasDictionary || coded < pages.count ? [.plain] : []) + [.rle]
                    + (hasDictionary ? [.rleDictionary] : []),
                path: leaf.path, codec: CompressionCodec(codec), valueCount: Int64(notes.valueCount),
                uncompressedSize: self.uncompressedSize, compressedSize: compressedSize, dataPageOffset: firstPage,
                dictionaryPageOffset: hasDictionary ? start : nil, statistics: notes.statistics(for: leaf),
                encodingStatistics: Self.encodings(
                    hasDictionary: hasDictionary, coded: coded, plain: pages.count - coded),
                sizeStatistics: notes.sizeStatistics(for: leaf)))
    }

    /// From which readers see whether all values are in the dictionary.
    private static func encodings(hasDictionary: Bool, coded: Int, plain: Int) -> [PageEncodingStatistics] {
        [
            PageEncodingStatistics(pageType: .dictionary, encoding: .plain, count: hasDictionary ? 1 : 0),
            PageEncodingStatistics(pageType: .data, encoding: .rleDictionary, count: Int32(clamping: coded)),
            PageEncodingStatistics(pageType: .data, encoding: .plain, count: Int32(clamping: plain)),
        ].filter { $0.count > 0 }
    }
}

extension CompressionCodec {
    init(_ codec: BlockCodec) {
        switch codec {
        case .uncompressed: self = .uncompressed
        case .snappy: self = .snappy
        case .gzip: self = .gzip
        case .zstd: self = .zstd
        case .brotli: self = .brotli
        case .lz4Raw: self = .lz4Raw
        case .lz4: self = .lz4
        }
    }
}
