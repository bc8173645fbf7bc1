public import Tables

/// A whole text of JSON, taken apart into lines.
public enum JSONDocument {
    /// Why a text is no document of records, and at which of its bytes from 0.
    public struct Mistake: Error, Sendable, Equatable {
        public let message: String
        public let byteOffset: Int
    }

    /// Records, each on a line of its own with its line feed.
    public struct Lines: Sendable, Equatable {
        public fileprivate(set) var bytes: [UInt8] = []
        public fileprivate(set) var count = 0
        /// The length of the longest without its line feed, and where it begins in the document.
        public fileprivate(set) var longest = (bytes: 0, byteOffset: 0)

        public static func == (left: Lines, right: Lines) -> Bool {
            left.bytes == right.bytes && left.count == right.count && left.longest == right.longest
        }
    }

    /// The elements of an array, or the one object that the document is, byte for byte but for line breaks, which become spaces.
    ///
    /// Strict (RFC 8259), at most a thousand levels deep. An element may be any value: what it is worth is for others to judge. A byte
    /// order mark is passed over. Takes room for the document twice.
    public static func lines(of document: [UInt8]) throws(Mistake) -> Lines {
        var reader = LinesReader()
        let mistake = (document + JSONScanner.padding).withUnsafeBytes { bytes in
            JSONScanner.withContainers { containers in
                var scanner = JSONScanner(bytes, end: document.count, isLine: false, containers: containers)
                return reader.read(&scanner, from: JSONForm.textStart(of: document))
            }
        }
        if let mistake { throw mistake }
        return reader.lines
    }

    /// An object with one more member at its end; `nil` for what is no object, and for one that has a member of that name.
    public static func object(_ text: [UInt8], adding member: JSON.Member) -> [UInt8]? {
        guard let lines = try? lines(of: text), lines.count == 1,
            text.withUnsafeBytes({ JSON(bytes: $0) })?[member.name] == nil,
            let open = text.first(where: { !JSONScanner.isSpace($0) }), open == 0x7B,
            let close = text.lastIndex(of: 0x7D)
        else { return nil }
        let last = text[..<close].last { !JSONScanner.isSpace($0) }
        let added = JSON.object([member]).text().utf8.dropFirst().dropLast()
        return text[..<close] + (last == 0x7B ? [] : [0x2C]) + added + text[close...]
    }
}

/// One walk over a document.
private struct LinesReader {
    var lines = JSONDocument.Lines()

    /// Takes all records; what is wrong, if something is.
    mutating func read(_ scanner: inout JSONScanner, from start: Int) -> JSONDocument.Mistake? {
        var place = scanner.space(start)
        let isArray = place < scanner.end && scanner.bytes[place] == 0x5B
        guard isArray || (place < scanner.end && scanner.bytes[place] == 0x7B) else {
            return JSONDocument.Mistake(message: "expected an object, or an array of objects", byteOffset: place)
        }
        if isArray {
            place = elements(&scanner, from: place + 1)
        } else {
            place = element(&scanner, from: place)
        }
        guard place >= 0 else { return mistake(in: scanner) }
        place = scanner.space(place)
        guard place == scanner.end else {
            _ = scanner.fail(.textBehind, at: place)
            return mistake(in: scanner)
        }
        return nil
    }

    /// Passes over the elements of an array and its bracket.
    private mutating func elements(_ scanner: inout JSONScanner, from start: Int) -> Int {
        var place = scanner.space(start)
        if place < scanner.end, scanner.bytes[place] == 0x5D { return place + 1 }
        while true {
            place = element(&scanner, from: scanner.space(place))
            guard place >= 0 else { return place }
            place = scanner.space(place)
            guard place < scanner.end else { return scanner.fail(.unclosedArray, at: place) }
            switch scanner.bytes[place] {
            case 0x2C: place += 1
            case 0x5D: return place + 1
            default: return scanner.fail(.noSeparatorInArray, at: place)
            }
        }
    }

    private mutating func element(_ scanner: inout JSONScanner, from start: Int) -> Int {
        let end = scanner.value(start)
        guard end >= 0 else { return end }
        let record = UnsafeRawBufferPointer(rebasing: scanner.bytes[start..<end])
        if record.count > lines.longest.bytes { lines.longest = (record.count, start) }
        // A string has no raw line breaks: these stand between values.
        lines.bytes.append(contentsOf: record.lazy.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 })
        lines.bytes.append(0x0A)
        lines.count += 1
        return end
    }

    private func mistake(in scanner: JSONScanner) -> JSONDocument.Mistake {
        JSONDocument.Mistake(message: scanner.mistake.text, byteOffset: scanner.mistakePlace)
    }
}
