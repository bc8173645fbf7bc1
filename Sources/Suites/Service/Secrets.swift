/// Texts that must not be shown to anybody: whatever is told is freed of them first.
public struct Secrets: Sendable {
    /// Shorter texts would be found everywhere, and hiding them would only tell that they are secrets.
    private static let shortest = 6

    /// The longest first: one may be a part of another.
    private let texts: [String]

    public init(_ texts: some Sequence<String> = []) { self.init(texts, shortest: Self.shortest) }

    private init(_ texts: some Sequence<String>, shortest: Int) {
        self.texts = Set(texts).filter { $0.utf8.count >= shortest }
            .sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }
    }

    /// These and others.
    public func with(_ others: Secrets) -> Secrets { Secrets(texts + others.texts) }

    /// The text with a mark wherever a secret stood.
    public func redacted(_ text: String, mark: String = "***") -> String {
        guard !texts.isEmpty else { return text }
        var bytes = Array(text.utf8)
        var isChanged = false
        for secret in texts {
            let secret = Array(secret.utf8)
            var start = 0
            while let place = Self.find(secret, in: bytes, from: start) {
                bytes.replaceSubrange(place..<place + secret.count, with: mark.utf8)
                start = place + mark.utf8.count
                isChanged = true
            }
        }
        return isChanged ? String(decoding: bytes, as: UTF8.self) : text
    }

    /// By bytes: Swift's own search would miss a text that a combining character follows.
    private static func find(_ secret: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard let first = secret.first, bytes.count - start >= secret.count else { return nil }
        for index in start...bytes.count - secret.count where bytes[index] == first {
            if bytes[index..<index + secret.count].elementsEqual(secret) { return index }
        }
        return nil
    }
}

extension Secrets {
    /// Everything in a project that lets somebody in somewhere: tokens, passwords, keys, and the addresses of webhooks.
    public init(of project: Project) {
        var texts = project.service.tokens.map(\.secret)
        if case .http(let url, let token, _)? = project.service.lineage?.target {
            texts += Self.parts(ofURL: url) + [token].compactMap { $0 }
        }
        texts += project.pipelines.compactMap { pipeline in
            if case .http(let source) = pipeline.source.kind { source.token } else { nil }
        }
        texts += [project.mail?.password].compactMap { $0 }
        for route in project.alertRoutes {
            for channel in route.channels { texts += Self.texts(of: channel.kind) }
        }
        self.init(texts)
    }

    /// What a channel's receiver may repeat of what it was sent: also single steps of an address, which in texts of any other kind would be
    /// common words.
    public init(of channel: AlertChannel, mail: MailServer?) {
        let url: String? =
            switch channel.kind {
            case .webhook(let url, _, _), .slack(let url), .teams(let url), .googleChat(let url), .discord(let url),
                .pagerDuty(let url, _), .opsgenie(let url, _):
                url
            case .email: nil
            }
        let address =
            url.map { url in [url] + Self.parts(ofURL: url) + Self.steps(ofURL: url) }
            ?? [mail?.password].compactMap { $0 }
        self.init(address + Self.texts(of: channel.kind), shortest: 4)
    }

    private static func texts(of kind: AlertChannel.Kind) -> [String] {
        switch kind {
        case .webhook(let url, let secret, let headers):
            parts(ofURL: url) + [secret].compactMap { $0 } + headers.map(\.value)
                // Some receivers tell what they were sent without its scheme.
                + headers.flatMap { $0.value.split(separator: " ").dropFirst().map(String.init) }
        case .slack(let url), .teams(let url), .googleChat(let url), .discord(let url): parts(ofURL: url)
        case .pagerDuty(let url, let key), .opsgenie(let url, let key): userAndPassword(ofURL: url) + [key]
        case .email: []
        }
    }

    /// An address is secret from its path on, and in what stands before its host.
    private static func parts(ofURL url: String) -> [String] {
        guard let start = url.firstRange(of: "://")?.upperBound else { return [url] }
        let rest = url[start...]
        let path = rest.firstIndex { "/?#".contains($0) }.map { String(rest[$0...]) }
        return [path].compactMap { $0 } + (path.map { [String($0.dropFirst())] } ?? []) + userAndPassword(ofURL: url)
    }

    /// The query, and what path and query are made of; short pieces, as `hooks` or `v2`, are no secrets.
    private static func steps(ofURL url: String) -> [String] {
        guard let start = url.firstRange(of: "://")?.upperBound else { return [] }
        let path = url[start...].drop { !"/?#".contains($0) }
        let query = path.split(separator: "?", maxSplits: 1).dropFirst().first.map { [String($0)] } ?? []
        return query
            + path.split { "/?&=".contains($0) }.filter { $0.utf8.count >= 8 }.map { String($0) }
    }

    private static func userAndPassword(ofURL url: String) -> [String] {
        guard let start = url.firstRange(of: "://")?.upperBound else { return [] }
        let host = url[start...].prefix { !"/?#".contains($0) }
        guard let at = host.lastIndex(of: "@") else { return [] }
        let user = host[..<at]
        return [String(user)] + user.split(separator: ":").dropFirst().map(String.init)
    }
}
