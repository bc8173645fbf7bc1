/// A pattern of plain characters, which is found where they stand: `https:`, `\.example\.`.
///
/// One byte after another, it is known how much of the word ends there (D. E. Knuth, J. H. Morris, V. R. Pratt, "Fast Pattern Matching
/// in Strings", 1977).
struct WordPattern: Sendable {
    let bytes: [UInt8]
    /// For each byte of the word, how long the longest shorter beginning is that the word ends with before it.
    let shorter: [Int]

    /// Reads a pattern that PCRE2 has accepted; `nil` where it is empty, has other than plain ASCII characters, or is long.
    init?(_ pattern: String) {
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in pattern.utf8 {
            guard (0x20...0x7E).contains(byte) else { return nil }
            let isAlphanumeric = ASCIIClass.wordCharacters.contains(byte) && byte != 0x5F
            if isEscaped {
                // An escaped letter or digit means something else.
                guard !isAlphanumeric, byte != 0x5F else { return nil }
                isEscaped = false
            } else if byte == 0x5C {
                isEscaped = true
                continue
            } else if Self.special.contains(byte) {
                return nil
            }
            bytes.append(byte)
        }
        guard !isEscaped, !bytes.isEmpty, bytes.count <= Self.longest else { return nil }
        self.bytes = bytes
        var shorter = [0, 0]
        for place in 1..<max(bytes.count, 1) {
            var length = shorter[place]
            while length > 0, bytes[length] != bytes[place] { length = shorter[length] }
            shorter.append(bytes[length] == bytes[place] ? length + 1 : 0)
        }
        shorter.removeLast(shorter.count - bytes.count)
        self.shorter = shorter
    }

    private static let longest = 1_000
    /// Characters that mean something else than themselves.
    private static let special = [UInt8]("$()*+.?[]^{|}".utf8)
}
