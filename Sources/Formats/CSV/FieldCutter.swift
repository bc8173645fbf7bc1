import Tables

/// Cuts one column out of a chunk: where each cell lies, without its quotes, and whether it has a value.
struct FieldCutter {
    let index: FieldIndex
    let missingValues: [[UInt8]]

    struct Cells {
        let texts: TextCells
        let present: Bitmap
    }

    /// Where the cells of a column lie.
    private struct Places {
        let starts: [UInt32]
        var lengths: [UInt32]
        let present: Bitmap
        /// Rows whose cells hold quotes still.
        var escaped: [Int]
    }

    /// The cells of fields, by their places in the file; `nil` for what the file lacks.
    ///
    /// Rows that are too short have none: it is missing. Cells with doubled quotes are put right where they lie: afterwards
    /// `bytes` are no longer the file's.
    func cut(_ fields: [Int?], of bytes: inout [UInt8]) -> [Cells?] {
        var columns = bytes.withUnsafeBytes { bytes in
            fields.map { field in field.map { locate($0, bytes) } }
        }
        for column in columns.indices { unescape(&columns[column], in: &bytes) }
        return columns.map { places in
            guard let places else { return nil }
            let texts = TextCells(bytes: bytes, starts: places.starts, lengths: places.lengths)
            let missing = missingValues.isEmpty ? nil : listedMissing(texts)
            return Cells(texts: texts, present: missing.map { places.present.subtracting($0) } ?? places.present)
        }
    }

    private func locate(_ field: Int, _ bytes: UnsafeRawBufferPointer) -> Places {
        let rowCount = index.rowCount
        var present = Bitmap(repeating: false, count: 0)
        var lengths: [UInt32] = []
        var escaped: [Int] = []
        let starts = [UInt32](unsafeUninitializedCapacity: rowCount) { starts, startCount in
            lengths = [UInt32](unsafeUninitializedCapacity: rowCount) { lengths, lengthCount in
                present = Bitmap(count: rowCount) { words in
                    let output = Output(starts: starts, lengths: lengths, words: words)
                    locate(field, bytes, output, &escaped)
                }
                lengthCount = rowCount
            }
            startCount = rowCount
        }
        return Places(starts: starts, lengths: lengths, present: present, escaped: escaped)
    }

    /// What is written for each cell.
    private struct Output {
        let starts: UnsafeMutableBufferPointer<UInt32>
        let lengths: UnsafeMutableBufferPointer<UInt32>
        /// A bit for each cell that has a value.
        let words: UnsafeMutableBufferPointer<UInt64>

        @inline(__always)
        func put(_ row: Int, _ start: UInt32, _ length: UInt32) {
            starts.initializeElement(at: row, to: start)
            lengths.initializeElement(at: row, to: length)
        }
    }

    /// Every place that is written lies in `bytes`: separators do, they ascend, and a field's end is the separator behind its
    /// start.
    private func locate(
        _ field: Int, _ bytes: UnsafeRawBufferPointer, _ output: Output, _ escaped: inout [Int]
    ) {
        index.rowStarts.withUnsafeBufferPointer { rowStarts in
            // Every row is known to have the field, or each is asked.
            switch (index.isRectangular && field < index.width, index.quoting, index.quote) {
            case (true, .none, _):
                walk(field, rowStarts, output) { row, start, end in
                    output.put(row, start, end &- start)
                    return start != end
                }
            case (true, .simple, let quote?):
                walk(field, rowStarts, output) { row, start, end in
                    guard start != end else {
                        output.put(row, start, 0)
                        return false
                    }
                    let isQuoted: UInt32 = bytes[Int(start)] == quote ? 1 : 0
                    output.put(row, start &+ isQuoted, end &- start &- isQuoted &* 2)
                    return true
                }
            case (true, .doubled, let quote?):
                walk(field, rowStarts, output) { row, start, end in
                    guard start != end, bytes[Int(start)] == quote else {
                        output.put(row, start, end &- start)
                        return start != end
                    }
                    output.put(row, start &+ 1, end &- start &- 2)
                    if Self.firstQuote(bytes, Int(start) &+ 1, Int(end) &- 1, quote) < Int(end) &- 1 {
                        escaped.append(row)
                    }
                    return true
                }
            default: locateCarefully(field, bytes, rowStarts, output, &escaped)
            }
        }
    }

    /// Calls `body` with where the cell of each row begins and ends; it says whether there is a value.
    @inline(__always)
    private func walk(
        _ field: Int, _ rowStarts: UnsafeBufferPointer<UInt32>, _ output: Output,
        _ body: (Int, UInt32, UInt32) -> Bool
    ) {
        let (separators, firsts) = (index.separators.base, index.rowFirst.base)
        for word in output.words.indices {
            var bits: UInt64 = 0
            for row in word &* 64..<min(word &* 64 &+ 64, rowStarts.count) {
                let place = Int(firsts[row]) &+ field
                let start = field == 0 ? rowStarts[row] : separators[place &- 1] &+ 1
                bits |= (body(row, start, separators[place]) ? 1 : 0) &<< UInt64(truncatingIfNeeded: row & 63)
            }
            output.words[word] = bits
        }
    }

