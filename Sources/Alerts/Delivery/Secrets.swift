import Suites

/// What must not be shown of a channel, and how it is taken out of what a receiver says.
struct Secrets {
    private let texts: [String]

    init(of channel: AlertChannel, mail: MailServer?) {
        var texts: [String]
        switch channel.kind {
        case .webhook(let url, let secret, let headers):
            texts = Self.parts(of: url) + headers.map(\.value) + headers.flatMap { Self.words($0.value) }
            if let secret { texts.append(secret) }
        case .slack(let url), .teams(let url), .googleChat(let url), .discord(let url): texts = Self.parts(of: url)
        case .pagerDuty(let url, let key), .opsgenie(let url, let key): texts = Self.parts(of: url) + [key]
        case .email: texts = [mail?.password].compactMap { $0 }
        }
        // Longer ones first: one may be a part of another.
        self.texts = texts.filter { $0.utf8.count >= 4 }.sorted { $0.utf8.count > $1.utf8.count }
    }

    /// The URL, its path and query, and what these are made of.
    private static func parts(of url: String) -> [String] {
        let rest = url.split(separator: "://", maxSplits: 1).last ?? ""
        let path = rest.split(separator: "/", maxSplits: 1).dropFirst().first.map { String($0) } ?? ""
        let query = rest.split(separator: "?", maxSplits: 1).dropFirst().first.map { String($0) } ?? ""
        let login = rest.split(separator: "@").first.map { rest.contains("@") ? String($0) : "" } ?? ""
        let pieces = path.split(whereSeparator: { "/?&=".contains($0) }).map { String($0) }
        // Short pieces of a path, as `hooks` or `v2`, are no secrets.
        return [url, path, query, login] + login.split(separator: ":").map { String($0) }
            + pieces.filter { $0.utf8.count >= 8 }
    }

    private static func words(_ value: String) -> [String] {
        value.split(separator: " ").map { String($0) }.filter { $0.utf8.count >= 8 }
    }

    /// The text with `…` for each secret in it.
    func removed(from text: String) -> String {
        texts.reduce(text) { text, secret in
            text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "…")
        }
    }
}
