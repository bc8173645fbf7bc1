/// Texts of data, suites and people, made fit to be shown among our own words.
///
/// Names of assets and columns may be anything: they must neither begin a line of their own, nor turn the direction of what
/// follows, nor fill a screen.
enum PlainText {
    /// One line without control characters and without invisible ones that change how others are shown, of at most `limit` UTF-16 units.
    static func line(_ text: String, limit: Int = 500) -> String {
        var scalars = String.UnicodeScalarView()
        var count = 0
        for scalar in text.unicodeScalars {
            // Twice the limit is more than is shown, whatever is left out of it.
            guard count <= 2 * limit else { break }
            count += scalar.value > 0xFFFF ? 2 : 1
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: scalars.append(" ")
            // Joiners make emoji and some scripts; all other format characters turn, hide or tag.
            case .format where scalar.value != 0x200C && scalar.value != 0x200D: continue
            case .privateUse, .unassigned: scalars.append("\u{FFFD}")
            default: scalars.append(scalar)
            }
        }
        return clipped(String(scalars), to: limit)
    }

    /// The text, or its beginning and `…`, in at most `limit` UTF-16 units, which no receiver counts as more than that.
    static func clipped(_ text: String, to limit: Int) -> String {
        guard text.utf16.count > limit else { return text }
        var scalars = String.UnicodeScalarView()
        var room = limit - 1
        for scalar in text.unicodeScalars {
            room -= scalar.value > 0xFFFF ? 2 : 1
            guard room >= 0 else { break }
            scalars.append(scalar)
        }
        return String(scalars) + "…"
    }

    /// Whole lines, as many as fit into `limit` UTF-16 units, and how many didn't.
    static func paragraph(_ lines: [String], limit: Int) -> String {
        var text = ""
        for (index, line) in lines.enumerated() {
            let next = index == 0 ? line : "\n" + line
            // Room for the last line about what is left out.
            guard text.utf16.count + next.utf16.count <= limit - 40 else {
                return text + (text.isEmpty ? "" : "\n") + "… and \(lines.count - index) more"
            }
            text += next
        }
        return text
    }

    /// Characters with a meaning, each with a backslash before it.
    static func escaped(_ text: String, _ meaningful: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if meaningful.unicodeScalars.contains(scalar) { scalars.append("\\") }
            scalars.append(scalar)
        }
        return String(scalars)
    }

    /// For HTML and for what is like it: text and values of attributes in double quotes.
    static func html(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A text as one part of a URL's path: everything but letters, digits and `-._~` in hexadecimal.
    static func pathPart(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            case _ where "-._~".utf8.contains(byte): result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }
}
