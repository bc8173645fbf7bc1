#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A way in which a secret may stand in a text.
struct SecretPattern: Hashable, Sendable {
    let bytes: [UInt8]

    /// Characters of Base64 that are enough to tell a secret by.
    private static let shortestBase64 = 6

    /// All ways in which it may stand there; none is shorter than the limit.
    static func all(of text: String, shortest: Int) -> [SecretPattern] {
        let raw = Array(text.utf8)
        let plain = percentDecoded(raw)
        let forms = Set([raw, plain].filter { $0.count >= max(1, shortest) })
        let encoded = forms.flatMap { base64($0) }.filter { $0.count >= shortestBase64 }
        return forms.union(encoded).map { SecretPattern(bytes: $0) }
    }

    /// Where it ends in a text, if it begins there.
    func end(in text: [UInt8], from start: Int) -> Int? {
        var place = start
        for byte in bytes {
            guard let reading = Self.readings(of: text, at: place).last(where: { $0.byte == byte }) else { return nil }
            place += reading.length
        }
        return place
    }

    /// What may stand at a place, and in how many bytes: a byte as it is, percent-encoded, or behind a backslash.
    static func readings(of text: [UInt8], at place: Int) -> [(byte: UInt8, length: Int)] {
        guard place < text.count else { return [] }
        let own = (byte: text[place], length: 1)
        switch text[place] {
        case UInt8(ascii: "%"): return [own] + (percent(text[...], at: place).map { [($0, 3)] } ?? [])
        case UInt8(ascii: "\\") where place + 1 < text.count: return [own, (text[place + 1], 2)]
        default: return [own]
        }
    }

    private static func percentDecoded(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        var place = 0
        while place < bytes.count {
            let decoded = bytes[place] == UInt8(ascii: "%") ? percent(bytes[...], at: place) : nil
            output.append(decoded ?? bytes[place])
            place += decoded == nil ? 1 : 3
        }
        return output
    }

    private static func percent(_ bytes: ArraySlice<UInt8>, at place: Int) -> UInt8? {
        guard place + 2 < bytes.endIndex else { return nil }
        let digits = String(decoding: bytes[place + 1...place + 2], as: UTF8.self)
        return digits.first == "+" || digits.first == "-" ? nil : UInt8(digits, radix: 16)
    }

    /// The characters that are the same whatever stands before and behind it, for each of the three places at which it may begin, in
    /// the alphabets of texts and of addresses.
    private static func base64(_ bytes: [UInt8]) -> [[UInt8]] {
        (0..<3).flatMap { offset in
            let all = Array(Data([UInt8](repeating: 0, count: offset) + bytes).base64EncodedString().utf8)
            let first = (offset * 8 + 5) / 6
            let core = Array(all[first..<max(first, (offset + bytes.count) * 8 / 6)])
            let inAddresses: [UInt8] = core.map { character in
                switch character {
                case UInt8(ascii: "+"): UInt8(ascii: "-")
                case UInt8(ascii: "/"): UInt8(ascii: "_")
                default: character
                }
            }
            return [core, inAddresses]
        }
    }
}
