import CScan

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Finds where the last whole row of a block ends.
///
/// A block begins at the beginning of a row, so whether a place is inside quotes is known by looking at the quotes alone:
/// one that opens stands at the beginning of a field. Where all quotes are regular, `CScan` tells by their parity, 64 bytes
/// at a time; else `memchr` leaps from one to the next. A block without quotes costs one `memchr` and a look at its last row.
struct RowSplitter {
    let delimiter: UInt8
    /// `nil` where there are no quotes.
    let quote: UInt8?

    struct Split: Equatable {
        /// Where the rows that are whole end; `nil` where none is.
        var end: Int?
        /// Where a quote opens that is not closed in the block; said only where no row is whole.
        var openQuote: Int?
    }

    /// `isLast`: nothing follows the block.
    ///
    /// Then the last row needs no line break.
    func split(_ bytes: UnsafeRawBufferPointer, isLast: Bool) -> Split {
        if let end = regularEnd(bytes, isLast: isLast) { return Split(end: end) }
        return splitPlainly(bytes, isLast: isLast)
    }

    /// Where the rows that are whole end, in a block of regular quotes; `nil` for any other, and where none is whole.
    private func regularEnd(_ bytes: UnsafeRawBufferPointer, isLast: Bool) -> Int? {
        guard let quote, find(quote, in: bytes, from: 0) != nil,
            let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        else { return nil }
        // A CR at the very end may be half of a CRLF.
        let isHalf = !isLast && bytes[bytes.count - 1] == 0x0D
        let rows = cscan_last_row(base, isHalf ? bytes.count - 1 : bytes.count, delimiter, quote)
        guard rows.is_irregular == 0 else { return nil }
        if isLast { return rows.is_open == 0 ? bytes.count : nil }
        return rows.end > 0 ? rows.end : nil
    }

    /// The same from quote to quote, whatever they are; with it comes a quote that is not closed.
    func splitPlainly(_ bytes: UnsafeRawBufferPointer, isLast: Bool) -> Split {
        var gaps: [(start: Int, end: Int)] = []
        var position = 0
        var openQuote: Int?
        while let quote, let quoteAt = find(quote, in: bytes, from: position) {
            guard opens(bytes, quoteAt) else {
                if gaps.last?.end != position {
                    gaps.append((position, quoteAt + 1))
                } else {
                    gaps[gaps.count - 1].end = quoteAt + 1
                }
                position = quoteAt + 1
                continue
            }
            gaps.append((position, quoteAt))
            guard let closing = closing(quote, bytes, from: quoteAt + 1, isLast: isLast) else {
                openQuote = quoteAt
                position = bytes.count
                break
            }
            position = closing + 1
        }
        if openQuote == nil {
            if isLast { return Split(end: bytes.count) }
            gaps.append((position, bytes.count))
        }
        for gap in gaps.reversed() {
            if let end = lastLineEnd(bytes, gap.start, gap.end, isLast: isLast) {
                return Split(end: end, openQuote: openQuote)
            }
        }
        return Split(end: nil, openQuote: openQuote)
    }

    /// Where a quote opens that is not closed within the bytes that a row may have.
    ///
    /// The place is the slice's own.
    func openQuote(inRow row: ArraySlice<UInt8>, of maximum: Int) -> Int? {
        row.prefix(maximum + 1).withUnsafeBytes { splitPlainly($0, isLast: false).openQuote }.map {
            row.startIndex + $0
        }
    }

    /// Whether a quote stands at the beginning of a field.
    private func opens(_ bytes: UnsafeRawBufferPointer, _ index: Int) -> Bool {
        guard index > 0 else { return true }
        let before = bytes[index - 1]
        return before == delimiter || before == 0x0A || before == 0x0D
    }

    /// The closing quote; `nil` where there is none, or where the next block may show that it is half of a pair.
    private func closing(
        _ quote: UInt8, _ bytes: UnsafeRawBufferPointer, from start: Int, isLast: Bool
    ) -> Int? {
        var position = start
        while let found = find(quote, in: bytes, from: position) {
            guard found + 1 < bytes.count else { return isLast ? found : nil }
            if bytes[found + 1] != quote { return found }
            position = found + 2
        }
        return nil
    }

    /// Behind the last line break of a part without quotes.
    ///
    /// A CR at the very end may be half of a CRLF.
    private func lastLineEnd(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int, isLast: Bool) -> Int? {
        var index = end
        while index > start {
            index -= 1
            if bytes[index] == 0x0A { return index + 1 }
            if bytes[index] == 0x0D, isLast || index + 1 < bytes.count { return index + 1 }
        }
        return nil
    }

    private func find(_ byte: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress,
            let found = memchr(base + start, Int32(byte), bytes.count - start)
        else { return nil }
        return UnsafeRawPointer(found) - base
    }
}
