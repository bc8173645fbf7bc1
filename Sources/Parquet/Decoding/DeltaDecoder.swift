/// Reads integers as differences in bit-packed blocks (Encodings.md, DELTA_BINARY_PACKED = 5).
///
/// Sums wrap around, as the specification has it. Nothing is allocated, whatever the header announces.
struct DeltaDecoder {
    // The bytes lie in a `PageBuffer`, which has slack behind its end: whole words may be loaded where the last bits are.
    private let bytes: UnsafeRawBufferPointer
    /// Behind what was read, in bytes.
    private var position = 0
    private let valuesPerMiniblock: Int
    private let miniblockCount: Int
    /// Values that are not yet handed out.
    private(set) var left: Int
    private var isFirst = true
    private var last: Int64
    private var minimumDelta: Int64 = 0
    /// The bit widths of the block's miniblocks begin here.
    private var widths = 0
    private var miniblock: Int
    private var leftInMiniblock = 0
    private var bitWidth = 0
    private var bit = 0

    /// Values that the header announces.
    let count: Int

    init(_ bytes: UnsafeRawBufferPointer) throws(ParquetError) {
        self.bytes = bytes
        var position = 0
        let blockSize = try Self.unsigned(bytes, &position)
        let miniblocks = try Self.unsigned(bytes, &position)
        let total = try Self.unsigned(bytes, &position)
        let first = try Self.unsigned(bytes, &position)
        guard (1...1 << 30).contains(blockSize), (1...blockSize).contains(miniblocks), blockSize % miniblocks == 0,
            (blockSize / miniblocks) % 8 == 0
        else { throw .corrupt("a block of differences with \(blockSize) values in \(miniblocks) parts") }
        guard total <= UInt64(Int32.max) else { throw .corrupt("a page of \(total) differences") }
        self.position = position
        valuesPerMiniblock = Int(blockSize / miniblocks)
        miniblockCount = Int(miniblocks)
        miniblock = miniblockCount
        count = Int(total)
        left = count
        last = Int64(bitPattern: first >> 1) ^ -Int64(bitPattern: first & 1)
    }

    /// Reads exactly so many values.
    @inline(__always)
    mutating func read<Output: FixedWidthInteger>(
        _ count: Int, into output: UnsafeMutablePointer<Output>
    ) throws(ParquetError) {
        try read(count) { output[$0] = Output(truncatingIfNeeded: $1) }
    }

    mutating func skip(_ count: Int) throws(ParquetError) { try read(count) { _, _ in } }

    @inline(__always)
    private mutating func read(_ count: Int, _ take: (Int, Int64) -> Void) throws(ParquetError) {
        guard count <= left else { throw .corrupt("a page has \(self.count) differences, fewer than values") }
        var done = 0
        if isFirst, count > 0 {
            take(0, last)
            isFirst = false
            done = 1
        }
        while done < count {
            if leftInMiniblock == 0 { try nextMiniblock() }
            let part = min(leftInMiniblock, count &- done)
            guard bit + part * bitWidth <= bytes.count * 8 else { throw .corrupt("differences end too early") }
            unpack(part) { take(done &+ $0, $1) }
            leftInMiniblock &-= part
            done &+= part
        }
        left -= count
    }

    @inline(__always)
    private mutating func unpack(_ count: Int, _ take: (Int, Int64) -> Void) {
        var value = last
        if bitWidth == 0 {
            for index in 0..<count {
                value &+= minimumDelta
                take(index, value)
            }
        } else if bitWidth <= 56, let base = bytes.baseAddress {
            let mask: UInt64 = (1 &<< UInt64(bitWidth)) &- 1
            for index in 0..<count {
                let word = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt64.self))
                value &+= minimumDelta &+ Int64(bitPattern: word &>> UInt64(bit & 7) & mask)
                take(index, value)
                bit &+= bitWidth
            }
        } else if let base = bytes.baseAddress {
            let mask: UInt64 = ~0 &>> UInt64(64 &- bitWidth)
            for index in 0..<count {
                // Up to 64 bits that begin within a byte reach into a ninth one.
                let low = UInt64(littleEndian: base.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt64.self))
                let high = UInt64(base.load(fromByteOffset: bit &>> 3 &+ 8, as: UInt8.self))
                let shift = UInt64(bit & 7)
                let word = low &>> shift | (shift == 0 ? 0 : high &<< (64 &- shift))
                value &+= minimumDelta &+ Int64(bitPattern: word & mask)
                take(index, value)
                bit &+= bitWidth
            }
        }
        last = value
    }

    private mutating func nextMiniblock() throws(ParquetError) {
        if miniblock == miniblockCount {
            let delta = try Self.unsigned(bytes, &position)
            minimumDelta = Int64(bitPattern: delta >> 1) ^ -Int64(bitPattern: delta & 1)
            guard miniblockCount <= bytes.count - position else { throw .corrupt("differences end too early") }
            widths = position
            position += miniblockCount
            miniblock = 0
        }
        bitWidth = Int(bytes[widths + miniblock])
        guard bitWidth <= 64 else { throw .corrupt("differences of \(bitWidth) bits") }
        bit = position * 8
        // The last part may be cut off where the values end.
        position = min(bytes.count, position + valuesPerMiniblock / 8 * bitWidth)
        miniblock += 1
        leftInMiniblock = valuesPerMiniblock
    }

    /// Where the bytes of all values end, from where they began; nothing was read yet.
    ///
    /// Takes a step a miniblock, none a value.
    func end() throws(ParquetError) -> Int {
        var scout = self
        var rest = count - 1
        while rest > 0 {
            try scout.nextMiniblock()
            rest -= valuesPerMiniblock
        }
        return scout.position
    }

    private static func unsigned(_ bytes: UnsafeRawBufferPointer, _ position: inout Int) throws(ParquetError) -> UInt64
    {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            guard position < bytes.count else { throw .corrupt("differences end too early") }
            let part = bytes[position]
            position += 1
            guard shift < 63 || part <= 1 else { throw .corrupt("a number of more than 64 bits among differences") }
            value |= UInt64(part & 0x7F) << shift
            if part < 0x80 { return value }
            shift += 7
        }
    }
}
