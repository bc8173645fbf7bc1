#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Memory for bytes that are made one after another, in loops that can't afford an array's checks.
///
/// What a pointer into it points at moves with the next call that makes room. Eight bytes past the last one may be read
/// or overwritten, so that whole words can be loaded and stored at the end.
struct GrowingBytes: ~Copyable {
    private static let slack = 8

    private(set) var base: UnsafeMutableRawPointer
    private(set) var capacity: Int
    private(set) var count = 0

    init(capacity: Int = 4_096) {
        self.capacity = max(capacity, 64)
        base = Self.memory(nil, self.capacity)
    }

    deinit { free(base) }

    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base, count: count) }

    /// The memory behind the last byte.
    @inline(__always)
    var end: UnsafeMutableRawPointer { base + count }

    /// Makes room for so many more bytes.
    @inline(__always)
    mutating func reserve(_ extra: Int) {
        if capacity &- count < extra { grow(extra) }
    }

    /// Counts bytes that were written behind the last one, within the room that was made.
    @inline(__always)
    mutating func advance(_ written: Int) {
        precondition(written <= capacity &- count, "bytes are written where there is room")
        count &+= written
    }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        reserve(1)
        end.storeBytes(of: byte, as: UInt8.self)
        count &+= 1
    }

    @inline(__always)
    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count)
        end.copyMemory(from: source, byteCount: bytes.count)
        count &+= bytes.count
    }

    mutating func append(_ bytes: [UInt8]) { bytes.withUnsafeBytes { append($0) } }

    mutating func append(repeating byte: UInt8, count extra: Int) {
        reserve(extra)
        end.initializeMemory(as: UInt8.self, repeating: byte, count: extra)
        count &+= extra
    }

    /// Appends a number, its lowest byte first.
    @inline(__always)
    mutating func append<Number: FixedWidthInteger>(littleEndian number: Number) {
        reserve(MemoryLayout<Number>.size)
        end.storeBytes(of: number.littleEndian, as: Number.self)
        count &+= MemoryLayout<Number>.size
    }

    /// Appends a number in so many bytes (1 through 16), the highest first; false where it doesn't fit.
    mutating func append(_ number: Int128, bigEndianIn length: Int) -> Bool {
        precondition((1...16).contains(length), "a number of 128 bits has up to 16 bytes")
        let unused = Int128(128 - 8 * length)
        guard (number << unused) >> unused == number else { return false }
        withUnsafeBytes(of: number.bigEndian) { append(UnsafeRawBufferPointer(rebasing: $0[(16 - length)...])) }
        return true
    }

    /// Appends an unsigned number in LEB128: seven bits a byte, the lowest first.
    mutating func append(varint number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    /// Overwrites four bytes.
    mutating func store(_ number: UInt32, at offset: Int) {
        precondition(offset + 4 <= count, "only bytes that are there are overwritten")
        base.storeBytes(of: number.littleEndian, toByteOffset: offset, as: UInt32.self)
    }

    /// Forgets the bytes from an offset on.
    mutating func truncate(to length: Int) {
        precondition(length <= count, "a shorter length forgets bytes, a longer one would invent some")
        count = length
    }

    /// Forgets the bytes and keeps the memory.
    mutating func removeAll() { count = 0 }

    /// Forgets the bytes, and the memory beyond a bound.
    mutating func removeAll(keepingAtMost bound: Int) {
        count = 0
        guard capacity > bound else { return }
        self = GrowingBytes(capacity: bound)
    }

    private mutating func grow(_ extra: Int) {
        capacity = max(count + extra, capacity + capacity / 2)
        base = Self.memory(base, capacity)
    }

    /// Memory of a size, with what the old one held; large ones keep their pages and are not copied.
    private static func memory(_ old: UnsafeMutableRawPointer?, _ capacity: Int) -> UnsafeMutableRawPointer {
        guard let memory = realloc(old, capacity + slack) else { preconditionFailure("out of memory") }
        return memory
    }
}
