/// JSON as libyaml can read it: pairs of surrogates become the character that they stand for.
///
/// YAML's flow style has JSON in it but for a few details: `\ud83d\ude00` is refused, a tab before the first bracket
/// too, and U+2028 and its like count as line breaks.
struct JSONEscapes {
    let text: String
    /// From which scalar of `text` on, how many scalars farther the original is.
    private let shifts: [(offset: Int, by: Int)]

    /// Whether a file is to be read so: by its name, or because it begins with a bracket.
    static func apply(to text: String, file: String) -> Bool {
        if file.lowercased().hasSuffix(".json") { return true }
        let first = text.unicodeScalars.first { !$0.properties.isWhitespace }
        return first == "{" || first == "["
    }

    init(_ original: String) {
        var original = original
        var rewriting = Rewriting()
        original.withUTF8 { rewriting.rewrite($0) }
        text = rewriting.output.isEmpty ? original : String(decoding: rewriting.output, as: UTF8.self)
        shifts = rewriting.shifts
    }

    /// One walk over a text's bytes: what stays as it is is copied from one change to the next.
    private struct Rewriting {
        /// Empty where nothing is changed.
        private(set) var output: [UInt8] = []
        private(set) var shifts: [(offset: Int, by: Int)] = []
        /// Bytes that are in `output`, and scalars in either text.
        private var taken = 0
        private var (scalars, written) = (0, 0)

        mutating func rewrite(_ bytes: UnsafeBufferPointer<UInt8>) {
            var isInString = false
            var index = 0
            while index < bytes.count {
                let byte = bytes[index]
                if !isInString {
                    if byte == 0x22 { isInString = true }
                    if byte == 0x09 { replace(index..<index + 1, by: " ", bytes) }
                    index += 1
                } else if byte == 0x5C {
                    if let character = JSONEscapes.pair(bytes, at: index) {
                        replace(index..<index + 12, by: String(character), bytes)
                        index += 12
                    } else {
                        index += 2
                    }
                } else if byte >= 0x7F, let (length, escape) = JSONEscapes.escape(bytes, at: index) {
                    replace(index..<index + length, by: escape, bytes)
                    index += length
                } else {
                    if byte == 0x22 { isInString = false }
                    index += 1
                }
            }
            if taken > 0 { copy(to: bytes.count, bytes) }
        }

        private mutating func replace(_ range: Range<Int>, by text: String, _ bytes: UnsafeBufferPointer<UInt8>) {
            copy(to: range.lowerBound, bytes)
            output += text.utf8
            taken = range.upperBound
            scalars += Self.scalarCount(bytes[range])
            written += text.unicodeScalars.count
            if written + (shifts.last?.by ?? 0) != scalars { shifts.append((written, scalars - written)) }
        }

        private mutating func copy(to end: Int, _ bytes: UnsafeBufferPointer<UInt8>) {
            output += bytes[taken..<end]
            let count = Self.scalarCount(bytes[taken..<end])
            scalars += count
            written += count
            taken = end
        }

        private static func scalarCount(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
            bytes.count { $0 & 0xC0 != 0x80 }
        }
    }

    /// What JSON allows in a text as it is and YAML takes for something else, or refuses: how many bytes it has, and how YAML has it.
    private static func escape(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (length: Int, escape: String)? {
        escapes.first { bytes[index...].starts(with: $0.bytes) }.map { ($0.bytes.count, $0.escape) }
    }

    private static let escapes: [(bytes: [UInt8], escape: String)] = [
        ("\u{7F}", "\\x7F"), ("\u{85}", "\\N"), ("\u{2028}", "\\L"), ("\u{2029}", "\\P"), ("\u{FEFF}", "\\uFEFF"),
    ].map { (Array($0.utf8), $1) }

    /// The character that the twelve bytes from `index` on are a pair of surrogates for; `nil` where they are none.
    static func pair(_ bytes: some RandomAccessCollection<UInt8>, at index: Int) -> Unicode.Scalar? {
        let digits = bytes.dropFirst(index).prefix(12)
        guard let high = escape(digits.prefix(6)), 0xD800..<0xDC00 ~= high,
            let low = escape(digits.dropFirst(6)), 0xDC00..<0xE000 ~= low
        else { return nil }
        return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    }

    /// The number behind `\u`.
    private static func escape(_ bytes: some Collection<UInt8>) -> UInt32? {
        guard bytes.count == 6, bytes.starts(with: [0x5C, 0x75]) else { return nil }
        return bytes.dropFirst(2).reduce(0) { code, byte in
            guard let code, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            return code << 4 | UInt32(digit)
        }
    }

    /// The offset in the original text of a scalar of `text`.
    func original(_ offset: Int) -> Int {
        var low = 0
        var high = shifts.count
        while low < high {
            let middle = (low + high) / 2
            if shifts[middle].offset <= offset { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? offset : offset + shifts[low - 1].by
    }
}
