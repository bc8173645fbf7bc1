/// Bytes as text, five characters for four bytes (ZeroMQ RFC 32).
enum Z85 {
    private static let alphabet = Array(
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#".utf8)

    private static let digits: [UInt8] = {
        var digits = [UInt8](repeating: .max, count: 256)
        for (digit, byte) in alphabet.enumerated() { digits[Int(byte)] = UInt8(digit) }
        return digits
    }()

    /// `nil` for texts whose length is no multiple of five, or with characters or groups that stand for nothing.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 5 * 4)
        var word: UInt64 = 0
        var count = 0
        for byte in text.utf8 {
            let digit = digits[Int(byte)]
            guard digit != .max else { return nil }
            word = word * 85 + UInt64(digit)
            count += 1
            guard count == 5 else { continue }
            guard let whole = UInt32(exactly: word) else { return nil }
            withUnsafeBytes(of: whole.bigEndian) { bytes.append(contentsOf: $0) }
            (word, count) = (0, 0)
        }
        return count == 0 ? bytes : nil
    }

    /// The text of bytes, filled up with zeros to a multiple of four.
    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 4) {
            var word = (0..<4).reduce(UInt32(0)) { $0 << 8 | UInt32(start + $1 < bytes.count ? bytes[start + $1] : 0) }
            var group = [UInt8](repeating: 0, count: 5)
            for place in group.indices.reversed() {
                group[place] = alphabet[Int(word % 85)]
                word /= 85
            }
            text += group
        }
        return String(decoding: text, as: UTF8.self)
    }
}
