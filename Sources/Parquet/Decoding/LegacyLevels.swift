/// Levels as the oldest writers pack them: bits from the highest to the lowest, without runs (Encodings.md, BIT_PACKED = 4).
enum LegacyLevels {
    /// The same levels as one group of the hybrid that newer writers use.
    ///
    /// `bytes` holds all of `count` levels.
    static func transcoded(_ bytes: UnsafeRawBufferPointer, count: Int, bitWidth: Int) -> [UInt8] {
        let groups = (count + 7) / 8
        var output: [UInt8] = []
        var head = UInt64(groups) << 1 | 1
        while head >= 0x80 {
            output.append(UInt8(truncatingIfNeeded: head) | 0x80)
            head >>= 7
        }
        output.append(UInt8(head))
        let start = output.count
        output.append(contentsOf: repeatElement(0, count: groups * bitWidth))
        for index in 0..<count {
            for place in 0..<bitWidth {
                // The level's highest bit comes first there, its lowest here.
                let from = index * bitWidth + bitWidth - 1 - place
                guard bytes[from >> 3] >> UInt8(7 - (from & 7)) & 1 == 1 else { continue }
                let to = index * bitWidth + place
                output[start + (to >> 3)] |= 1 << UInt8(to & 7)
            }
        }
        return output
    }
}
