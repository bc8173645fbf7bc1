import Files
import Tables

/// Texts and byte strings of batches.
extension LeafWriter {
    /// Appends cells in PLAIN form: each one's length, then its bytes.
    func appendTexts(_ cells: TextCells, _ selection: Selection, _ place: CellPlace) throws(OutputError) {
        let start = plain.count
        cells.withCells { bytes, starts, lengths in
            var total = 0
            selection.forEach { total &+= Int(lengths[$0]) &+ 4 }
            // Sixteen bytes are copied at once where as many can be read; what is too much is overwritten by the next.
            plain.reserve(total + 16)
            var target = plain.end
            let wideEnd = bytes.count &- 16
            guard let source = bytes.baseAddress else { return }
            selection.forEach { row in
                let (start, length) = (Int(starts[row]), Int(lengths[row]))
                target.storeBytes(of: UInt32(length).littleEndian, as: UInt32.self)
                target += 4
                if length <= 16, start <= wideEnd {
                    let word = source.loadUnaligned(fromByteOffset: start, as: SIMD16<UInt8>.self)
                    target.storeBytes(of: word, as: SIMD16<UInt8>.self)
                } else {
                    target.copyMemory(from: source + start, byteCount: length)
                }
                target += length
            }
            plain.advance(total)
        }
        // An empty buffer has no address, and all of its cells are empty.
        if plain.count == start { plain.append(repeating: 0, count: 4 * selection.count) }
        guard leaf.isText else { return }
        // Lengths up to 127 are ASCII as well, so that one look at all bytes is enough for most columns.
        let appended = UnsafeRawBufferPointer(rebasing: plain.bytes[start...])
        if !UTF8Check.isASCII(appended) { try checkTexts(from: start, cells, selection, place) }
    }

    /// Looks at each text that was appended from an offset on; does with what isn't UTF-8 as the options say.
    private func checkTexts(
        from start: Int, _ cells: TextCells, _ selection: Selection, _ place: CellPlace
    ) throws(OutputError) {
        var invalid: Int?
        cells.withCells { bytes, starts, lengths in
            selection.forEach { row in
                guard invalid == nil else { return }
                let cell = bytes[Int(starts[row])..<Int(starts[row]) + Int(lengths[row])]
                if !UTF8Check.isValid(UnsafeRawBufferPointer(rebasing: cell)) { invalid = row }
            }
        }
        guard let invalid else { return }
        switch options.invalidText {
        case .refuse: throw place.invalidText(at: invalid)
        case .keep: return
        case .repair:
            plain.truncate(to: start)
            selection.forEach { plain.append(plainText: cells.string(at: $0)) }
        }
    }

    /// Appends cells of one length, without it.
    func appendFixed(_ cells: TextCells, _ selection: Selection, _ place: CellPlace) throws(OutputError) {
        let length = leaf.typeLength
        var unfit: Int?
        cells.withCells { bytes, starts, lengths in
            selection.forEach { row in
                if Int(lengths[row]) != length { unfit = unfit ?? row }
                plain.append(UnsafeRawBufferPointer(rebasing: bytes[Int(starts[row])...].prefix(Int(lengths[row]))))
            }
        }
        if let unfit { throw place.unfit(at: unfit) }
    }

    /// Appends the sixteen bytes of UUIDs, which batches hold as texts.
    func appendUUIDs(_ cells: TextCells, _ selection: Selection, _ place: CellPlace) throws(OutputError) {
        var unfit: Int?
        selection.forEach { row in
            guard case .uuid(let number) = leaf.value(.string(cells.string(at: row))) else {
                unfit = unfit ?? row
                return
            }
            withUnsafeBytes(of: number.bigEndian) { plain.append($0) }
        }
        if let unfit { throw place.unfit(at: unfit) }
    }
}

extension GrowingBytes {
    /// Appends a text's length and its UTF-8.
    mutating func append(plainText text: String) {
        var text = text
        text.withUTF8 { utf8 in
            append(littleEndian: UInt32(truncatingIfNeeded: utf8.count))
            append(UnsafeRawBufferPointer(utf8))
        }
    }
}
