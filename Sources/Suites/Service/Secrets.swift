/// Texts that must not be shown to anybody: whatever is told is freed of them first.
///
/// They are found as they are, percent-encoded and decoded, with slashes escaped as in JSON, and in Base64, also as a part of what was encoded.
public struct Secrets: Sendable {
    /// Shorter texts would be found everywhere, and hiding them would only tell that they are secrets.
    private static let shortest = 6

    private let texts: Set<String>
    /// By their first byte, the longest first: one may be a part of another.
    private let patterns: [UInt8: [SecretPattern]]

    public init(_ texts: some Sequence<String> = []) { self.init(texts, shortest: Self.shortest) }

    init(_ texts: some Sequence<String>, shortest: Int) {
        self.texts = Set(texts).filter { $0.utf8.count >= shortest }
        let all = Set(self.texts.flatMap { SecretPattern.all(of: $0, shortest: shortest) })
        patterns = Dictionary(grouping: all.sorted { $0.bytes.count > $1.bytes.count }) { $0.bytes[0] }
    }

    /// These and others.
    public func with(_ others: Secrets) -> Secrets { Secrets(texts.union(others.texts)) }

    /// The text with a mark wherever a secret stood.
    ///
    /// By bytes: Swift's own search would miss a text that a combining character follows.
    public func redacted(_ text: String, mark: String = "***") -> String {
        guard !patterns.isEmpty else { return text }
        let bytes = Array(text.utf8)
        var output: [UInt8] = []
        var shown = 0
        for start in bytes.indices {
            guard let end = end(in: bytes, from: start), end > shown else { continue }
            // Where secrets overlap, one mark stands for all of them.
            if start >= shown { output += bytes[shown..<start] + mark.utf8 }
            shown = end
        }
        return shown == 0 ? text : String(decoding: output + bytes[shown...], as: UTF8.self)
    }

    /// Where the longest secret ends that begins there.
    private func end(in bytes: [UInt8], from start: Int) -> Int? {
        Set(SecretPattern.readings(of: bytes, at: start).map(\.byte)).compactMap { first in
            patterns[first]?.lazy.compactMap { $0.end(in: bytes, from: start) }.first
        }.max()
    }
}
