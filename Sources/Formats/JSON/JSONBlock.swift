#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// How the rows of a file stand in it.
enum JSONForm: Sendable {
    /// A value a line.
    case lines
    /// Elements of one array, with commas between them.
    case elements
    /// Lines behind the end of an array, where nothing should be.
    case behindArray

    /// Behind the byte order mark, where there is one.
    static func textStart(of head: [UInt8]) -> Int { head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

    /// The form of a file by its beginning, and where its first row may begin.
    static func form(of head: [UInt8]) -> (JSONForm, start: Int) {
        let start = textStart(of: head)
        guard let first = head[start...].firstIndex(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }),
            head[first] == 0x5B
        else { return (.lines, start) }
        return (.elements, first + 1)
    }
}

/// A part of a file that begins where a row may, and where the last whole row in it ends.
///
/// A line feed ends a line wherever it stands: a JSON text has none inside a string. An element of an array ends with the comma
/// or bracket that stands inside of no string and as many brackets as the array's own.
struct JSONBlock {
    /// With `JSONScanner.padding` behind `count`.
    private(set) var bytes: [UInt8]
    let form: JSONForm
    let start: Int
    let count: Int
    /// Behind the last whole row and what separates it from the next; `nil` where none is whole.
    let end: Int?
    /// Where each whole element ends; empty for lines.
    let elementEnds: [UInt32]
    /// Whether the array ends with the last element.
    let isClosed: Bool

    /// Takes the bytes away from `content`; `isLast` where nothing follows them.
    ///
    /// An array that the caller still held would be copied here: twice the memory, and half the speed.
    init(taking content: inout [UInt8], from start: Int, form: JSONForm, isLast: Bool) {
        count = content.count
        bytes = []
        swap(&bytes, &content)
        bytes += JSONScanner.padding
        self.form = form
        self.start = start
        guard form == .elements else {
            end = isLast ? (count > start ? count : nil) : Self.lastLineEnd(bytes, start, count)
            elementEnds = []
            isClosed = false
            return
        }
        let cut = bytes.withUnsafeBytes { [count] in ElementCutter.cut($0, from: start, count: count, isLast: isLast) }
        end = cut.end
        elementEnds = cut.ends
        isClosed = cut.isClosed
    }

    private static func lastLineEnd(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int? {
        var index = end
        while index > start {
            index -= 1
            if bytes[index] == 0x0A { return index + 1 }
        }
        return nil
    }

    /// What stands behind the whole rows.
    var rest: [UInt8] { Array(bytes[(end ?? start)..<count]) }

    /// Gives up the bytes of the whole rows, padded, and is empty then.
    mutating func takeWholeRows() -> [UInt8] {
        var rows: [UInt8] = []
        swap(&rows, &bytes)
        let end = end ?? start
        guard end < count else { return rows }
        rows.removeLast(count - end)
        rows.withUnsafeMutableBytes { rows in
            UnsafeMutableRawBufferPointer(rebasing: rows[end...]).copyBytes(from: JSONScanner.padding)
        }
        return rows
    }

    /// Calls `body` with where each whole row begins, white space before it included, and a scanner that ends with it.
    func forEachRow(_ body: (inout JSONScanner, Int) -> Void) {
        guard let end else { return }
        bytes.withUnsafeBytes { bytes in
            JSONScanner.withContainers { containers in
                var scanner = JSONScanner(bytes, end: end, isLine: form != .elements, containers: containers)
                if form == .elements {
                    var place = start
                    for elementEnd in elementEnds {
                        scanner.end = Int(elementEnd)
                        body(&scanner, place)
                        place = Int(elementEnd) + 1
                    }
                    return
                }
                var place = start
                while place < end {
                    body(&scanner, place)
                    place = Self.lineEnd(bytes, place, end) + 1
                }
            }
        }
    }

    /// The next line feed, or the end.
    static func lineEnd(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Int {
        guard start < end, let base = bytes.baseAddress, let found = memchr(base + start, 0x0A, end - start) else {
            return end
        }
        return UnsafeRawPointer(found) - base
    }
}

/// Finds the ends of an array's elements, without regard to whether they are JSON.
enum ElementCutter {
    struct Cut {
        var ends: [UInt32] = []
        /// Behind the last end and its comma or bracket.
        var end: Int?
        var isClosed = false
    }

    /// Cuts a block that begins inside the array; with `isLast`, what is left at its end is an element.
    static func cut(_ bytes: UnsafeRawBufferPointer, from start: Int, count: Int, isLast: Bool) -> Cut {
        var cut = Cut()
        var depth = 0
        var place = start
        scan: while place < count {
            let byte = bytes[place]
            place &+= 1
            switch byte {
            case 0x22:
                guard let behind = behindString(bytes, place, count) else { break scan }
                place = behind
            case 0x7B, 0x5B: depth &+= 1
            case 0x7D: if depth > 0 { depth &-= 1 }
            case 0x5D:
                if depth == 0 {
                    cut.ends.append(UInt32(place - 1))
                    cut.end = place
                    cut.isClosed = true
                    return cut
                }
                depth &-= 1
            case 0x2C:
                if depth == 0 {
                    cut.ends.append(UInt32(place - 1))
                    cut.end = place
                }
            default: break
            }
        }
        if isLast {
            cut.ends.append(UInt32(count))
            cut.end = count
        }
        return cut
    }

    /// Behind the closing quote, or `nil` where there is none; line breaks inside are the parser's to refuse.
    private static func behindString(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> Int? {
        var place = start
        while place < count {
            // The padding behind has room for a block that begins before the end.
            let block = bytes.loadUnaligned(fromByteOffset: place, as: SIMD16<UInt8>.self)
            guard let first = ByteBlock.first((block .== ByteBlock.all(0x22)) .| (block .== ByteBlock.all(0x5C))) else {
                place &+= 16
                continue
            }
            place &+= first
            if bytes[place] == 0x22 { return place &+ 1 }
            place &+= 2
        }
        return nil
    }
}
