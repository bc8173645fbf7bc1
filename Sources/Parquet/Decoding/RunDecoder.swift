/// Reads the hybrid of runs and bit-packed groups that holds levels, dictionary codes and Booleans (Encodings.md, RLE = 3).
///
/// Values are unsigned, of 0 through 32 bits. Runs may announce 2³¹ values in a few bytes; nothing is allocated by what they
/// announce.
struct RunDecoder {
    // The bytes lie in a `PageBuffer`, which has slack behind its end: whole words may be loaded where the last bits are.
    private var position: UnsafeRawPointer
    private let end: UnsafeRawPointer
    private let bitWidth: Int
    private let mask: UInt64
    /// Values left of a run, and what they are.
    private var runLeft = 0
    private var runValue: UInt32 = 0
    /// Values left of a bit-packed group, and the bit at which the next begins.
    private var packedLeft = 0
    private var packed: UnsafeRawPointer
    private var packedBit = 0

    init(_ bytes: UnsafeRawBufferPointer, bitWidth: Int) throws(ParquetError) {
        guard (0...32).contains(bitWidth) else { throw .corrupt("values of \(bitWidth) bits in a run") }
        let base = bytes.baseAddress ?? PageBuffer.nothing
        position = base
        end = base + bytes.count
        packed = base
        self.bitWidth = bitWidth
        mask = (1 &<< UInt64(bitWidth)) &- 1
        // Of no bits there is but one value, and some writers write nothing.
        if bitWidth == 0 { runLeft = .max }
    }

    /// Reads exactly so many values.
    @inline(__always)
    mutating func read<Output: FixedWidthInteger & UnsignedInteger>(
        _ count: Int, into output: UnsafeMutablePointer<Output>
    ) throws(ParquetError) {
        var done = 0
        while done < count {
            if runLeft > 0 {
                let part = min(runLeft, count &- done)
                (output + done).update(repeating: Output(truncatingIfNeeded: runValue), count: part)
                runLeft &-= part
                done &+= part
            } else if packedLeft > 0 {
                let part = min(packedLeft, count &- done)
                unpack(part, into: output + done)
                packedLeft &-= part
                done &+= part
            } else {
                try nextRun()
            }
        }
    }

    mutating func skip(_ count: Int) throws(ParquetError) {
        var left = count
        while left > 0 {
            if runLeft > 0 {
                let part = min(runLeft, left)
                runLeft -= part
                left -= part
            } else if packedLeft > 0 {
                let part = min(packedLeft, left)
                packedBit += part * bitWidth
                packedLeft -= part
                left -= part
            } else {
                try nextRun()
            }
        }
    }

    /// Sets bits for values of one bit, beginning at a bit of the words, which are zero there; how many were set.
    mutating func readBits(
        _ count: Int, into words: UnsafeMutableBufferPointer<UInt64>, at first: Int
    ) throws(ParquetError) -> Int {
        var done = 0
        var set = 0
        while done < count {
            if runLeft > 0 {
                let part = min(runLeft, count - done)
                if runValue != 0 {
                    BitCopy.set(words, at: first + done, count: part)
                    set += part
                }
                runLeft -= part
                done += part
            } else if packedLeft > 0 {
                let part = min(packedLeft, count - done)
                set += BitCopy.copy(packed, bit: packedBit, to: words, at: first + done, count: part)
                packedBit += part
                packedLeft -= part
                done += part
            } else {
                try nextRun()
            }
        }
        return set
    }

    private mutating func nextRun() throws(ParquetError) {
        var head: UInt64 = 0
        var shift: UInt64 = 0
        repeat {
            guard position < end, shift < 35 else { throw .corrupt("runs of levels or codes end too early") }
            head |= UInt64(position.load(as: UInt8.self) & 0x7F) &<< shift
            shift += 7
            position += 1
        } while (position - 1).load(as: UInt8.self) >= 0x80
        let available = end - position
        if head & 1 == 0 {
            let byteCount = (bitWidth + 7) / 8
            guard byteCount <= available else { throw .corrupt("runs of levels or codes end too early") }
            runLeft = Int(head >> 1)
            var value: UInt32 = 0
            for byte in 0..<byteCount {
                value |= UInt32(position.load(fromByteOffset: byte, as: UInt8.self)) &<< UInt32(8 * byte)
            }
            guard UInt64(value) <= mask else { throw .corrupt("a run's value has more than \(bitWidth) bits") }
            runValue = value
            position += byteCount
        } else {
            let groups = Int(head >> 1)
            // Some writers cut the last group off where the values end.
            let byteCount = min(groups * bitWidth, available)
            packed = position
            packedBit = 0
            packedLeft = min(groups * 8, byteCount * 8 / bitWidth)
            position += byteCount
        }
    }

    @inline(__always)
    private mutating func unpack<Output: FixedWidthInteger & UnsignedInteger>(
        _ count: Int, into output: UnsafeMutablePointer<Output>
    ) {
        var bit = packedBit
        if bitWidth == 8, bit & 7 == 0 {
            let bytes = packed + (bit &>> 3)
            for index in 0..<count {
                output[index] = Output(truncatingIfNeeded: bytes.load(fromByteOffset: index, as: UInt8.self))
            }
        } else if bitWidth == 16, bit & 7 == 0 {
            let bytes = packed + (bit &>> 3)
            for index in 0..<count {
                output[index] = Output(
                    truncatingIfNeeded: UInt16(
                        littleEndian: bytes.loadUnaligned(fromByteOffset: index &* 2, as: UInt16.self)))
            }
        } else {
            for index in 0..<count {
                // 32 bits that begin at any bit of a byte lie within eight bytes.
                let word = UInt64(littleEndian: packed.loadUnaligned(fromByteOffset: bit &>> 3, as: UInt64.self))
                output[index] = Output(truncatingIfNeeded: word &>> UInt64(bit & 7) & mask)
                bit &+= bitWidth
            }
        }
        packedBit &+= count &* bitWidth
    }
}
