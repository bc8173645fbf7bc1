#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Cuts what comes block by block into whole lines, and lines that are too long to be held into parts.
struct LineCutter {
    private let maximumBytes: Int
    /// The beginning of a line whose end has not come.
    private var rest: [UInt8] = []
    /// Whether a long line's end has not come.
    private var isInLong = false
    private var parts: [Part] = []
    private var lines: [UInt8] = []

    enum Part: Equatable {
        /// Whole lines with their line feeds, together no longer than the longest line may be.
        case lines([UInt8])
        /// A part of a line that is too long, the last one with its line feed.
        case longPart([UInt8])
        case longEnd
    }

    init(maximumBytes: Int) { self.maximumBytes = maximumBytes }

    /// What a block brings to its end.
    mutating func cut(_ block: [UInt8]) -> [Part] {
        parts = []
        var place = 0
        while place < block.count {
            let end = Self.lineEnd(block, place)
            let hasEnd = end < block.count
            take(block[place..<end], hasEnd: hasEnd)
            place = hasEnd ? end + 1 : end
        }
        flush()
        return parts
    }

    /// What the end of the input ends.
    mutating func end() -> [Part] {
        parts = []
        if isInLong || !rest.isEmpty { take([], hasEnd: true) }
        flush()
        return parts
    }

    private mutating func take(_ piece: ArraySlice<UInt8>, hasEnd: Bool) {
        if !isInLong, rest.count + piece.count > maximumBytes {
            flush()
            isInLong = true
            parts.append(.longPart(rest))
            rest = []
        }
        if isInLong {
            parts.append(.longPart(piece + (hasEnd ? [0x0A] : [])))
            if hasEnd {
                parts.append(.longEnd)
                isInLong = false
            }
            return
        }
        guard hasEnd else {
            rest += piece
            return
        }
        if lines.count + rest.count + piece.count + 1 > maximumBytes { flush() }
        lines += rest
        lines += piece
        lines.append(0x0A)
        rest = []
    }

    private mutating func flush() {
        if !lines.isEmpty { parts.append(.lines(lines)) }
        lines = []
    }

    private static func lineEnd(_ block: [UInt8], _ start: Int) -> Int {
        block.withUnsafeBytes { block in
            guard let base = block.baseAddress, let found = memchr(base + start, 0x0A, block.count - start) else {
                return block.count
            }
            return UnsafeRawPointer(found) - base
        }
    }
}
