/// What the holder of a token may do.
public enum AccessRole: String, Sendable, Hashable, CaseIterable {
    /// See pages, documents and metrics.
    case read
    /// All of that, and change things: acknowledge, replay, trigger.
    case operate
    /// Send records to pipelines; nothing else.
    case ingest
}

/// A secret that lets its holder do what its role says.
public struct AccessToken: Sendable {
    /// Bytes of the shortest secret.
    public static let minimumLength = 16
    private let secret: [UInt8]
    public let role: AccessRole
    /// The pipelines that records may be sent to; `nil` for all.
    let pipelines: Set<String>?
    /// Whose it is, for those who read later what was done with it; `nil` where nobody said.
    let name: String?

    /// `nil` where the secret is shorter than 16 bytes, or has other bytes than visible ASCII.
    public init?(
        _ secret: String, role: AccessRole = .ingest, pipelines: Set<String>? = nil, name: String? = nil
    ) {
        let bytes = Array(secret.utf8)
        guard bytes.count >= Self.minimumLength, bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        self.secret = bytes
        self.role = role
        self.pipelines = pipelines
        self.name = name
    }

    /// Whether a text is the secret, found out in a time that tells nothing of where they differ.
    func matches(_ text: some Collection<UInt8>) -> Bool {
        let text = Array(text)
        var difference = text.count ^ secret.count
        for index in text.indices { difference |= Int(text[index] ^ secret[index % secret.count]) }
        return difference == 0
    }

    func verdict(on need: AccessNeed) -> AccessTokens.Verdict {
        switch (need, role) {
        case (.read, .read), (.read, .operate), (.operate, .operate): .allowed
        case (.ingest(let pipeline), .ingest): pipelines?.contains(pipeline) ?? true ? .allowed : .forAnother
        default: .notEnough
        }
    }
}

/// What a request wants to do.
enum AccessNeed: Sendable, Hashable {
    case read
    case operate
    case ingest(pipeline: String)

    /// The least role that allows it.
    var role: AccessRole {
        switch self {
        case .read: .read
        case .operate: .operate
        case .ingest: .ingest
        }
    }
}

/// All tokens of a server, and what each request may do by them.
struct AccessTokens: Sendable {
    let tokens: [AccessToken]

    enum Verdict: Sendable, Equatable {
        case allowed, missing, unknown
        /// The role doesn't allow it.
        case notEnough
        /// The role does, but not for this pipeline.
        case forAnother
    }

    /// What somebody who presents a secret may do; without tokens, everything.
    func verdict(on secret: some Collection<UInt8>, for need: AccessNeed) -> Verdict {
        guard !tokens.isEmpty else { return .allowed }
        guard !secret.isEmpty else { return .missing }
        var verdict = Verdict.unknown
        // All are compared: the time must not tell which one it was.
        for token in tokens where token.matches(secret) {
            let own = token.verdict(on: need)
            if own == .allowed || verdict == .unknown || verdict == .notEnough { verdict = own }
        }
        return verdict
    }

    /// The name of the token that a secret is; `nil` where it has none, or there is no such token.
    func name(of secret: some Collection<UInt8>) -> String? {
        var name: String?
        // All are compared here as well.
        for token in tokens where token.matches(secret) { name = name ?? token.name }
        return name
    }
}
