extension Secrets {
    /// Everything in a project that lets somebody in somewhere: tokens, passwords, keys, and the addresses of webhooks.
    public init(of project: Project) { self.init(project.secrets.flatMap(\.texts)) }

    /// What a channel's receiver may repeat of what it was sent: also short values of an address' query, which in texts of any other
    /// kind would be common words.
    public init(of channel: AlertChannel, mail: MailServer?) {
        let texts = channel.kind.secrets.flatMap(\.texts)
        switch channel.kind {
        case .webhook(let url, _, _), .slack(let url), .teams(let url), .googleChat(let url), .discord(let url),
            .pagerDuty(let url, _), .opsgenie(let url, _):
            let address = SecretAddress(url)
            self.init([url] + address.texts + address.values + texts, shortest: 4)
        case .email: self.init([mail?.password].compactMap { $0 } + texts, shortest: 4)
        }
    }
}

/// What is secret of an address: what stands before its host, and its path and query, unless these are plain words.
struct SecretAddress {
    private let authority: Substring
    /// From the path on.
    private let rest: Substring

    init(_ url: String) {
        let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
        authority = url[start...].prefix { !"/?#".contains($0) }
        rest = url[start...].dropFirst(authority.count)
    }

    /// Path and query as a whole, each of their steps that looks like a key, and user and password.
    var texts: [String] {
        let steps = rest.split { "/?&=#".contains($0) }
        let whole = steps.allSatisfy(Self.isWord) ? [] : [String(rest), String(rest.dropFirst())] + query
        return whole + steps.filter(Self.looksLikeKey).map(String.init) + userAndPassword
    }

    /// The values of the query's parameters.
    var values: [String] {
        query.flatMap { $0.split(separator: "&") }.compactMap { parameter in
            parameter.split(separator: "=", maxSplits: 1).dropFirst().first.map(String.init)
        }
    }

    var userAndPassword: [String] {
        guard let at = authority.lastIndex(of: "@") else { return [] }
        let user = authority[..<at]
        return [String(user)] + user.split(separator: ":").dropFirst().map(String.init)
    }

    private var query: [String] {
        let path = rest.prefix { $0 != "#" }
        return path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).dropFirst().map(String.init)
    }

    /// Such as `hooks` or `incidents`: letters alone, and no more than a word has.
    private static func isWord(_ step: Substring) -> Bool {
        step.utf8.count < 16 && step.utf8.allSatisfy { (0x61...0x7A).contains($0 | 0x20) }
    }

    private static func looksLikeKey(_ step: Substring) -> Bool { step.utf8.count >= 8 && !isWord(step) }
}
