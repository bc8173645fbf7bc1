import Tables

/// Whether bytes are UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing beyond U+10FFFF.
enum UTF8Check {
    /// Whether no byte has its highest bit set.
    @inline(__always)
    static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var bits: UInt64 = 0
        var offset = 0
        while offset &+ 8 <= bytes.count {
            bits |= bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            offset &+= 8
        }
        while offset < bytes.count {
            bits |= UInt64(bytes[offset])
            offset &+= 1
        }
        return bits & 0x8080_8080_8080_8080 == 0
    }

    static func isValid(_ bytes: UnsafeRawBufferPointer) -> Bool {
        if isASCII(bytes) { return true }
        var offset = 0
        while offset < bytes.count {
            let first = bytes[offset]
            if first < 0x80 {
                offset += 1
                continue
            }
            // What may follow directly; anything else is 80 through BF.
            let (length, second): (Int, ClosedRange<UInt8>)
            switch first {
            case 0xC2...0xDF: (length, second) = (2, 0x80...0xBF)
            case 0xE0: (length, second) = (3, 0xA0...0xBF)
            case 0xE1...0xEC, 0xEE, 0xEF: (length, second) = (3, 0x80...0xBF)
            case 0xED: (length, second) = (3, 0x80...0x9F)
            case 0xF0: (length, second) = (4, 0x90...0xBF)
            case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
            case 0xF4: (length, second) = (4, 0x80...0x8F)
            default: return false
            }
            guard length <= bytes.count - offset, second.contains(bytes[offset + 1]) else { return false }
            for next in bytes[offset + 2..<max(offset + length, offset + 2)] where next & 0xC0 != 0x80 { return false }
            offset += length
        }
        return true
    }

    /// Cells that are no UTF-8; `nil` where all are.
    ///
    /// Costs a look at eight bytes at once where all of the buffer is ASCII.
    static func invalidCells(_ cells: TextCells) -> Bitmap? {
        cells.withCells { bytes, starts, lengths in
            if isASCII(bytes) { return nil }
            var invalid: Bitmap?
            for row in starts.indices {
                let start = Int(starts[row])
                if isValid(UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(lengths[row])])) { continue }
                var marked = invalid ?? Bitmap(repeating: false, count: starts.count)
                invalid = nil
                marked[row] = true
                invalid = marked
            }
            return invalid
        }
    }
}
