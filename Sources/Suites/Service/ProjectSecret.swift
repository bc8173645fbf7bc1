public import Expectations

/// Something in a project that lets somebody in somewhere.
public struct ProjectSecret: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        case token = "a token"
        case password = "the mail server's password"
        case address = "a receiver's address"
        case signingSecret = "the secret that a webhook is signed with"
        case header = "a header of a webhook"
        case routingKey = "a routing key of PagerDuty"
        case apiKey = "an API key of Opsgenie"
    }

    public let kind: Kind
    /// In which it may be found.
    let texts: [String]
}

extension Project {
    /// All that the environment fills in; what it lacks, nobody can show.
    var secrets: [ProjectSecret] {
        var tokens = ((try? service.tokens) ?? []).map(\.secret)
        tokens += pipelines.compactMap { pipeline in
            if case .http(let source) = pipeline.source.kind { (try? source.token) ?? nil } else { nil }
        }
        var secrets: [ProjectSecret] = []
        if case .http(let url, let token, _)? = ((try? service.lineage) ?? nil)?.target {
            secrets.append(ProjectSecret(kind: .address, texts: SecretAddress(url).texts))
            tokens += [token].compactMap { $0 }
        }
        secrets += tokens.map { ProjectSecret(kind: .token, texts: [$0]) }
        if let password = ((try? mail) ?? nil)?.password {
            secrets.append(ProjectSecret(kind: .password, texts: [password]))
        }
        return secrets + alertRoutes.flatMap { route in ((try? route.channels) ?? []).flatMap(\.kind.secrets) }
    }

    /// Of each kind of secret that stands in the text of the project's file the first place.
    public func secretsWritten(in text: String) -> [(kind: ProjectSecret.Kind, place: SourceMark)] {
        let source = SourceText(file: file, text: text)
        return ProjectSecret.Kind.allCases.compactMap { kind in
            let texts = secrets.filter { $0.kind == kind }.flatMap(\.texts).filter { $0.utf8.count >= Self.leastSecret }
            let first = texts.compactMap { source.text.firstRange(of: $0)?.lowerBound }.min()
            return first.map { place in
                (kind, source.mark(at: source.text.unicodeScalars.distance(from: source.text.startIndex, to: place)))
            }
        }
    }

    /// Shorter texts would be found where they are no secrets.
    private static let leastSecret = 8
}

extension AlertChannel.Kind {
    var secrets: [ProjectSecret] {
        switch self {
        case .webhook(let url, let secret, let headers):
            [ProjectSecret(kind: .address, texts: SecretAddress(url).texts)]
                + [secret].compactMap { $0 }.map { ProjectSecret(kind: .signingSecret, texts: [$0]) }
                + headers.map { header in
                    // Some receivers tell what they were sent without its scheme.
                    let bare = header.value.split(separator: " ").dropFirst().map(String.init)
                    return ProjectSecret(kind: .header, texts: [header.value] + bare)
                }
        case .slack(let url), .teams(let url), .googleChat(let url), .discord(let url):
            [ProjectSecret(kind: .address, texts: SecretAddress(url).texts)]
        case .pagerDuty(let url, let key):
            [
                ProjectSecret(kind: .address, texts: SecretAddress(url).userAndPassword),
                ProjectSecret(kind: .routingKey, texts: [key]),
            ]
        case .opsgenie(let url, let key):
            [
                ProjectSecret(kind: .address, texts: SecretAddress(url).userAndPassword),
                ProjectSecret(kind: .apiKey, texts: [key]),
            ]
        case .email: []
        }
    }
}
