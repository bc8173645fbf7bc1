/// Up to eight digits, with a point among them or without, in one 64-bit word.
///
/// The first character is in the lowest byte that counts, the last in the highest: where there are fewer than eight, the
/// bytes below are zeros, as digits that don't count are. All of it is arithmetic on whole words, without a branch a digit
/// (D. Lemire, "Quickly parsing eight digits", 2018).
struct DigitWord {
    /// Digits less `0`: 0 through 9 in each byte where the text is a number.
    private let digits: UInt64
    private let count: Int

    private static let zeros: UInt64 = 0x3030_3030_3030_3030
    private static let high: UInt64 = 0x8080_8080_8080_8080

    /// A cell of one through eight bytes; `nil` where it has more or none, or its buffer ends too soon behind it.
    @inline(__always)
    init?(_ cell: Cell) {
        // An empty one is 2^64 − 1 too many.
        guard UInt(bitPattern: cell.count &- 1) < 8, cell.start &+ 8 <= cell.buffer.count else { return nil }
        let word = UInt64(littleEndian: cell.buffer.loadUnaligned(fromByteOffset: cell.start, as: UInt64.self))
        digits = (word ^ Self.zeros) &<< UInt64(truncatingIfNeeded: (8 &- cell.count) &* 8)
        count = cell.count
    }

    private init(digits: UInt64, count: Int) {
        self.digits = digits
        self.count = count
    }

    /// The number that the digits write; `nil` where a byte is none.
    @inline(__always)
    var value: UInt64? {
        // A byte above 9 shows by its highest bit: its own, or the one that adding 0x76 carries into it.
        guard (digits | (digits &+ 0x7676_7676_7676_7676)) & Self.high == 0 else { return nil }
        // Neighbours are joined to numbers of two digits, then of four, then of eight.
        let pairs = (digits &* 10 &+ (digits &>> 8)) & 0x00FF_00FF_00FF_00FF
        let fours = (pairs &* 100 &+ (pairs &>> 16)) & 0x0000_FFFF_0000_FFFF
        return (fours &* 10_000 &+ (fours &>> 32)) & 0xFFFF_FFFF
    }

    /// The number that the digits write without the point, and how many stand behind it.
    @inline(__always)
    var fraction: (value: UInt64, digits: Int)? {
        let difference = digits ^ 0x1E1E_1E1E_1E1E_1E1E
        let low7 = ~Self.high
        // The highest bit of each byte that is a point, and no other.
        let points = ~(((difference & low7) &+ low7) | difference | low7)
        guard points != 0 else { return value.map { ($0, 0) } }
        guard count > 1 else { return nil }
        let place = UInt64(truncatingIfNeeded: points.trailingZeroBitCount &- 7)
        let before = (1 &<< place) &- 1
        // What stands before the point moves into its place.
        let rest = DigitWord(digits: (digits & before) &<< 8 | digits & ~(before &<< 8 | 0xFF), count: count &- 1)
        return rest.value.map { ($0, 7 &- Int(truncatingIfNeeded: place) / 8) }
    }
}

/// A cell where it lies: with the bytes around it, so that whole words may be read.
struct Cell {
    let buffer: UnsafeRawBufferPointer
    let start: Int
    let count: Int

    @inline(__always)
    init(_ buffer: UnsafeRawBufferPointer, _ start: Int, _ count: Int) {
        self.buffer = buffer
        self.start = start
        self.count = count
    }

    /// A text that has no neighbours.
    init(_ bytes: UnsafeRawBufferPointer) { self.init(bytes, 0, bytes.count) }

    /// Nothing but the cell.
    @inline(__always)
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: buffer[start..<start &+ count]) }
}
