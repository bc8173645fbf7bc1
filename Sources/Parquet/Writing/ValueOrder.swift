#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The order that a leaf's least and greatest values are meant in (TYPE_ORDER).
enum ValueOrder: Sendable, Equatable {
    case boolean
    case signed32, signed64
    case unsigned32, unsigned64
    /// Without NaN, which is neither least nor greatest; the two zeros are equal.
    case float, double
    /// Byte by byte, unsigned; the shorter of two that agree first.
    case bytes
    /// Whole numbers in two's complement of one length, the highest byte first.
    case signedBytes
    /// None that readers agree about.
    case undefined

    var hasNaN: Bool { self == .float || self == .double }

    /// Compares values in PLAIN form, without a length before them.
    func isLess(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        switch self {
        case .boolean: left.elementsEqual([0]) && right.elementsEqual([1])
        case .signed32: Self.number(left, as: Int32.self) < Self.number(right, as: Int32.self)
        case .signed64: Self.number(left, as: Int64.self) < Self.number(right, as: Int64.self)
        case .unsigned32: Self.number(left, as: UInt32.self) < Self.number(right, as: UInt32.self)
        case .unsigned64: Self.number(left, as: UInt64.self) < Self.number(right, as: UInt64.self)
        case .float: Self.number(left, as: Float.self) < Self.number(right, as: Float.self)
        case .double: Self.number(left, as: Double.self) < Self.number(right, as: Double.self)
        case .bytes: left.lexicographicallyPrecedes(right)
        case .signedBytes: Self.signed(left).lexicographicallyPrecedes(Self.signed(right))
        case .undefined: false
        }
    }

    private static func number<Number: BitwiseCopyable>(_ bytes: [UInt8], as type: Number.Type) -> Number {
        bytes.withUnsafeBytes { $0.loadUnaligned(as: type) }
    }

    private static func signed(_ bytes: [UInt8]) -> [UInt8] {
        guard let first = bytes.first else { return bytes }
        return [first ^ 0x80] + bytes.dropFirst()
    }
}

/// The least and the greatest of some values, in PLAIN form without a length before them.
struct Extremes: Sendable, Equatable {
    var least: [UInt8]
    var greatest: [UInt8]

    /// Takes others in.
    mutating func formUnion(_ other: Extremes, by order: ValueOrder) {
        if order.isLess(other.least, least) { least = other.least }
        if order.isLess(greatest, other.greatest) { greatest = other.greatest }
    }

    /// Those of numbers that lie one behind another; `nil` for no number.
    static func of<Number: FixedWidthInteger & BitwiseCopyable>(
        _ plain: UnsafeRawBufferPointer, as type: Number.Type
    ) -> Extremes? {
        let count = plain.count / MemoryLayout<Number>.size
        guard count > 0 else { return nil }
        var least = Number.max
        var greatest = Number.min
        for index in 0..<count {
            let value = plain.loadUnaligned(fromByteOffset: index &* MemoryLayout<Number>.size, as: type)
            least = min(least, value)
            greatest = max(greatest, value)
        }
        return Extremes(least: bytes(of: least), greatest: bytes(of: greatest))
    }

    /// Those of floating-point numbers but NaN, with how many NaNs there are; `nil` where there is nothing else.
    ///
    /// Zero is −0 as the least and +0 as the greatest, so that a reader who tells them apart skips neither.
    static func of<Number: BinaryFloatingPoint & BitwiseCopyable>(
        _ plain: UnsafeRawBufferPointer, floating type: Number.Type
    ) -> (extremes: Extremes?, nanCount: Int) {
        let count = plain.count / MemoryLayout<Number>.size
        var least = Number.infinity
        var greatest = -Number.infinity
        var numbers = 0
        for index in 0..<count {
            let value = plain.loadUnaligned(fromByteOffset: index &* MemoryLayout<Number>.size, as: type)
            if value < least { least = value }
            if value > greatest { greatest = value }
            numbers &+= value == value ? 1 : 0
        }
        guard numbers > 0 else { return (nil, count) }
        if least == 0 { least = -0.0 }
        if greatest == 0 { greatest = 0.0 }
        return (Extremes(least: bytes(of: least), greatest: bytes(of: greatest)), count - numbers)
    }

