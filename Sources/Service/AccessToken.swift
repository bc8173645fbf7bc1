/// A secret that lets its holder send records.
public struct AccessToken: Sendable {
    /// Bytes of the shortest secret.
    public static let minimumLength = 16
    private let secret: [UInt8]
    /// The pipelines that it is for; `nil` for all.
    let pipelines: Set<String>?

    /// `nil` where the secret is shorter than 16 bytes, or has other bytes than visible ASCII.
    public init?(_ secret: String, pipelines: Set<String>? = nil) {
        let bytes = Array(secret.utf8)
        guard bytes.count >= Self.minimumLength, bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        self.secret = bytes
        self.pipelines = pipelines
    }

    /// Whether a text is the secret, found out in a time that tells nothing of where they differ.
    func matches(_ text: some Collection<UInt8>) -> Bool {
        let text = Array(text)
        var difference = text.count ^ secret.count
        for index in text.indices { difference |= Int(text[index] ^ secret[index % secret.count]) }
        return difference == 0
    }
}

/// All tokens of a server, and what each request may do by them.
struct AccessTokens: Sendable {
    let tokens: [AccessToken]

    enum Verdict: Sendable, Equatable { case allowed, missing, unknown, otherPipeline }

    /// What somebody who presents a secret may do with a pipeline; without tokens, everything.
    func verdict(on secret: some Collection<UInt8>, pipeline: String) -> Verdict {
        guard !tokens.isEmpty else { return .allowed }
        guard !secret.isEmpty else { return .missing }
        var verdict = Verdict.unknown
        // All are compared: the time must not tell which one it was.
        for token in tokens where token.matches(secret) {
            let isAllowed = token.pipelines?.contains(pipeline) ?? true
            if verdict != .allowed { verdict = isAllowed ? .allowed : .otherPipeline }
        }
        return verdict
    }
}
