import Tables

/// Those of some rows that have a value.
struct Selection {
    let present: Bitmap
    /// How many of the rows have one.
    let count: Int
    let rows: Range<Int>

    /// Calls `body` with each row, ascending.
    @inline(__always)
    func forEach(_ body: (Int) -> Void) {
        if count == rows.count {
            for row in rows { body(row) }
            return
        }
        var row = rows.lowerBound
        while row < rows.upperBound {
            // The rest of the word that the row lies in.
            let bit = row & 63
            let end = min(rows.upperBound, row &+ 64 &- bit)
            var word = present.words[row >> 6] &>> UInt64(bit)
            if end &- row < 64 { word &= 1 &<< UInt64(end &- row) &- 1 }
            while word != 0 {
                body(row &+ word.trailingZeroBitCount)
                word &= word &- 1
            }
            row = end
        }
    }
}

extension Bitmap {
    /// How many bits of a range are set.
    func population(in rows: Range<Int>) -> Int {
        guard !rows.isEmpty else { return 0 }
        let (first, last) = (rows.lowerBound >> 6, (rows.upperBound - 1) >> 6)
        var count = 0
        for index in first...last {
            var word = words[index]
            if index == first { word &= ~0 << UInt64(rows.lowerBound & 63) }
            if index == last { word &= ~0 >> UInt64(63 - (rows.upperBound - 1) & 63) }
            count += word.nonzeroBitCount
        }
        return count
    }

    /// Appends a byte a bit of a range: 1 for a set one, else 0.
    ///
    /// `population` is how many of them are set.
    func appendBytes(of rows: Range<Int>, population: Int, to output: inout GrowingBytes) {
        if population == rows.count || population == 0 {
            output.append(repeating: population == 0 ? 0 : 1, count: rows.count)
            return
        }
        output.reserve(rows.count)
        let target = output.end
        for row in rows {
            target.storeBytes(of: self[row] ? 1 : 0, toByteOffset: row &- rows.lowerBound, as: UInt8.self)
        }
        output.advance(rows.count)
    }
}
