/// What stands in a cell.
enum JSONKind {
    static let missing: UInt8 = 0
    static let text: UInt8 = 1
    /// A text with backslashes.
    static let escapedText: UInt8 = 2
    static let whole: UInt8 = 3
    /// A number with a fraction or an exponent.
    static let fraction: UInt8 = 4
    static let yes: UInt8 = 5
    static let no: UInt8 = 6
    /// An object or an array.
    static let container: UInt8 = 7
}

/// Where the cells of the wanted columns lie in a chunk, and what stands in them.
///
/// One thread's own, reused for every chunk. Memory: nine bytes a cell of the largest chunk so far.
struct JSONCells {
    let columnCount: Int
    private(set) var rowCapacity = 0
    /// Column by column, `rowCapacity` apart.
    private(set) var starts = UnsafeMutableBufferPointer<UInt32>(start: nil, count: 0)
    private(set) var lengths = UnsafeMutableBufferPointer<UInt32>(start: nil, count: 0)
    private(set) var kinds = UnsafeMutableBufferPointer<UInt8>(start: nil, count: 0)

    init(columnCount: Int) { self.columnCount = columnCount }

    func deallocate() {
        starts.deallocate()
        lengths.deallocate()
        kinds.deallocate()
    }

    /// Forgets all cells.
    func clear() { kinds.update(repeating: JSONKind.missing) }

    /// Makes room for another row after the first `rowCount`.
    @inline(__always)
    mutating func makeRoom(_ rowCount: Int) {
        if rowCount == rowCapacity { grow() }
    }

    @inline(never)
    private mutating func grow() {
        let old = self
        rowCapacity = max(64, rowCapacity * 2)
        let count = rowCapacity * columnCount
        starts = .allocate(capacity: count)
        lengths = .allocate(capacity: count)
        kinds = .allocate(capacity: count)
        starts.initialize(repeating: 0)
        lengths.initialize(repeating: 0)
        kinds.initialize(repeating: JSONKind.missing)
        for column in 0..<columnCount {
            for row in 0..<old.rowCapacity {
                let from = column * old.rowCapacity + row
                let to = column * rowCapacity + row
                (starts[to], lengths[to], kinds[to]) = (old.starts[from], old.lengths[from], old.kinds[from])
            }
        }
        old.deallocate()
    }

    @inline(__always)
    func put(_ column: Int, _ row: Int, _ start: Int, _ end: Int, _ kind: UInt8) {
        let cell = column &* rowCapacity &+ row
        starts[cell] = UInt32(truncatingIfNeeded: start)
        lengths[cell] = UInt32(truncatingIfNeeded: end &- start)
        kinds[cell] = kind
    }

    @inline(__always)
    func setMissing(_ column: Int, _ row: Int) { kinds[column &* rowCapacity &+ row] = JSONKind.missing }

    func setMissing(row: Int) {
        for column in 0..<columnCount { setMissing(column, row) }
    }

    /// Appends the texts of cells with backslashes to `bytes`, and has the cells stand there.
    func unescape(_ escaped: [(column: Int, row: Int)], _ bytes: inout [UInt8]) {
        for (column, row) in escaped {
            let cell = column * rowCapacity + row
            // Another value may have taken the cell since: a key twice, or a row that turned out to be no JSON.
            guard kinds[cell] == JSONKind.escapedText else { continue }
            let start = Int(starts[cell])
            let raw = Array(bytes[start..<start + Int(lengths[cell])])
            starts[cell] = UInt32(bytes.count)
            raw.withUnsafeBytes { JSONText.append($0, to: &bytes) }
            lengths[cell] = UInt32(bytes.count) - starts[cell]
            kinds[cell] = JSONKind.text
        }
    }
}
