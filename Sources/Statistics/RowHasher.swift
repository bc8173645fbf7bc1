public import Tables

/// Hashes the values of a row so that equal values have equal hashes: 1.0 and 1.00 of a number column are one value, text
/// is its bytes, missing equals missing.
///
/// The hashes are seeded, another way in each process: whoever makes data can't make values whose hashes are equal. They are for telling
/// values apart within a run, never for keeping.
public struct RowHasher: Sendable {
    private let columns: [Column]

    private enum Domain {
        static let missing: UInt64 = 1
        static let number: UInt64 = 2
        static let float: UInt64 = 3
        static let text: UInt64 = 4
        static let uncomparable: UInt64 = 5
    }

    static let seed = UInt64.random(in: .min ... .max)
    private static let missing = Hash128(Int128(0), seed: seed, domain: Domain.missing)

    public init(_ columns: [Column]) { self.columns = columns }

    /// The hash of one row.
    public func hash(at row: Int) -> Hash128 {
        guard columns.count != 1 else { return Self.hash(columns[0], at: row) }
        return columns.reduce(Hash128(high: 0, low: 0)) { $0.combined(with: Self.hash($1, at: row)) }
    }

    /// The hashes of all rows; those of single columns in one tight loop.
    public func hashes(rowCount: Int) -> [Hash128] {
        guard columns.count == 1, columns[0].uncomparable == nil, var hashes = Self.hashes(columns[0].values) else {
            return (0..<rowCount).map { hash(at: $0) }
        }
        // What a missing row holds is a filler.
        columns[0].present.inverted.forEach { hashes[$0] = Self.missing }
        return hashes
    }

    private static func hashes(_ values: ColumnValues) -> [Hash128]? {
        let seed = seed
        return switch values {
        case .int64(let values): values.map { Hash128(Int128($0), seed: seed, domain: Domain.number) }
        case .decimal(let values, _): values.map { Hash128(Int128($0), seed: seed, domain: Domain.number) }
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

    private static func hash(_ column: Column, at row: Int) -> Hash128 {
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
            // −0.0 and 0.0 are one value.
            return Hash128(Int128((values[row] + 0.0).bitPattern), seed: seed, domain: Domain.float)
        case .decimal(let values, _): return Hash128(Int128(values[row]), seed: seed, domain: Domain.number)
        case .wideDecimal(let values, _): return Hash128(values[row], seed: seed, domain: Domain.number)
        case .text(let cells): return hash(cells, at: row, domain: Domain.text)
        case .date(let values): return Hash128(Int128(values[row]), seed: seed, domain: Domain.number)
        case .time(let values), .timestamp(let values), .duration(let values):
            return Hash128(Int128(values[row]), seed: seed, domain: Domain.number)
        }
    }

    private static func hash(_ cells: TextCells, at row: Int, domain: UInt64) -> Hash128 {
        cells.bytes.withUnsafeBytes { bytes in
            let start = Int(cells.starts[row])
            return Hash128(
                UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(cells.lengths[row])]), seed: seed,
                domain: domain)
        }
    }
}
