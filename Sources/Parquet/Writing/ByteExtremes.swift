#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

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
