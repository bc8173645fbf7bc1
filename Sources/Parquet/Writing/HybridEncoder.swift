/// Writes small numbers in Parquet's hybrid of run-length and bit-packed encoding (Encodings.md, RLE = 3).
///
/// Runs take turns: one value many times, or groups of eight values packed side by side, lowest bits first.
enum HybridEncoder {
    /// How many bits the numbers 0 through `largest` need.
    static func bitWidth(of largest: Int) -> Int { Int.bitWidth - largest.leadingZeroBitCount }

    /// Appends all values, each less than 2 to the power `width`; the width (0 through 32) is not written.
    static func append<Value: FixedWidthInteger & UnsignedInteger>(
        _ values: UnsafeBufferPointer<Value>, width: Int, to output: inout GrowingBytes
    ) {
        guard width > 0 else {
            if !values.isEmpty { appendRun(0, count: values.count, width: 0, to: &output) }
            return
        }
        // A run costs three bytes or more, and so does going back to packing: below this length packing is shorter.
        let shortest = max(8, 32 / width)
        var packed = 0..<0
        var index = 0
        while index < values.count {
            let run = runLength(values, from: index, atLeast: shortest)
            if run >= shortest {
                appendPacked(values, packed, width: width, to: &output)
                appendRun(UInt32(values[index]), count: run, width: width, to: &output)
                index += run
                packed = index..<index
            } else {
                index = min(index + 8, values.count)
                packed = packed.lowerBound..<index
            }
        }
        appendPacked(values, packed, width: width, to: &output)
    }

    /// How often the value at an index is repeated; any number below `shortest` where that is less.
    @inline(__always)
    private static func runLength<Value: FixedWidthInteger>(
        _ values: UnsafeBufferPointer<Value>, from start: Int, atLeast shortest: Int
    ) -> Int {
        guard values.count &- start >= shortest else { return 0 }
        let value = values[start]
        var index = start &+ 1
        while index < values.count, values[index] == value { index &+= 1 }
        return index &- start
    }

    private static func appendRun(_ value: UInt32, count: Int, width: Int, to output: inout GrowingBytes) {
        output.append(varint: UInt64(count) << 1)
        for byte in 0..<(width + 7) / 8 { output.append(UInt8(truncatingIfNeeded: value >> UInt32(8 * byte))) }
    }

    private static func appendPacked<Value: FixedWidthInteger & UnsignedInteger>(
        _ values: UnsafeBufferPointer<Value>, _ range: Range<Int>, width: Int, to output: inout GrowingBytes
    ) {
        guard !range.isEmpty else { return }
        let groups = (range.count + 7) / 8
        output.append(varint: UInt64(groups) << 1 | 1)
        BitPacking.append(UnsafeBufferPointer(rebasing: values[range]), width: width, to: &output)
    }
}

/// Numbers of a few bits side by side, the first in the lowest bits.
enum BitPacking {
    /// Appends the values in groups of eight, the last one filled up with zeros.
    static func append<Value: FixedWidthInteger & UnsignedInteger>(
        _ values: UnsafeBufferPointer<Value>, width: Int, to output: inout GrowingBytes
    ) {
        let groups = (values.count + 7) / 8
        // The last word is stored whole, and may reach past the last group.
        output.reserve(groups * width)
        var target = output.end
        var bits: UInt64 = 0
        var filled = 0
        @inline(__always)
        func add(_ value: UInt64) {
            bits |= value &<< UInt64(filled)
            filled &+= width
            if filled >= 32 {
                target.storeBytes(of: UInt32(truncatingIfNeeded: bits).littleEndian, as: UInt32.self)
                target += 4
                bits &>>= 32
                filled &-= 32
            }
        }
        for value in values { add(UInt64(truncatingIfNeeded: value)) }
        for _ in values.count..<groups * 8 { add(0) }
        if filled > 0 { target.storeBytes(of: UInt32(truncatingIfNeeded: bits).littleEndian, as: UInt32.self) }
        output.advance(groups * width)
    }
}
