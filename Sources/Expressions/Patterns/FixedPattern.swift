/// A simple pattern that all texts of one length are measured by: sixteen bytes at a time.
///
/// A class is a few ranges of bytes; whether a byte is in one is a subtraction and a comparison.
struct FixedPattern: Sendable {
    /// In bytes; 4 through 256.
    let length: Int
    private let blocks: [Block]
    /// How many ranges the class with the most has.
    private let rounds: Int

    private static let maximumRounds = 4
    private static let maximumLength = 256

    /// For each of sixteen bytes, ranges that it may lie in.
    private struct Block {
        /// Where the bytes begin, if there are sixteen; else they are the first and the last of the text.
        var offset: Int
        var lows: [4 of SIMD16<UInt8>] = .init(repeating: SIMD16(repeating: 0))
        /// How far each range reaches above its low end.
        var widths: [4 of SIMD16<UInt8>] = .init(repeating: SIMD16(repeating: 0))

        mutating func set(_ lane: Int, _ ranges: [ClosedRange<UInt8>]) {
            for round in lows.indices {
                let range = round < ranges.count ? ranges[round] : ranges[0]
                lows[round][lane] = range.lowerBound
                widths[round][lane] = range.upperBound - range.lowerBound
            }
        }
    }

    /// `nil` where a step has no fixed count or a ragged class, or the length isn't one to do this with.
    init?(_ steps: [SimplePattern.Step]) {
        var classes: [[ClosedRange<UInt8>]] = []
        for step in steps {
            guard step.minimum == step.maximum, step.minimum <= Self.maximumLength else { return nil }
            let ranges = step.characters.ranges
            guard (1...Self.maximumRounds).contains(ranges.count) else { return nil }
            classes += [[ClosedRange<UInt8>]](repeating: ranges, count: step.minimum)
        }
        guard (4...Self.maximumLength).contains(classes.count) else { return nil }
        let length = classes.count
        self.length = length
        rounds = classes.reduce(1) { max($0, $1.count) }
        blocks = Self.offsets(length).map { offset in
            var block = Block(offset: offset)
            for (lane, place) in Self.places(length, offset).enumerated() { block.set(lane, classes[place]) }
            return block
        }
    }

    /// Where blocks begin; the last one reaches back over the one before.
    private static func offsets(_ length: Int) -> [Int] {
        length <= 16 ? [0] : Array(stride(from: 0, to: length - 16, by: 16)) + [length - 16]
    }

    /// Which byte of the text is in which of the sixteen lanes, as ``load(_:_:)`` has it.
    private static func places(_ length: Int, _ offset: Int) -> [Int] {
        if length >= 16 { return Array(offset..<offset + 16) }
        if length >= 8 { return Array(0..<8) + Array(length - 8..<length) }
        let eight = Array(0..<4) + Array(length - 4..<length)
        return eight + eight
    }

    /// Whether a text of the right length matches.
    @inline(__always)
    func matches(_ bytes: UnsafeRawBufferPointer) -> Bool {
        for index in blocks.indices {
            let text = load(bytes, blocks[index].offset)
            var isMember = (text &- blocks[index].lows[0]) .<= blocks[index].widths[0]
            var round = 1
            while round < rounds {
                isMember = isMember .| ((text &- blocks[index].lows[round]) .<= blocks[index].widths[round])
                round &+= 1
            }
            let words = unsafeBitCast(isMember, to: SIMD2<UInt64>.self)
            if words[0] & words[1] != ~0 { return false }
        }
        return true
    }

    /// Sixteen bytes of a text; of a short one its first and its last, which overlap.
    @inline(__always)
    private func load(_ bytes: UnsafeRawBufferPointer, _ offset: Int) -> SIMD16<UInt8> {
        if length >= 16 { return bytes.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self) }
        if length >= 8 {
            let first = bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
            let last = bytes.loadUnaligned(fromByteOffset: length &- 8, as: UInt64.self)
            return unsafeBitCast(SIMD2<UInt64>(first, last), to: SIMD16<UInt8>.self)
        }
        let first = bytes.loadUnaligned(fromByteOffset: 0, as: UInt32.self)
        let last = bytes.loadUnaligned(fromByteOffset: length &- 4, as: UInt32.self)
        return unsafeBitCast(SIMD4<UInt32>(first, last, first, last), to: SIMD16<UInt8>.self)
    }
}
