public import Tables

/// The different values of a column in a batch, where they are few: a rule about single values is decided once for each.
public struct ColumnDomain: Sendable {
    /// A column of the different values, each once or more often, without missing ones.
    public let entries: Column
    /// How many rows hold each entry.
    public let counts: [Int]
    /// The first row that holds each entry; 0 where none does.
    let firstRows: [Int]
    /// For each row its entry; anything where the row is missing.
    let codes: [UInt32]
    private let present: Bitmap

    /// The domain of a column; `nil` where its values are many, or of a type that has none.
    ///
    /// Costs a look at every value; of many values only at the first `limit` or so.
    ///
    /// - Numbers lose the text that they were written as.
    /// - A column with uncomparable values has no domain.
    public init?(_ column: Column) {
        guard column.uncomparable == nil else { return nil }
        let limit = min(Self.mostEntries, column.count / Self.rowsPerEntry)
        if let dictionary = column.dictionary, dictionary.entries.count <= limit {
            self.init(column, entries: .text(dictionary.entries), dictionary.entries.count, dictionary.codes)
            return
        }
        switch column.values {
        case .text(let cells):
            guard let (codes, rows) = cells.codes(of: column.present, limit: limit) else { return nil }
            self.init(
                column,
                entries: .text(
                    TextCells(
                        bytes: cells.bytes, starts: rows.map { cells.starts[$0] },
                        lengths: rows.map { cells.lengths[$0] })),
                rows.count, codes)
        case .int64(let values): self.init(column, values, limit) { .int64($0) }
        case .uint64(let values): self.init(column, values, limit) { .uint64($0) }
        case .decimal(let values, let scale): self.init(column, values, limit) { .decimal($0, scale: scale) }
        case .date(let values): self.init(column, values, limit) { .date($0) }
        default: return nil
        }
    }

    /// Beyond so many, looking at rows costs less than finding out.
    private static let mostEntries = 1_024
    private static let rowsPerEntry = 16

    private init(_ column: Column, entries: ColumnValues, _ entryCount: Int, _ codes: [UInt32]) {
        self.entries = Column(
            type: column.type, present: Bitmap(repeating: true, count: entryCount), values: entries)
        self.codes = codes
        present = column.present
        var counts = [Int](repeating: 0, count: entryCount)
        var firstRows = counts
        column.present.forEach { row in
            let code = Int(codes[row])
            if counts[code] == 0 { firstRows[code] = row }
            counts[code] &+= 1
        }
        (self.counts, self.firstRows) = (counts, firstRows)
    }

    private init?<Number: FixedWidthInteger>(
        _ column: Column, _ values: [Number], _ limit: Int, _ storage: ([Number]) -> ColumnValues
    ) {
        guard let (codes, entries) = column.present.codes(of: values, limit: limit) else { return nil }
        self.init(column, entries: storage(entries), entries.count, codes)
    }

    /// The first rows that hold one of some entries, ascending.
    func rows(holding wanted: Bitmap, limit: Int) -> [Int] {
        var rows: [Int] = []
        guard limit > 0 else { return rows }
        for index in present.words.indices {
            var word = present.words[index]
            while word != 0 {
                let row = index * 64 + word.trailingZeroBitCount
                if wanted[Int(codes[row])] {
                    rows.append(row)
                    if rows.count == limit { return rows }
                }
                word &= word - 1
            }
        }
        return rows
    }
}

extension Bitmap {
    /// A code for each number in the marked rows, and the numbers by code; `nil` for more than `limit`.
    fileprivate func codes<Number: FixedWidthInteger>(of values: [Number], limit: Int) -> ([UInt32], [Number])? {
        var table = CodeTable(limit: limit)
        var entries: [Number] = []
        var codes = [UInt32](repeating: 0, count: count)
        for index in words.indices {
            var word = words[index]
            while word != 0 {
                let row = index &* 64 &+ word.trailingZeroBitCount
                let value = values[row]
                let (code, isNew) = table.code(UInt64(truncatingIfNeeded: value).seededHash, next: entries.count) {
                    entries[$0] == value
                }
                if isNew {
                    guard code < limit else { return nil }
                    entries.append(value)
                }
                codes[row] = UInt32(truncatingIfNeeded: code)
                word &= word &- 1
            }
        }
        return (codes, entries)
    }
}

extension TextCells {
    /// A code for each text in the marked rows, and a row for each code; `nil` for more than `limit`.
    fileprivate func codes(of rows: Bitmap, limit: Int) -> ([UInt32], [Int])? {
        var table = CodeTable(limit: limit)
        var firsts: [Int] = []
        var codes = [UInt32](repeating: 0, count: count)
        let isWhole = withCells { bytes, starts, lengths in
            func cell(_ row: Int) -> UnsafeRawBufferPointer {
                UnsafeRawBufferPointer(rebasing: bytes[Int(starts[row])..<Int(starts[row]) + Int(lengths[row])])
            }
            var shared = SharedTexts<Int>()
            for index in rows.words.indices {
                var word = rows.words[index]
                while word != 0 {
                    let row = index &* 64 &+ word.trailingZeroBitCount
                    let code = shared.finding(start: starts[row], length: lengths[row]) {
                        let text = cell(row)
                        let (code, isNew) = table.code(text.shortHash, next: firsts.count) { code in
                            let other = firsts[code]
                            return lengths[other] == lengths[row] && TextOrder.compare(cell(other), text) == 0
                        }
                        if isNew { firsts.append(row) }
                        return code
                    }
                    guard firsts.count <= limit else { return false }
                    codes[row] = UInt32(truncatingIfNeeded: code)
                    word &= word &- 1
                }
            }
            return true
        }
        return isWhole ? (codes, firsts) : nil
    }
}

extension UnsafeRawBufferPointer {
    /// A seeded hash of all bytes: nobody can choose texts that collide.
    fileprivate var shortHash: UInt64 {
        guard count <= 16 else { return Hash128(self, seed: RowHasher.processSeed).low }
        var words: (UInt64, UInt64) = (0, 0)
        if count >= 8 {
            words.0 = loadUnaligned(fromByteOffset: 0, as: UInt64.self)
            words.1 = loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
        } else {
            for byte in self { words.0 = words.0 << 8 | UInt64(byte) }
        }
        return (words.0 ^ UInt64(count) << 59).seededHash ^ (words.1 &+ 1).seededHash
    }
}

extension UInt64 {
    /// Both halves of a product with what nobody knows.
    fileprivate var seededHash: UInt64 {
        let product = (self ^ RowHasher.processSeed).multipliedFullWidth(
            by: RowHasher.processSeed | 0x9E37_79B9_0000_0001)
        return product.high ^ product.low
    }
}