    /// Those of Booleans, a byte each.
    static func ofBooleans(_ bytes: UnsafeRawBufferPointer) -> Extremes? {
        guard !bytes.isEmpty else { return nil }
        return Extremes(least: [bytes.contains(0) ? 0 : 1], greatest: [bytes.contains(1) ? 1 : 0])
    }

    private static func bytes<Number: BitwiseCopyable>(of number: Number) -> [UInt8] {
        withUnsafeBytes(of: number) { Array($0) }
    }
}

/// Finds the least and greatest of byte strings.
struct ByteExtremes {
    private let layout: PlainBytes
    /// What the first eight bytes, taken as a number, differ by from how they compare.
    private let flip: UInt64
    private var least: Candidate?
    private var greatest: Candidate?

    /// A value where it lies, and its first eight bytes as a number that orders alike.
    private struct Candidate {
        let key: UInt64
        let start: UnsafeRawPointer
        let count: Int

        func isLess(_ other: Candidate) -> Bool {
            if key != other.key { return key < other.key }
            let order = memcmp(start, other.start, min(count, other.count))
            return order != 0 ? order < 0 : count < other.count
        }
    }

    init(layout: PlainBytes, isSigned: Bool) {
        self.layout = layout
        flip = isSigned ? 1 << 63 : 0
    }

    /// All of so many values in PLAIN form, with eight readable bytes behind the last.
    mutating func add(_ plain: UnsafeRawBufferPointer, count: Int) {
        guard var value = plain.baseAddress.map({ UnsafeRawPointer($0) }) else { return }
        for _ in 0..<count {
            let size = layout.size(at: value)
            add(value, size)
            value += size
        }
    }

    /// The entries of a dictionary that occur.
    mutating func add(
        codes: UnsafeBufferPointer<UInt32>, entries: UnsafeRawPointer, starts: UnsafeBufferPointer<UInt32>
    ) {
        var leastCode = UInt32.max
        var greatestCode = UInt32.max
        for code in codes where code != leastCode && code != greatestCode {
            let start = Int(starts[Int(code)])
            let value = candidate(entries + start, Int(starts[Int(code) &+ 1]) &- start)
            if least.map({ value.isLess($0) }) ?? true {
                least = value
                leastCode = code
            }
            if greatest.map({ $0.isLess(value) }) ?? true {
                greatest = value
                greatestCode = code
            }
        }
    }

    /// The answer; to be read while the values are still where they were.
    var extremes: Extremes? {
        guard let least, let greatest else { return nil }
        return Extremes(
            least: Array(UnsafeRawBufferPointer(start: least.start, count: least.count)),
            greatest: Array(UnsafeRawBufferPointer(start: greatest.start, count: greatest.count)))
    }

    @inline(__always)
    private mutating func add(_ value: UnsafeRawPointer, _ size: Int) {
        let value = candidate(value, size)
        if least.map({ value.isLess($0) }) ?? true { least = value }
        if greatest.map({ $0.isLess(value) }) ?? true { greatest = value }
    }

    /// Reads eight bytes, of which those past the value's end don't count.
    @inline(__always)
    private func candidate(_ plain: UnsafeRawPointer, _ size: Int) -> Candidate {
        let start = plain + layout.prefix
        let count = size &- layout.prefix
        let word = UInt64(bigEndian: start.loadUnaligned(as: UInt64.self))
        let key = count >= 8 ? word : word & ~(UInt64.max &>> UInt64(count &* 8))
        return Candidate(key: key ^ flip, start: start, count: count)
    }
}
