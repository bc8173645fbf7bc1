/// Texts of log lines: whatever stands in a value, it is one value on one line.
enum LogText {
    /// Scalars of a value that are kept.
    static let limit = 4_096

    /// A value that needs no quotes as it is, any other in them.
    static func value(_ text: String) -> String { isPlain(text) ? text : quoted(text) }

    /// A name of a value: what is neither a letter, a digit, `_`, `.` nor `-` becomes `_`.
    static func key(_ text: String) -> String {
        guard !text.isEmpty else { return "_" }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(64).map { isWord($0) ? $0 : "_" }))
    }

    /// The text in quotes, as JSON has it.
    ///
    /// Besides what JSON wants, all characters are escaped that can't be seen: controls, those that break lines, and those that turn the
    /// direction of writing, so that no value can pass as another line or move a terminal's cursor.
    static func quoted(_ text: String) -> String {
        var output = "\""
        var count = 0
        for scalar in text.unicodeScalars {
            guard count < limit else {
                output += "…"
                break
            }
            count += 1
            append(scalar, to: &output)
        }
        return output + "\""
    }

    private static func append(_ scalar: Unicode.Scalar, to output: inout String) {
        switch scalar {
        case "\"": output += "\\\""
        case "\\": output += "\\\\"
        case "\n": output += "\\n"
        case "\r": output += "\\r"
        case "\t": output += "\\t"
        default:
            guard isHidden(scalar) else { return output.unicodeScalars.append(scalar) }
            for unit in UTF16.encode(scalar).map(Array.init) ?? [] {
                let digits = String(unit, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7F }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned, .surrogate: return true
        default: return false
        }
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", ".", "-": true
        default: false
        }
    }

    private static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 256
            && text.unicodeScalars.allSatisfy { isWord($0) || ":/+@%,".unicodeScalars.contains($0) }
    }
}
