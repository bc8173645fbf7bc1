public import Tables

/// The numbers of a column in a batch in their order: how many lie outside of a range is told by two searches.
///
/// Costs a sort of the batch's values; worth it for many ranges.
public struct SortedColumn: Sendable {
    private enum Keys: Sendable {
        case whole([Int64])
        case floats([Double])
    }

    private let keys: Keys
    /// For each key its row.
    private let rows: [UInt32]
    /// For each row its place among the keys.
    private let places: [UInt32]
    private let present: Bitmap

    /// `nil` for columns of other values than 64-bit numbers, and for those with uncomparable ones.
    public init?(_ column: Column) {
        guard column.uncomparable == nil else { return nil }
        present = column.present
        switch column.values {
        case .int64(let values), .timestamp(let values), .time(let values), .duration(let values),
            .decimal(let values, _):
            let (sorted, rows) = Self.sorted(values, column.present)
            (keys, self.rows) = (.whole(sorted), rows)
        case .float64(let values):
            let (sorted, rows) = Self.sorted(values, column.present)
            (keys, self.rows) = (.floats(sorted), rows)
        default: return nil
        }
        var places = [UInt32](repeating: 0, count: column.count)
        for (place, row) in rows.enumerated() { places[Int(row)] = UInt32(place) }
        self.places = places
    }

    private static func sorted<Number: Comparable>(_ values: [Number], _ present: Bitmap) -> ([Number], [UInt32]) {
        var pairs: [(key: Number, row: UInt32)] = []
        pairs.reserveCapacity(values.count)
        present.forEach { pairs.append((values[$0], UInt32($0))) }
        pairs.sort { $0.key < $1.key }
        return (pairs.map(\.key), pairs.map(\.row))
    }

    /// Rows with a value.
    public var count: Int { rows.count }

    /// The values outside of a range of whole numbers in the column's unit; `nil` for a column of floats.
    public func outside(low: Int128, high: Int128) -> SortedOutliers? {
        guard case .whole(let keys) = keys else { return nil }
        guard low <= high else { return outliers(below: rows.count, above: rows.count) }
        return outliers(
            below: Self.firstIndex(keys) { Int128($0) >= low }, above: Self.firstIndex(keys) { Int128($0) > high })
    }

    /// The values outside of a range of floats, its bounds included in it; `nil` for a column of whole numbers.
    public func outside(low: Double, high: Double) -> SortedOutliers? {
        guard case .floats(let keys) = keys else { return nil }
        guard low <= high else { return outliers(below: rows.count, above: rows.count) }
        return outliers(below: Self.firstIndex(keys) { $0 >= low }, above: Self.firstIndex(keys) { $0 > high })
    }

    private func outliers(below: Int, above: Int) -> SortedOutliers {
        SortedOutliers(column: self, below: below, above: max(below, above))
    }

    /// The first place for which a test holds that holds for all behind it as well.
    private static func firstIndex<Number>(_ keys: [Number], where holds: (Number) -> Bool) -> Int {
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if holds(keys[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    fileprivate func row(at place: Int) -> Int { Int(rows[place]) }

    fileprivate func firstRows(_ limit: Int, where isWanted: (Int) -> Bool) -> [Int] {
        var found: [Int] = []
        guard limit > 0 else { return found }
        for index in present.words.indices {
            var word = present.words[index]
            while word != 0 {
                let row = index * 64 + word.trailingZeroBitCount
                if isWanted(Int(places[row])) {
                    found.append(row)
                    if found.count == limit { return found }
                }
                word &= word - 1
            }
        }
        return found
    }
}

/// The rows of a batch whose values lie at either end of their order.
public struct SortedOutliers: Sendable {
    let column: SortedColumn
    /// The places before this one.
    let below: Int
    /// The places from this one on.
    let above: Int

    /// Rows with a value, these and the others.
    public var considered: Int { column.count }

    public var count: Int { below + column.count - above }

    /// Their first rows, ascending.
    func first(_ limit: Int) -> [Int] {
        guard count > limit else { return rows.sorted() }
        return column.firstRows(limit) { $0 < below || $0 >= above }
    }

    /// In the order of their values.
    var rows: some Sequence<Int> {
        let places = [0..<below, above..<column.count].lazy.flatMap { $0 }
        return places.map { column.row(at: $0) }
    }
}
