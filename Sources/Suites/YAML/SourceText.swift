import Expectations

/// The text of a file, and where its lines begin.
struct SourceText: Sendable {
    let file: String
    /// Without a byte order mark.
    let text: String
    /// Offsets in Unicode scalars.
    private let lineStarts: [Int]

    init(file: String, text: String) {
        self.file = file
        self.text = text
        var starts = [0]
        var offset = 0
        var isAfterReturn = false
        for byte in text.utf8 where byte & 0xC0 != 0x80 {
            offset += 1
            if byte == 0x0A || byte == 0x0D {
                if byte == 0x0A, isAfterReturn { starts[starts.count - 1] = offset } else { starts.append(offset) }
            }
            isAfterReturn = byte == 0x0D
        }
        lineStarts = starts
    }

    /// Decodes the bytes of a file; throws where they are no UTF-8 or hold control characters.
    init(file: String, bytes: [UInt8]) throws(SuiteError) {
        let start = SourceMark(file: file, line: 1, column: 1)
        let looksWide = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
        let hasNullFirst = bytes.count >= 2 && (bytes[0] == 0) != (bytes[1] == 0)
        if looksWide || hasNullFirst {
            throw SuiteError(
                code: "bad-encoding", message: "the file is in UTF-16, it must be in UTF-8", location: start,
                hint: "save it with the encoding UTF-8")
        }
        let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
        guard let text = String(validating: content, as: UTF8.self) else {
            let repaired = SourceText(file: file, text: String(decoding: content, as: UTF8.self))
            throw SuiteError(
                code: "bad-encoding", message: "the file is not in UTF-8 from here on",
                location: repaired.mark(at: Self.countOfValidScalars(content)), hint: "save it with the encoding UTF-8")
        }
        self.init(file: file, text: text)
    }

    /// How many scalars there are before the first bytes that are no UTF-8.
    private static func countOfValidScalars(_ bytes: ArraySlice<UInt8>) -> Int {
        var parser = UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var count = 0
        while case .valid = parser.parseScalar(from: &iterator) { count += 1 }
        return count
    }

    /// Where the scalar of that offset stands.
    func mark(at offset: Int) -> SourceMark {
        var low = 0
        var high = lineStarts.count - 1
        while low < high {
            let middle = (low + high + 1) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle - 1 }
        }
        return SourceMark(file: file, line: low + 1, column: offset - lineStarts[low] + 1)
    }

    /// The scalar of that offset, found by a walk through the text; `nil` behind the end.
    func scalar(at offset: Int) -> Unicode.Scalar? {
        text.unicodeScalars.dropFirst(offset).first
    }

    /// Whether a quote stands at the place.
    func beginsWithQuote(_ mark: SourceMark) -> Bool {
        guard lineStarts.indices.contains(mark.line - 1) else { return false }
        let scalar = scalar(at: lineStarts[mark.line - 1] + mark.column - 1)
        return scalar == "\"" || scalar == "'"
    }
}
