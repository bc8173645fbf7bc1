/// Text that people can read in a mail's source too (RFC 2045, 6.7).
enum QuotedPrintable {
    private static let lineLimit = 76

    /// A text whose lines end in LF, as lines that end in CRLF.
    static func bytes(_ text: String) -> [UInt8] {
        var output: [UInt8] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            append(Array(line.utf8), to: &output)
            output += [0x0D, 0x0A]
        }
        return output
    }

    private static func append(_ line: [UInt8], to output: inout [UInt8]) {
        var column = 0
        for (index, byte) in line.enumerated() {
            let isLast = index == line.count - 1
            let code = encoded(byte, isLast: isLast)
            // Room for the `=` of a line that goes on.
            if column + code.count > lineLimit - (isLast ? 0 : 1) {
                output += [UInt8(ascii: "="), 0x0D, 0x0A]
                column = 0
            }
            output += code
            column += code.count
        }
    }

    private static func encoded(_ byte: UInt8, isLast: Bool) -> [UInt8] {
        switch byte {
        // Spaces at a line's end get lost on the way.
        case 0x20, 0x09: if !isLast { return [byte] }
        case 0x21...0x3C, 0x3E...0x7E: return [byte]
        default: break
        }
        let digits = Array("0123456789ABCDEF".utf8)
        return [UInt8(ascii: "="), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}
