import Tables

/// The keys of a batch, where they are few and rows many: which rows are worth remembering, and how many others have each key.
struct FewKeys {
    /// The first rows of each key, ascending.
    let rows: [UInt32]
    /// How many more rows have a key, for those of which there are more; of each of these two rows and more are remembered.
    let surplus: [Hash128: Int]

    /// Beyond so many, listing rows costs less than finding out.
    private static let mostKeys = 1_024
    private static let rowsPerKey = 64

    /// `nil` where there are many keys, or where nearly all rows are to be remembered.
    ///
    /// - keeping: so many rows of each key are remembered, two at least: no later one is among the first so many of all.
    init?(_ keys: [Hash128], _ wanted: Bitmap, keeping: Int) {
        let limit = min(Self.mostKeys, keys.count / Self.rowsPerKey)
        let most = max(2, keeping)
        guard limit > 0, most < Self.rowsPerKey else { return nil }
        var table = CodeTable(limit: limit)
        var different: [Hash128] = []
        var counts: [Int] = []
        var rows: [UInt32] = []
        for index in wanted.words.indices {
            var word = wanted.words[index]
            while word != 0 {
                let row = index &* 64 &+ word.trailingZeroBitCount
                let key = keys[row]
                let (code, isNew) = table.code(key.low, next: different.count) { different[$0] == key }
                if isNew {
                    guard code < limit else { return nil }
                    different.append(key)
                    counts.append(0)
                }
                counts[code] &+= 1
                if counts[code] <= most { rows.append(UInt32(truncatingIfNeeded: row)) }
                word &= word &- 1
            }
        }
        self.rows = rows
        surplus = Dictionary(
            uniqueKeysWithValues: zip(different, counts).filter { $0.1 > most }.map { ($0.0, $0.1 - most) })
    }
}
