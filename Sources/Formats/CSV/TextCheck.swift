import CScan
import Tables

/// Tells text from what isn't: UTF-16, UTF-32, and bytes that are no UTF-8.
enum TextCheck {
    /// Refuses a file whose beginning is UTF-16 or UTF-32.
    static func refuseWideText(_ head: [UInt8], place: String) throws(SourceError) {
        if let sign = head.withUnsafeBytes(utf32) {
            throw SourceError(
                code: "utf-32", message: "the text is UTF-32, not UTF-8: \(sign)", place: place, byteOffset: 0,
                hint: "convert it, as with: iconv -f UTF-32 -t UTF-8")
        }
        if let sign = head.withUnsafeBytes(utf16) {
            throw SourceError(
                code: "utf-16", message: "the text is UTF-16, not UTF-8: \(sign)", place: place, byteOffset: 0,
                hint: "convert it, as with: iconv -f UTF-16 -t UTF-8")
        }
    }

    /// How it shows that the beginning of a file is UTF-32; `nil` where it isn't.
    private static func utf32(_ head: UnsafeRawBufferPointer) -> String? {
        if head.starts(with: [0xFF, 0xFE, 0, 0]) { return "byte order mark FF FE 00 00 at byte offset 0" }
        if head.starts(with: [0, 0, 0xFE, 0xFF]) { return "byte order mark 00 00 FE FF at byte offset 0" }
        // The upper half of nearly all characters is zero, and that of no two characters of UTF-16.
        let sample = min(head.count, 512) & ~3
        guard sample >= 16 else { return nil }
        for (first, second) in [(0, 1), (3, 2)] {
            let isText = stride(from: 0, to: sample, by: 4).allSatisfy { start in
                head[start + first] == 0 && head[start + second] == 0 && head[start + 3 - first] != 0
            }
            if isText { return "two of every four bytes are zero, the first at byte offset \(first == 0 ? 0 : 2)" }
        }
        return nil
    }

    /// How it shows that the beginning of a file is UTF-16; `nil` where it isn't.
    private static func utf16(_ head: UnsafeRawBufferPointer) -> String? {
        if head.count >= 2 {
            if head[0] == 0xFF, head[1] == 0xFE { return "byte order mark FF FE at byte offset 0" }
            if head[0] == 0xFE, head[1] == 0xFF { return "byte order mark FE FF at byte offset 0" }
        }
        // Text of ASCII characters in UTF-16 has a zero in every other byte.
        let sample = min(head.count, 512) & ~1
        guard sample >= 8 else { return nil }
        for phase in 0...1 {
            let zeros = stride(from: phase, to: sample, by: 2).reduce(0) { $0 + (head[$1] == 0 ? 1 : 0) }
            let others = stride(from: 1 - phase, to: sample, by: 2).reduce(0) { $0 + (head[$1] == 0 ? 1 : 0) }
            if zeros * 10 >= sample / 2 * 9, others == 0 {
                return "every other byte is zero, the first at byte offset \(phase)"
            }
        }
        return nil
    }

    /// A file that is no text: what it is, and what to do with it.
    struct OtherFormat: Equatable {
        let name: String
        var hint: String?
    }

    /// What a file is that begins like no text; `nil` where it may be text.
    static func otherFormat(_ head: [UInt8]) -> OtherFormat? {
        let columns = "write its table as Parquet, which is read"
        let formats: [(name: String, sign: [UInt8], hint: String?)] = [
            ("a Parquet file", Array("PAR1".utf8), "give it a name that ends in .parquet, or name its format"),
            ("a ZIP archive or an Excel workbook", [0x50, 0x4B, 0x03, 0x04], nil),
            ("a SQLite database", Array("SQLite format 3\0".utf8), nil),
            ("an Avro file", Array("Obj".utf8) + [0x01], columns),
            ("an Arrow file (Feather)", Array("ARROW1".utf8), columns),
            ("a Feather file of the first version", Array("FEA1\0".utf8), columns),
            ("an Arrow stream", [0xFF, 0xFF, 0xFF, 0xFF], columns),
            ("a PDF document", Array("%PDF-".utf8), nil), ("a bzip2 archive", Array("BZh9".utf8), nil),
            ("an xz archive", [0xFD] + Array("7zXZ".utf8), nil),
        ]
        if let format = formats.first(where: { head.starts(with: $0.sign) }) {
            return OtherFormat(name: format.name, hint: format.hint)
        }
        // A header of text may begin with these letters, and has no such characters.
        guard head.starts(with: Array("ORC".utf8)), head.prefix(1_024).contains(where: { $0 < 0x09 }) else {
            return nil
        }
        return OtherFormat(name: "an ORC file", hint: columns)
    }

    /// Whether all bytes are ASCII: 32 at a time.
    static func isASCII(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index &+ 32 <= bytes.count {
            let a = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            let b = bytes.loadUnaligned(fromByteOffset: index &+ 8, as: UInt64.self)
            let c = bytes.loadUnaligned(fromByteOffset: index &+ 16, as: UInt64.self)
            let d = bytes.loadUnaligned(fromByteOffset: index &+ 24, as: UInt64.self)
            if (a | b | c | d) & 0x8080_8080_8080_8080 != 0 { return false }
            index &+= 32
        }
        while index < bytes.count {
            if bytes[index] >= 0x80 { return false }
            index &+= 1
        }
        return true
    }

    /// Where the first byte is that is no part of well-formed UTF-8 (Unicode 15, table 3-7), from `start` on.
    ///
    /// A character begins at `start`.
    static func firstInvalid(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return nil }
        let valid = cscan_utf8(base + start, bytes.count - start)
        return firstInvalidPlainly(bytes, from: start + valid)
    }

    /// The same, one character after another.
    static func firstInvalidPlainly(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        var index = start
        let count = bytes.count
        while index < count {
            let lead = bytes[index]
            if lead < 0x80 {
                index &+= 1
                continue
            }
            let length: Int
            var low: UInt8 = 0x80
            var high: UInt8 = 0xBF
            switch lead {
            case 0xC2...0xDF: length = 2
            case 0xE0: (length, low) = (3, 0xA0)
            case 0xED: (length, high) = (3, 0x9F)
            case 0xE1...0xEF: length = 3
            case 0xF0: (length, low) = (4, 0x90)
            case 0xF1...0xF3: length = 4
            case 0xF4: (length, high) = (4, 0x8F)
            default: return index
            }
            guard index &+ length <= count, bytes[index &+ 1] >= low, bytes[index &+ 1] <= high else { return index }
            for offset in 2..<max(2, length) where bytes[index &+ offset] & 0xC0 != 0x80 { return index }
            index &+= length
        }
        return nil
    }
}
