/// A part of a mail: its header's lines and its bytes.
struct MIMEPart {
    private let header: MailHeader
    private let body: [UInt8]

    /// The whole part, for where a blank line ends the header.
    var bytes: [UInt8] { Array(header.text.utf8) + [0x0D, 0x0A] + body }

    /// A text in UTF-8, of a kind as `plain` or `html`.
    static func text(_ kind: String, _ text: String) -> MIMEPart {
        var header = MailHeader()
        header.add("Content-Type", parts: ["text/\(kind);", "charset=utf-8"])
        header.add("Content-Transfer-Encoding", parts: ["quoted-printable"])
        return MIMEPart(header: header, body: QuotedPrintable.bytes(text))
    }

    /// A file for the reader to keep or open.
    static func attachment(_ bytes: [UInt8], name: String, type: String) -> MIMEPart {
        var header = MailHeader()
        // RFC 2231: a name of any characters, in ASCII. Parts of 60 hexadecimal characters are numbered.
        header.add("Content-Type", parts: [type])
        header.add("Content-Disposition", parts: ["attachment;"] + parameter("filename", name))
        header.add("Content-Transfer-Encoding", parts: ["base64"])
        return MIMEPart(header: header, body: Base64.lines(bytes))
    }

    /// Parts in order, of a kind as `alternative` or `mixed`; the boundary must occur in none of them.
    static func multipart(_ kind: String, _ parts: [MIMEPart], boundary: String) -> MIMEPart {
        var header = MailHeader()
        header.add("Content-Type", parts: ["multipart/\(kind);", "boundary=\"\(boundary)\""])
        var body: [UInt8] = []
        for part in parts { body += Array("--\(boundary)\r\n".utf8) + part.bytes }
        return MIMEPart(header: header, body: body + Array("--\(boundary)--\r\n".utf8))
    }

    private static func parameter(_ name: String, _ value: String) -> [String] {
        let encoded = Array(PlainText.pathPart(value).utf8)
        guard encoded.count > 50 else { return ["\(name)*=utf-8''\(String(decoding: encoded, as: UTF8.self))"] }
        var parts: [String] = []
        var start = 0
        while start < encoded.count {
            // A character in hexadecimal isn't cut in two.
            var end = min(start + 50, encoded.count)
            if let percent = encoded[max(start, end - 2)..<end].firstIndex(of: UInt8(ascii: "%")), end < encoded.count {
                end = percent
            }
            let text = String(decoding: encoded[start..<end], as: UTF8.self)
            let prefix = parts.isEmpty ? "utf-8''" : ""
            parts.append("\(name)*\(parts.count)*=\(prefix)\(text)" + (end < encoded.count ? ";" : ""))
            start = end
        }
        return parts
    }
}
