/// The length of a text in Unicode scalars.
public enum TextLength {
    /// Counts the scalars of bytes that may be invalid UTF-8: as many as the text has in which U+FFFD stands for each part that is
    /// none, and so at least one for four bytes.
    ///
    /// The parts are those of the Unicode Standard (§3.9, "U+FFFD Substitution of Maximal Subparts"), as in Swift's `String(decoding:)`.
    @inlinable
    public static func scalars(_ bytes: UnsafeRawBufferPointer) -> Int {
        var count = 0
        var place = 0
        while place < bytes.count {
            if place &+ 8 <= bytes.count,
                bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
            {
                place &+= 8
                count &+= 8
                continue
            }
            place &+= bytes[place] < 0x80 ? 1 : partLength(bytes, place)
            count &+= 1
        }
        return count
    }

    /// The bytes of a scalar that is no ASCII, or of what begins one and is none.
    @usableFromInline
    static func partLength(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> Int {
        let first = bytes[place]
        // What the second byte may be; the others are 80 through BF.
        let (length, second): (Int, ClosedRange<UInt8>) =
            switch first {
            case 0xC2...0xDF: (2, 0x80...0xBF)
            case 0xE0: (3, 0xA0...0xBF)
            case 0xED: (3, 0x80...0x9F)
            case 0xE1...0xEF: (3, 0x80...0xBF)
            case 0xF0: (4, 0x90...0xBF)
            case 0xF1...0xF3: (4, 0x80...0xBF)
            case 0xF4: (4, 0x80...0x8F)
            default: (1, 0x80...0xBF)
            }
        guard length > 1, place &+ 1 < bytes.count, second.contains(bytes[place &+ 1]) else { return 1 }
        var behind = 2
        while behind < length, place &+ behind < bytes.count, bytes[place &+ behind] & 0xC0 == 0x80 { behind &+= 1 }
        return behind
    }
}
