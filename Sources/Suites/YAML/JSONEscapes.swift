/// JSON as libyaml can read it: pairs of surrogates become the character that they stand for.
///
/// YAML's flow style has JSON in it but for a few details: `\ud83d\ude00` is refused, a tab before the first bracket
/// too, and U+2028 and its like count as line breaks.
struct JSONEscapes {
    private(set) var text = ""
    /// From which scalar of `text` on, how many scalars farther the original is.
    private var shifts: [(offset: Int, by: Int)] = []

    /// Whether a file is to be read so: by its name, or because it begins with a bracket.
    static func apply(to text: String, file: String) -> Bool {
        if file.lowercased().hasSuffix(".json") { return true }
        let first = text.unicodeScalars.first { !$0.properties.isWhitespace }
        return first == "{" || first == "["
    }

    init(_ original: String) {
        let scalars = Array(original.unicodeScalars)
        var output = String.UnicodeScalarView()
        var isInString = false
        var index = 0
        var written = 0
        func shift() { shifts.append((written, index - written)) }
        func put(_ scalar: Unicode.Scalar) {
            output.append(scalar)
            written += 1
        }
        while index < scalars.count {
            let scalar = scalars[index]
            if isInString, scalar == "\\" {
                if let character = Self.pair(scalars, at: index) {
                    put(character)
                    index += 12
                    shift()
                } else {
                    put(scalar)
                    index += 1
                    guard index < scalars.count else { break }
                    put(scalars[index])
                    index += 1
                }
                continue
            }
            if scalar == "\"" { isInString.toggle() }
            index += 1
            if isInString, let escape = Self.escapes[scalar] {
                escape.unicodeScalars.forEach(put)
                shift()
            } else {
                put(!isInString && scalar == "\t" ? " " : scalar)
            }
        }
        text = String(output)
    }

    /// What JSON allows in a text as it is and YAML takes for something else, or refuses.
    private static let escapes: [Unicode.Scalar: String] = [
        "\u{7F}": "\\x7F", "\u{85}": "\\N", "\u{2028}": "\\L", "\u{2029}": "\\P", "\u{FEFF}": "\\uFEFF",
    ]

    /// The character that the twelve scalars from `index` on are a pair of surrogates for; `nil` where they are none.
    static func pair(_ scalars: [Unicode.Scalar], at index: Int) -> Unicode.Scalar? {
        guard let high = escape(scalars, at: index), 0xD800..<0xDC00 ~= high,
            let low = escape(scalars, at: index + 6), 0xDC00..<0xE000 ~= low
        else { return nil }
        return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    }

    private static func escape(_ scalars: [Unicode.Scalar], at index: Int) -> UInt32? {
        guard index + 6 <= scalars.count, scalars[index] == "\\", scalars[index + 1] == "u" else { return nil }
        var code: UInt32 = 0
        for scalar in scalars[index + 2..<index + 6] {
            guard let digit = Character(scalar).hexDigitValue, scalar.isASCII else { return nil }
            code = code << 4 | UInt32(digit)
        }
        return code
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