    /// The same for rows of any length, and quotes that stand anywhere.
    private func locateCarefully(
        _ field: Int, _ bytes: UnsafeRawBufferPointer, _ rowStarts: UnsafeBufferPointer<UInt32>, _ output: Output,
        _ escaped: inout [Int]
    ) {
        let (firsts, lasts) = (index.rowFirst.base, index.rowLast.base)
        for row in rowStarts.indices {
            let place = Int(firsts[row]) &+ field
            guard place <= Int(lasts[row]) else {
                output.put(row, 0, 0)
                continue
            }
            let cell = cell(at: place, from: field == 0 ? rowStarts[row] : separatorEnd(place &- 1), bytes)
            output.put(row, cell.start, cell.length)
            if cell.isPresent { output.words[row &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: row & 63) }
            if cell.isEscaped { escaped.append(row) }
        }
    }

    /// Behind a separator.
    @inline(__always)
    private func separatorEnd(_ place: Int) -> UInt32 { index.separators.base[place] &+ 1 }

    /// Where a cell lies that begins at `start` and whose field ends with the separator at `place`; what its quotes are like is
    /// looked at.
    @inline(__always)
    private func cell(
        at place: Int, from start: UInt32, _ bytes: UnsafeRawBufferPointer
    ) -> (start: UInt32, length: UInt32, isPresent: Bool, isEscaped: Bool) {
        let end = index.separators.base[place]
        guard start != end else { return (start, 0, false, false) }
        guard let quote = index.quote, bytes[Int(start)] == quote else { return (start, end &- start, true, false) }
        let next = Self.firstQuote(bytes, Int(start) &+ 1, Int(end), quote)
        // A simple field ends with the first quote; one that is never closed ends with the chunk.
        let isSimple = next &+ 1 >= Int(end)
        let length = isSimple ? UInt32(truncatingIfNeeded: next) &- start &- 1 : end &- start &- 1
        return (start &+ 1, length, true, !isSimple)
    }

    /// The first quote, or the end.
    @inline(__always)
    private static func firstQuote(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int, _ quote: UInt8) -> Int {
        var place = start
        while place < end {
            if place &+ 16 <= bytes.count {
                let block = bytes.loadUnaligned(fromByteOffset: place, as: SIMD16<UInt8>.self)
                if let first = ByteBlock.first(block .== ByteBlock.all(quote)) { return min(place &+ first, end) }
                place &+= 16
            } else {
                if bytes[place] == quote { return place }
                place &+= 1
            }
        }
        return end
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

extension FieldCutter {
    /// Calls `body` with each cell of one row, however many it has; `nil` for an empty field without quotes.
    ///
    /// What this takes goes with the row alone, whatever others are like. As with ``cut(_:of:)``, cells with doubled quotes are put
    /// right where they lie.
    func forEachCell(ofRow row: Int, in bytes: inout [UInt8], _ body: (Int, UnsafeRawBufferPointer?) -> Void) {
        let first = Int(index.rowFirst.base[row])
        bytes.withUnsafeMutableBytes { bytes in
            for field in 0..<index.fieldCount(row) {
                let start = field == 0 ? index.rowStarts[row] : separatorEnd(first + field - 1)
                let cell = cell(at: first + field, from: start, UnsafeRawBufferPointer(bytes))
                guard cell.isPresent else {
                    body(field, nil)
                    continue
                }
                var end = Int(cell.start) + Int(cell.length)
                if cell.isEscaped, let quote = index.quote { end = Self.unescape(bytes, Int(cell.start), end, quote) }
                body(field, UnsafeRawBufferPointer(rebasing: bytes[Int(cell.start)..<end]))
            }
        }
    }

    /// Halves doubled quotes and drops closing ones; what is left is shorter.
    private func unescape(_ column: inout Places?, in bytes: inout [UInt8]) {
        guard let quote = index.quote, var places = column, !places.escaped.isEmpty else { return }
        column = nil
        bytes.withUnsafeMutableBytes { bytes in
            for row in places.escaped {
                let start = Int(places.starts[row])
                let end = start + Int(places.lengths[row])
                places.lengths[row] = UInt32(Self.unescape(bytes, start, end, quote) - start)
            }
        }
        column = places
    }

    /// Gives the new end; `start` is behind the opening quote.
    private static func unescape(
        _ bytes: UnsafeMutableRawBufferPointer, _ start: Int, _ end: Int, _ quote: UInt8
    ) -> Int {
        var isInside = true
        var place = start
        var written = start
        while place < end {
            let byte = bytes[place]
            if isInside, byte == quote {
                guard place &+ 1 < end, bytes[place &+ 1] == quote else {
                    isInside = false
                    place &+= 1
                    continue
                }
                place &+= 1
            }
            bytes[written] = byte
            written &+= 1
            place &+= 1
        }
        return written
    }
}
