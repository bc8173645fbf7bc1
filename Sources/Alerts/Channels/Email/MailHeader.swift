/// The header of a mail: fields of ASCII in lines of at most 78 characters, whatever is put into them.
struct MailHeader {
    private(set) var text = ""

    /// A field of words by anybody (RFC 2047 where it isn't plain ASCII).
    mutating func add(_ name: String, words: String) { add(name, parts: Self.encoded(words)) }

    /// A field whose parts are ours, or were checked: they are put on lines of their own where one would be too long.
    mutating func add(_ name: String, parts: [String]) {
        var line = "\(name):"
        for part in parts {
            if line.utf8.count + 1 + part.utf8.count > 78, line != "\(name):" {
                text += line + "\r\n"
                line = ""
            }
            line += " " + part
        }
        text += line + "\r\n"
    }

    /// Words as they stand in a header, each to be separated by a space: as they are, or encoded in UTF-8.
    static func encoded(_ words: String) -> [String] {
        // Text that looks encoded must not be decoded by a reader.
        let isPlain = words.utf8.allSatisfy { (0x20..<0x7F).contains($0) } && !words.contains("=?")
        if isPlain {
            let parts = words.split(separator: " ", omittingEmptySubsequences: true).map { String($0) }
            if parts.allSatisfy({ $0.utf8.count < 64 }) { return parts }
        }
        // 39 bytes are 52 characters of base 64; with `=?UTF-8?B?`, `?=` and a field's name fewer than the 76 that are allowed a line.
        var chunks: [[UInt8]] = [[]]
        for scalar in words.unicodeScalars {
            let bytes = Array(String(scalar).utf8)
            if chunks[chunks.count - 1].count + bytes.count > 39 { chunks.append([]) }
            chunks[chunks.count - 1] += bytes
        }
        return chunks.map { "=?UTF-8?B?\(Base64.text($0))?=" }
    }

    /// A mailbox: its name, quoted or encoded where it must be, and its address.
    static func mailbox(_ mailbox: Mailbox) -> [String] {
        guard let name = mailbox.name else { return [mailbox.address] }
        let isAtoms = name.utf8.allSatisfy { byte in
            Unicode.Scalar(byte).properties.isAlphabetic || (0x30...0x39).contains(byte) || byte == 0x20
                || "!#$%&'*+-/?^_`{|}~".utf8.contains(byte)
        }
        let isASCII = name.utf8.allSatisfy { (0x20..<0x7F).contains($0) }
        if isASCII, !isAtoms, !name.contains("=?"), name.utf8.count < 60 {
            return ["\"\(PlainText.escaped(name, "\"\\"))\"", "<\(mailbox.address)>"]
        }
        return encoded(name) + ["<\(mailbox.address)>"]
    }
}

/// An address, with a name where it has one.
struct Mailbox: Equatable {
    let name: String?
    let address: String

    /// Reads `Name <address>`, `"Name" <address>` or an address; whether the address is one, the transport checks.
    init(_ text: String) {
        let line = PlainText.line(text, limit: 500)
        guard let open = line.lastIndex(of: "<"), line.hasSuffix(">") else {
            name = nil
            address = line
            return
        }
        var name = Self.trimmed(line[..<open])
        if name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") { name = name.dropFirst().dropLast() }
        self.name = name.isEmpty ? nil : String(name)
        address = String(line[line.index(after: open)...].dropLast())
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while text.hasPrefix(" ") { text.removeFirst() }
        while text.hasSuffix(" ") { text.removeLast() }
        return text
    }

    /// What is behind the `@`, in letters, digits, dots and hyphens.
    var domain: String {
        let domain = address.split(separator: "@").last.map { String($0) } ?? ""
        let isHost =
            !domain.isEmpty
            && domain.utf8.allSatisfy { byte in
                byte == 0x2D || byte == 0x2E || byte < 0x80 && (Unicode.Scalar(byte).properties.isAlphabetic)
                    || (0x30...0x39).contains(byte)
            }
        return isHost ? domain : "assay.invalid"
    }
}
