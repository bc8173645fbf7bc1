import Statistics
import Tables

/// Keeps the hashes of values to count different ones exactly, but for two of 2^128 that collide: 16 to 40 bytes a value.
struct DistinctCells: AggregateCells {
    private var sets: [Set<Hash128>] = []
    private let seed: UInt64

    /// - seed: of the hashes, the same wherever cells are merged.
    init(seed: UInt64) { self.seed = seed }

    mutating func grow(by count: Int) { sets += [Set<Hash128>](repeating: [], count: count) }
    mutating func clear(_ cell: Int) { sets[cell] = [] }

    mutating func add(_ column: Column, _ places: CellPlaces) {
        let hashes = RowHasher([column], seed: seed, isLasting: true).hashes(rowCount: column.count)
        places.forEach(hashes) { sets[$1].insert($0) }
    }

    mutating func merge(_ pairs: [CellPair], of other: any AggregateCells) {
        guard let other = other as? Self else { preconditionFailure("cells of one aggregate are of one kind") }
        for pair in pairs { sets[pair.cell].formUnion(other.sets[pair.other]) }
    }

    func size(of cell: Int) -> Int { sets[cell].count * 16 + 9 }

    func write(_ cell: Int, to writer: inout ByteWriter) {
        writer.appendShort(UInt(sets[cell].count))
        for hash in sets[cell].sorted(by: { ($0.high, $0.low) < ($1.high, $1.low) }) {
            writer.append(hash.high)
            writer.append(hash.low)
        }
    }

    mutating func merge(_ cell: Int, from reader: inout ByteReader) -> Bool {
        guard let count = reader.count(of: 16) else { return false }
        sets[cell].reserveCapacity(sets[cell].count + count)
        for _ in 0..<count {
            guard let high: UInt64 = reader.integer(), let low: UInt64 = reader.integer() else { return false }
            sets[cell].insert(Hash128(high: high, low: low))
        }
        return true
    }

    func value(of cell: Int) -> Value? { .integer(Int128(sets[cell].count)) }
}
