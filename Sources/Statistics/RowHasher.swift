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

    /// The hash of one row.
    public func hash(at row: Int) -> Hash128 {
        guard columns.count != 1 else { return hash(columns[0], at: row) }
        return columns.reduce(Hash128(high: 0, low: 0)) { $0.combined(with: hash($1, at: row)) }
    }

    /// The hashes of all rows; those of single columns in one tight loop.
    public func hashes(rowCount: Int) -> [Hash128] {
        guard columns.count == 1, columns[0].uncomparable == nil, var hashes = hashes(columns[0].values) else {
            return (0..<rowCount).map { hash(at: $0) }
        }
        // What a missing row holds is a filler.
        columns[0].present.inverted.forEach { hashes[$0] = missing }
        return hashes
    }

    private func hashes(_ values: ColumnValues) -> [Hash128]? {
        let seed = seed
        return switch values {
        case .int64(let values): values.map { Hash128(Int128($0), seed: seed, domain: Domain.number) }
        case .decimal(let values, _) where !isLasting:
            values.map { Hash128(Int128($0), seed: seed, domain: Domain.number) }
        case .text(let cells):
            cells.withCells { bytes, starts, lengths in
                starts.indices.map { row in
                    let start = Int(starts[row])
                    return Hash128(
                        UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(lengths[row])]), seed: seed,
                        domain: Domain.text)
                }
            }
        default: nil
        }
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
