/// A value that others are not less than, or not greater than, in PLAIN form without a length before it.
struct Bound: Sendable, Equatable {
    let bytes: [UInt8]
    /// Whether it is one of the values.
    let isExact: Bool
}

/// Bounds of some values, no longer than they are useful in statistics.
///
/// A long least value is cut off, which makes it smaller; a long greatest value is cut off and its last character or
/// byte is raised, which makes it greater. Either is a bound still, and no longer exact.
struct ValueBounds: Sendable, Equatable {
    private(set) var least: Bound
    private(set) var greatest: Bound

    /// Bounds of at most `limit` bytes; longer ones are left as they are where cutting them off gives none, as for a
    /// row of bytes FF.
    init(_ extremes: Extremes, limit: Int, isText: Bool) {
        least = Self.short(extremes.least, limit, isText) { $0 }
        greatest = Self.short(extremes.greatest, limit, isText) { isText ? Self.raisedText($0) : Self.raisedBytes($0) }
    }

    /// Takes others in.
    mutating func formUnion(_ other: ValueBounds, by order: ValueOrder) {
        if order.isLess(other.least.bytes, least.bytes) || other.least.bytes == least.bytes && other.least.isExact {
            least = other.least
        }
        let isGreater = order.isLess(greatest.bytes, other.greatest.bytes)
        if isGreater || other.greatest.bytes == greatest.bytes && other.greatest.isExact {
            greatest = other.greatest
        }
    }

    private static func short(
        _ value: [UInt8], _ limit: Int, _ isText: Bool, _ adjusted: ([UInt8]) -> [UInt8]?
    ) -> Bound {
        guard value.count > limit else { return Bound(bytes: value, isExact: true) }
        var end = limit
        // Of a text no part of a character.
        if isText { while end > 0, value[end] & 0xC0 == 0x80 { end -= 1 } }
        guard let bytes = adjusted(Array(value[..<end])) else { return Bound(bytes: value, isExact: true) }
        return Bound(bytes: bytes, isExact: false)
    }

    private static func raisedBytes(_ head: [UInt8]) -> [UInt8]? {
        guard let last = head.lastIndex(where: { $0 != 0xFF }) else { return nil }
        var raised = Array(head[...last])
        raised[last] += 1
        return raised
    }

    /// The order of UTF-8 bytes is that of scalars, so that the next scalar makes the next text.
    private static func raisedText(_ head: [UInt8]) -> [UInt8]? {
        guard var scalars = String(validating: head, as: Unicode.UTF8.self).map({ Array($0.unicodeScalars) }) else {
            return nil
        }
        while let last = scalars.popLast() {
            // Surrogates are no scalars: the one after U+D7FF is U+E000.
            let next = last.value == 0xD7FF ? 0xE000 : last.value + 1
            guard let scalar = Unicode.Scalar(next) else { continue }
            var text = String.UnicodeScalarView(scalars)
            text.append(scalar)
            return Array(String(text).utf8)
        }
        return nil
    }
}
