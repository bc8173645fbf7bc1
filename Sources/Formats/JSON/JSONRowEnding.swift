#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The end of a line: its line feed.
struct LineEnding: RowEnding {
    func end(in bytes: UnsafeRawBufferPointer) -> Int? {
        let end = JSONBlock.lineEnd(bytes, 0, bytes.count)
        return end < bytes.count ? end + 1 : nil
    }
}

/// The end of an array's element: the comma or bracket that stands inside of no string and as many brackets as the array's own.
struct ElementEnding: RowEnding {
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    /// Whether the array ended with the element.
    private(set) var isClosed = false

    mutating func end(in bytes: UnsafeRawBufferPointer) -> Int? {
        for place in bytes.indices {
            let byte = bytes[place]
            if isInString {
                if !isEscaped, byte == 0x22 { isInString = false }
                isEscaped = !isEscaped && byte == 0x5C
                continue
            }
            switch byte {
            case 0x22: isInString = true
            case 0x7B, 0x5B: depth &+= 1
            case 0x7D: if depth > 0 { depth &-= 1 }
            case 0x5D:
                isClosed = depth == 0
                if isClosed { return place &+ 1 }
                depth &-= 1
            case 0x2C: if depth == 0 { return place &+ 1 }
            default: break
            }
        }
        return nil
    }
}
