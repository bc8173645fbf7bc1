import Tables

/// Numbers of rows, ascending, in roaring containers of 65,536 each.
struct RowSet: Sendable, Equatable {
    /// The rows of one container, by their lowest 16 bits.
    enum Container: Sendable, Equatable {
        /// Ascending.
        case list([UInt16])
        /// 1,024 words.
        case bits([UInt64])
        /// First and last row of each run, ascending.
        case runs([Run])
    }

    struct Run: Sendable, Equatable {
        let first: UInt16
        let last: UInt16
    }

    /// By the bits of the row above the lowest 16, ascending.
    private(set) var containers: [(key: UInt64, rows: Container)] = []

    static func == (left: RowSet, right: RowSet) -> Bool {
        left.containers.elementsEqual(right.containers) { $0.key == $1.key && $0.rows == $1.rows }
    }

    /// Adds a container behind the others; false where its key is not above theirs.
    mutating func append(_ rows: Container, key: UInt64) -> Bool {
        guard containers.last.map({ $0.key < key }) ?? true else { return false }
        containers.append((key, rows))
        return true
    }

    /// How many rows there are.
    var count: Int {
        containers.reduce(0) { count, container in
            switch container.rows {
            case .list(let list): count + list.count
            case .bits(let words): count + words.reduce(0) { $0 + $1.nonzeroBitCount }
            case .runs(let runs): count + runs.reduce(0) { $0 + Int($1.last) - Int($1.first) + 1 }
            }
        }
    }

    /// The last row; `nil` where there is none.
    var last: Int? {
        for (key, rows) in containers.reversed() {
            let low: Int?
            switch rows {
            case .list(let list): low = list.last.map { Int($0) }
            case .bits(let words):
                low = words.lastIndex { $0 != 0 }.map { $0 * 64 + 63 - words[$0].leadingZeroBitCount }
            case .runs(let runs): low = runs.last.map { Int($0.last) }
            }
            if let low { return Int(key << 16) + low }
        }
        return nil
    }

    /// The row that has so many rows before it which are not in the set.
    ///
    /// Costs a look at the rows of the set that lie before it.
    func complement(_ index: Int) -> Int {
        var row = index
        for (key, rows) in containers {
            let base = Int(key << 16)
            guard base <= row else { break }
            switch rows {
            case .list(let list):
                for low in list where base + Int(low) <= row { row += 1 }
            case .bits(let words):
                for (place, word) in words.enumerated() {
                    var rest = word
                    while rest != 0, base + place * 64 + rest.trailingZeroBitCount <= row {
                        row += 1
                        rest &= rest - 1
                    }
                }
            case .runs(let runs):
                for run in runs where base + Int(run.first) <= row { row += Int(run.last) - Int(run.first) + 1 }
            }
        }
        return row
    }

    /// A bit for each row from `first` on that is in the set.
    func bitmap(from first: Int, count: Int) -> Bitmap {
        var bitmap = Bitmap(repeating: false, count: count)
        guard count > 0 else { return bitmap }
        let wanted = UInt64(first) >> 16...UInt64(first + count - 1) >> 16
        for (key, rows) in containers where wanted.contains(key) {
            let base = Int(key << 16) - first
            func set(_ row: Int) { if row >= 0, row < count { bitmap[row] = true } }
            switch rows {
            case .list(let list): for row in list { set(base + Int(row)) }
            case .bits(let words):
                for (index, word) in words.enumerated() {
                    var rest = word
                    while rest != 0 {
                        set(base + index * 64 + rest.trailingZeroBitCount)
                        rest &= rest - 1
                    }
                }
            case .runs(let runs):
                for run in runs {
                    let range = max(0, base + Int(run.first))...max(0, base + Int(run.last))
                    guard base + Int(run.last) >= 0 else { continue }
                    for row in range.clamped(to: 0...count) { set(row) }
                }
            }
        }
        return bitmap
    }
}
