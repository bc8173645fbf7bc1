import Files

/// Makes the column chunks of one leaf: takes values and levels, closes pages, and holds them until the chunk is done.
///
/// A page's values are gathered in PLAIN form. When the page is full, numbers of dictionary entries take their place
/// where that pays, and it is packed. In memory are one page as it is, and the packed pages of one chunk.
final class LeafWriter {
    let leaf: SchemaLeaf
    private let order: ValueOrder
    let options: ParquetWriterOptions
    private let packer: PagePacker

    // The page in the making.
    /// A byte a level; empty where the greatest level is 0.
    var definitionLevels = GrowingBytes()
    var repetitionLevels = GrowingBytes()
    /// In PLAIN form, Booleans a byte each.
    var plain = GrowingBytes()
    /// That are not missing.
    var valueCount = 0
    var rowCount = 0

    // The chunk so far.
    private var dictionary: ChunkDictionary
    /// Whether the dictionary takes in more pages.
    private var isDictionaryOpen = true
    private var pages = GrowingBytes()
    private var notes: [PageNotes] = []
    private var uncompressedSize = 0

    // Used again for every page.
    private var codes: [UInt32] = []
    private var body = GrowingBytes()

    init(_ leaf: SchemaLeaf, options: ParquetWriterOptions, packer: PagePacker) {
        self.leaf = leaf
        order = leaf.order
        self.options = options
        self.packer = packer
        dictionary = options.dictionaryByteLimit > 0 ? ChunkDictionary(for: leaf) : .absent
    }

    /// How many rows the page takes before it is full.
    var rowsLeft: Int { options.pageRowLimit - rowCount }

    /// How many bytes of values and levels the page takes before it is full; the last row may exceed it.
    var bytesLeft: Int { options.pageByteLimit - plain.count - definitionLevels.count }

    /// Bytes in memory: of the page in the making, the packed pages and the dictionary.
    var byteCount: Int {
        plain.count + definitionLevels.count + repetitionLevels.count + pages.count + dictionary.pageByteCount
    }

    /// Ends a row whose values and levels were appended one by one.
    func endRow() throws(OutputError) {
        rowCount += 1
        try closePageIfFull()
    }

    /// Closes the page if it is full; to be called between rows.
    func closePageIfFull() throws(OutputError) {
        if rowsLeft <= 0 || bytesLeft <= 0 { try closePage(isLast: false) }
    }

    /// Ends the chunk: writes its pages, and says where they are and what they hold.
    func closeChunk(to file: OutputFile) throws(OutputError) -> FinishedChunk {
        if rowCount > 0 { try closePage(isLast: true) }
        let start = file.byteCount
        var dictionarySize = 0
        if !dictionary.isAbsent, dictionary.count > 0 {
            body.removeAll()
            try appendDictionaryPage()
            dictionarySize = body.count
            try file.write(body.bytes)
        }
        try file.write(pages.bytes)
        let chunk = FinishedChunk(
            leaf: leaf, codec: packer.codec, pages: notes, start: start, dictionarySize: dictionarySize,
            uncompressedSize: uncompressedSize)
        forgetChunk()
        return chunk
    }

    private func forgetChunk() {
        dictionary = options.dictionaryByteLimit > 0 ? ChunkDictionary(for: leaf) : .absent
        isDictionaryOpen = true
        pages.removeAll(keepingAtMost: 4 * options.pageByteLimit)
        notes = []
        uncompressedSize = 0
    }

    private func closePage(isLast: Bool) throws(OutputError) {
        var note = PageNotes()
        note.rowCount = rowCount
        note.valueCount = leaf.maximumDefinitionLevel == 0 ? valueCount : definitionLevels.count
        note.nullCount = note.valueCount - valueCount
        note.byteArrayBytes = leaf.type == .byteArray ? plain.count - 4 * valueCount : 0
        note.isDictionaryEncoded = encodeByDictionary(isLast: isLast)
        let (extremes, nanCount) = extremes(isCoded: note.isDictionaryEncoded)
        note.nanCount = nanCount
        // A part of a number is none.
        let limit = leaf.order == .bytes ? options.boundByteLimit : .max
        note.bounds = extremes.map { ValueBounds($0, limit: limit, isText: leaf.isText) }
        if leaf.maximumDefinitionLevel > 1 {
            note.definitionHistogram = Self.histogram(definitionLevels.bytes, greatest: leaf.maximumDefinitionLevel)
        }
        if leaf.maximumRepetitionLevel > 0 {
            note.repetitionHistogram = Self.histogram(repetitionLevels.bytes, greatest: leaf.maximumRepetitionLevel)
        }
        body.removeAll()
        Self.appendLevels(repetitionLevels.bytes, greatest: leaf.maximumRepetitionLevel, to: &body)
        Self.appendLevels(definitionLevels.bytes, greatest: leaf.maximumDefinitionLevel, to: &body)
        appendValues(isCoded: note.isDictionaryEncoded)
        guard let count = Int32(exactly: note.valueCount) else {
            throw packer.tooLarge("a page has \(note.valueCount) values")
        }
        let header = DataPageHeader(
            valueCount: count,
            encoding: note.isDictionaryEncoded ? .rleDictionary : .plain, definitionLevelEncoding: .rle,
            repetitionLevelEncoding: .rle)
        let before = pages.count
        uncompressedSize += try packer.append(body.bytes, dataPage: header, to: &pages)
        note.byteCount = pages.count - before
        notes.append(note)
        definitionLevels.removeAll()
        repetitionLevels.removeAll()
        // One long value must not have its room kept in every leaf.
        plain.removeAll(keepingAtMost: 4 * options.pageByteLimit)
        body.removeAll(keepingAtMost: 4 * options.pageByteLimit)
        valueCount = 0
        rowCount = 0
    }

