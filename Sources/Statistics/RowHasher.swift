public import Tables

/// Hashes the values of a row so that equal values have equal hashes: 1.0 and 1.00 of a number column are one value, text
/// is its bytes, missing equals missing.
///
/// The hashes are seeded: whoever makes data can't make values whose hashes are equal. Without a seed of their own they are seeded
/// another way in each process, for telling values apart within a run, never for keeping.
public struct RowHasher: Sendable {
    private let columns: [Column]
    private let seed: UInt64
    private let isLasting: Bool
    private let missing: Hash128

    private enum Domain {
        static let missing: UInt64 = 1
        static let number: UInt64 = 2
        static let float: UInt64 = 3
        static let text: UInt64 = 4
        static let uncomparable: UInt64 = 5
        /// And the number of digits after the point.
        static let fraction: UInt64 = 16
    }

    /// Of this process.
    public static let processSeed = UInt64.random(in: .min ... .max)

    /// - isLasting: whether the hashes are kept and compared with those of tables whose columns may have become of another type: then
    ///   numbers that are equal have equal hashes, be they integers, decimals of any scale or whole doubles. Costs a division a decimal.
    public init(_ columns: [Column], seed: UInt64 = processSeed, isLasting: Bool = false) {
        self.columns = columns
        self.seed = seed
        self.isLasting = isLasting
        missing = Hash128(Int128(0), seed: seed, domain: Domain.missing)
    }

    /// The hashes of all rows, column by column; texts that rows share are looked at once.
    public func hashes(rowCount: Int) -> [Hash128] {
        guard columns.count != 1 else { return hashes(columns[0]) }
        var hashes = [Hash128](repeating: Hash128(high: 0, low: 0), count: rowCount)
        for column in columns {
            let others = self.hashes(column)
            for row in hashes.indices { hashes[row] = hashes[row].combined(with: others[row]) }
        }
        return hashes
    }

    private func hashes(_ column: Column) -> [Hash128] {
        guard column.uncomparable == nil, var hashes = storedHashes(column) else {
            var shared = SharedTexts<Hash128>()
            return (0..<column.count).map { hash(column, at: $0, &shared) }
        }
        // What a missing row holds is a filler.
        column.present.inverted.forEach { hashes[$0] = missing }
        return hashes
    }

    /// The hashes of what is stored, fillers included, in one tight loop; `nil` where there is none for the type.
    private func storedHashes(_ column: Column) -> [Hash128]? {
        let seed = seed
        switch column.values {
        case .int64(let values): return values.map { Hash128(Int128($0), seed: seed, domain: Domain.number) }
        case .decimal(let values, _) where !isLasting:
            return values.map { Hash128(Int128($0), seed: seed, domain: Domain.number) }
        case .text(let cells):
            guard let dictionary = column.dictionary, dictionary.entries.count <= cells.count else {
                return hashes(cells)
            }
            return hashes(dictionary)
        default: return nil
        }
    }

    private func hashes(_ dictionary: CellDictionary) -> [Hash128] {
        var known = [Hash128?](repeating: nil, count: dictionary.entries.count)
        return dictionary.codes.map { code in
            if let hash = known[Int(code)] { return hash }
            let hash = hash(dictionary.entries, at: Int(code), domain: Domain.text)
            known[Int(code)] = hash
            return hash
        }
    }

    private func hashes(_ cells: TextCells) -> [Hash128] {
        var shared = SharedTexts<Hash128>()
        return cells.withCells { bytes, starts, lengths in
            starts.indices.map { row in
                shared.finding(start: starts[row], length: lengths[row]) {
                    let start = Int(starts[row])
                    return Hash128(
                        UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(lengths[row])]), seed: seed,
                        domain: Domain.text)
                }
            }
        }
    }

    /// The hash of a column's row; `shared` are the hashes of its long texts.
    fileprivate func hash(_ column: Column, at row: Int, _ shared: inout SharedTexts<Hash128>) -> Hash128 {
        guard case .text(let cells) = column.values, column.present[row] else { return hash(column, at: row) }
        return shared.finding(start: cells.starts[row], length: cells.lengths[row]) { hash(column, at: row) }
    }

    private func hash(_ column: Column, at row: Int) -> Hash128 {
        guard column.present[row] else { return missing }
        if let uncomparable = column.uncomparable, uncomparable[row] {
            return column.lexemes.map { hash($0, at: row, domain: Domain.uncomparable) } ?? missing
        }
        switch column.values {
        case .none: return column.lexemes.map { hash($0, at: row, domain: Domain.text) } ?? missing
        case .boolean(let bits): return Hash128(bits[row] ? 1 : 0, seed: seed, domain: Domain.number)
        case .int64(let values): return Hash128(Int128(values[row]), seed: seed, domain: Domain.number)
        case .uint64(let values): return Hash128(Int128(values[row]), seed: seed, domain: Domain.number)
        case .float64(let values):
            if isLasting, let whole = Int128(exactly: values[row]) {
                return Hash128(whole, seed: seed, domain: Domain.number)
            }
            // −0.0 and 0.0 are one value.
            return Hash128(Int128((values[row] + 0.0).bitPattern), seed: seed, domain: Domain.float)
        case .decimal(let values, let scale): return hash(Int128(values[row]), scale: scale)
        case .wideDecimal(let values, let scale): return hash(values[row], scale: scale)
        case .text(let cells): return hash(cells, at: row, domain: Domain.text)
        case .date(let values): return Hash128(Int128(values[row]), seed: seed, domain: Domain.number)
        case .time(let values), .timestamp(let values), .duration(let values):
            return Hash128(Int128(values[row]), seed: seed, domain: Domain.number)
        }
    }

    private func hash(_ unscaled: Int128, scale: Int) -> Hash128 {
        guard isLasting else { return Hash128(unscaled, seed: seed, domain: Domain.number) }
        let number = DecimalNumber(unscaled: unscaled, scale: scale).reduced
        return Hash128(
            number.unscaled, seed: seed,
            domain: number.scale == 0 ? Domain.number : Domain.fraction &+ UInt64(number.scale))
    }

    private func hash(_ cells: TextCells, at row: Int, domain: UInt64) -> Hash128 {
        cells.bytes.withUnsafeBytes { bytes in
            let start = Int(cells.starts[row])
            return Hash128(
                UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(cells.lengths[row])]), seed: seed,
                domain: domain)
        }
    }
}

/// The hashes of single rows, as a `RowHasher` makes them, where only some rows are wanted.
struct RowHashes {
    private let columns: [Column]
    private let hasher: RowHasher
    /// By column.
    private var shared: [SharedTexts<Hash128>]

    init(_ columns: [Column]) {
        self.columns = columns
        hasher = RowHasher(columns)
        shared = columns.map { _ in SharedTexts() }
    }

    subscript(row: Int) -> Hash128 {
        mutating get {
            guard columns.count != 1 else { return hasher.hash(columns[0], at: row, &shared[0]) }
            var whole = Hash128(high: 0, low: 0)
            for index in columns.indices {
                whole = whole.combined(with: hasher.hash(columns[index], at: row, &shared[index]))
            }
            return whole
        }
    }
}
