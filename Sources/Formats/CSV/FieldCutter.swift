import Tables

/// Cuts one column out of a chunk: where each cell lies, without its quotes, and whether it has a value.
struct FieldCutter {
    let index: FieldIndex
    let missingValues: [[UInt8]]

    struct Cells {
        let texts: TextCells
        let present: Bitmap
    }

    /// The cells of a field, by its place in the file.
    ///
    /// Rows that are too short have none: it is missing.
    func cut(field: Int, bytes: [UInt8]) -> Cells {
        let rowCount = index.rowCount
        var present = Bitmap(repeating: false, count: 0)
        var lengths: [UInt32] = []
        var escaped: [Int] = []
        let starts = [UInt32](unsafeUninitializedCapacity: rowCount) { starts, startCount in
            lengths = [UInt32](unsafeUninitializedCapacity: rowCount) { lengths, lengthCount in
                bytes.withUnsafeBytes { bytes in
                    present = Bitmap(count: rowCount) { words in
                        locate(field, bytes, starts, lengths, words, &escaped)
                    }
                }
                lengthCount = rowCount
            }
            startCount = rowCount
        }
        var texts = TextCells(bytes: bytes, starts: starts, lengths: lengths)
        if !escaped.isEmpty { texts = unescape(texts, escaped) }
        if !missingValues.isEmpty { present.subtract(listedMissing(texts)) }
        return Cells(texts: texts, present: present)
    }

    /// Writes start and length of each cell, and a bit for each that has a value.
    ///
    /// Every place it writes lies in `bytes`: separators do, they ascend, and a field's end is the separator behind its
    /// start.
    private func locate(
        _ field: Int, _ bytes: UnsafeRawBufferPointer, _ starts: UnsafeMutableBufferPointer<UInt32>,
        _ lengths: UnsafeMutableBufferPointer<UInt32>, _ words: UnsafeMutableBufferPointer<UInt64>,
        _ escaped: inout [Int]
    ) {
        let quote = index.quote
        let hasQuotes = index.hasQuotes
        let separators = index.separators.base
        index.rowFirst.withUnsafeBufferPointer { rowFirst in
            index.rowLast.withUnsafeBufferPointer { rowLast in
                index.rowStarts.withUnsafeBufferPointer { rowStarts in
                    for row in 0..<rowStarts.count {
                        let place = Int(rowFirst[row]) &+ field
                        guard place <= Int(rowLast[row]) else {
                            starts[row] = 0
                            lengths[row] = 0
                            continue
                        }
                        let start = field == 0 ? rowStarts[row] : separators[place &- 1] &+ 1
                        let end = separators[place]
                        var length = end &- start
                        starts[row] = start
                        var hasValue = length > 0
                        if hasQuotes, hasValue, let quote, bytes[Int(start)] == quote {
                            let inside = Self.inside(bytes, Int(start), Int(end), quote)
                            starts[row] = start &+ 1
                            length = UInt32(truncatingIfNeeded: inside.length)
                            if inside.isEscaped { escaped.append(row) }
                            hasValue = true
                        }
                        lengths[row] = length
                        if hasValue { words[row &>> 6] |= 1 &<< UInt64(row & 63) }
                    }
                }
            }
        }
    }

    /// What stands between the quotes of a field; `isEscaped` where that is more than the bytes between them.
    private static func inside(
        _ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int, _ quote: UInt8
    ) -> (length: Int, isEscaped: Bool) {
        var index = start &+ 1
        while index < end, bytes[index] != quote { index &+= 1 }
        // A simple field ends with the first quote; one that is never closed ends with the chunk.
        if index &+ 1 >= end { return (index &- start &- 1, false) }
        return (end &- start &- 1, true)
    }

    /// The cells with doubled quotes halved, and with what follows a closing quote.
    private func unescape(_ cells: TextCells, _ escaped: [Int]) -> TextCells {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(cells.lengths.reduce(0) { $0 + Int($1) })
        var starts: [UInt32] = []
        var lengths: [UInt32] = []
        starts.reserveCapacity(cells.count)
        lengths.reserveCapacity(cells.count)
        var nextEscaped = escaped[...]
        for row in 0..<cells.count {
            let start = Int(cells.starts[row])
            let end = start + Int(cells.lengths[row])
            let newStart = bytes.count
            if nextEscaped.first == row {
                nextEscaped.removeFirst()
                appendUnescaped(cells.bytes[start..<end], to: &bytes)
            } else {
                bytes.append(contentsOf: cells.bytes[start..<end])
            }
            starts.append(UInt32(newStart))
            lengths.append(UInt32(bytes.count - newStart))
        }
        return TextCells(bytes: bytes, starts: starts, lengths: lengths)
    }

    /// `raw` begins behind the opening quote and ends where the field does.
    private func appendUnescaped(_ raw: ArraySlice<UInt8>, to bytes: inout [UInt8]) {
        var isInside = true
        var index = raw.startIndex
        while index < raw.endIndex {
            let byte = raw[index]
            if isInside, byte == self.index.quote {
                let next = index + 1
                if next < raw.endIndex, raw[next] == self.index.quote {
                    bytes.append(byte)
                    index += 2
                    continue
                }
                isInside = false
            } else {
                bytes.append(byte)
            }
            index += 1
        }
    }

    /// Rows whose text is one of the listed stand-ins for a missing value.
    private func listedMissing(_ texts: TextCells) -> Bitmap {
        texts.withCells { bytes, starts, lengths in
            Bitmap(count: starts.count) { row in
                let count = Int(lengths[row])
                let start = Int(starts[row])
                return missingValues.contains { value in
                    value.count == count && value.indices.allSatisfy { value[$0] == bytes[start + $0] }
                }
            }
        }
    }
}