    /// Fills `codes`; false where the page is to be written PLAIN.
    private func encodeByDictionary(isLast: Bool) -> Bool {
        guard isDictionaryOpen, valueCount > 0, !dictionary.isAbsent else { return false }
        if codes.count < valueCount { codes = [UInt32](repeating: 0, count: valueCount) }
        let isFirst = dictionary.count == 0
        let count = valueCount
        let isCoded = codes.withUnsafeMutableBufferPointer { codes in
            codes.baseAddress.map { dictionary.encode(plain.bytes, count: count, into: $0) } ?? false
        }
        if isFirst, !isCoded || !isWorthwhile(isLast: isLast) {
            dictionary = .absent
            return false
        }
        isDictionaryOpen = isCoded && dictionary.pageByteCount <= options.dictionaryByteLimit
        return isCoded
    }

    /// Whether the dictionary of a first page is worth its room.
    private func isWorthwhile(isLast: Bool) -> Bool {
        // More pages may come, and repeat what the first has: it need only show that values repeat at all.
        guard isLast else { return dictionary.count * 20 <= valueCount * 19 }
        let codeBytes = valueCount * HybridEncoder.bitWidth(of: dictionary.count) / 8
        return dictionary.pageByteCount + codeBytes < plain.count
    }

    private func extremes(isCoded: Bool) -> (Extremes?, Int) {
        let count = valueCount
        if isCoded, order == .bytes || order == .signedBytes {
            let isSigned = order == .signedBytes
            let found = codes.withUnsafeBufferPointer { codes in
                dictionary.byteExtremes(of: UnsafeBufferPointer(rebasing: codes[..<count]), isSigned: isSigned)
            }
            return (found, 0)
        }
        return leaf.extremes(of: plain.bytes, count: count)
    }

    private func appendValues(isCoded: Bool) {
        if isCoded {
            // A width of 0 is allowed for one entry, and some readers refuse it.
            let width = max(1, HybridEncoder.bitWidth(of: dictionary.count - 1))
            body.append(UInt8(width))
            let count = valueCount
            codes.withUnsafeBufferPointer { codes in
                HybridEncoder.append(UnsafeBufferPointer(rebasing: codes[..<count]), width: width, to: &body)
            }
        } else if leaf.type == .boolean {
            BitPacking.append(plain.bytes.bindMemory(to: UInt8.self), width: 1, to: &body)
        } else {
            body.append(plain.bytes)
        }
    }

    private func appendDictionaryPage() throws(OutputError) {
        let header = DictionaryPageHeader(valueCount: Int32(clamping: dictionary.count), encoding: .plain)
        var failure: OutputError?
        var size = 0
        // Borrowed while the page is packed, so that nothing is copied.
        dictionary.withPage { page in
            do throws(OutputError) {
                size = try packer.append(page, dictionaryPage: header, to: &body)
            } catch { failure = error }
        }
        if let failure { throw failure }
        uncompressedSize += size
    }

    private static func appendLevels(
        _ levels: UnsafeRawBufferPointer, greatest: Int, to output: inout GrowingBytes
    ) {
        guard greatest > 0 else { return }
        let start = output.count
        output.append(littleEndian: UInt32(0))
        HybridEncoder.append(
            levels.bindMemory(to: UInt8.self), width: HybridEncoder.bitWidth(of: greatest), to: &output)
        output.store(UInt32(output.count - start - 4), at: start)
    }

    private static func histogram(_ levels: UnsafeRawBufferPointer, greatest: Int) -> [Int64] {
        var counts = [Int64](repeating: 0, count: greatest + 1)
        for level in levels { counts[Int(level)] += 1 }
        return counts
    }
}
