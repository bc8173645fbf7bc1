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
