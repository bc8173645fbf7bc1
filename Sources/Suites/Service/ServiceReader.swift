import Expectations
import Tables

/// Reads the `service` of a project file.
struct ServiceReader {
    /// The folder that relative paths begin at.
    let folder: String

    private static let keys = [
        "listen", "url", "tokens", "tls", "grace", "validations_at_once", "retention", "lineage",
    ]
    private static let tokenBytes = 16
    private static let tokenNameScalars = 100

    func service(_ node: YAMLNode, _ problems: inout Problems) -> ServiceDefinition {
        let standard = ServiceDefinition.standard
        guard let mapping = MappingReader(node, "service", keys: Self.keys, problems: &problems) else {
            return standard
        }
        return ServiceDefinition(
            listen: mapping["listen"].flatMap { listen($0, &problems) } ?? standard.listen,
            listenMark: mapping["listen"]?.mark,
            url: mapping["url"]?.webAddress("url", allowsPlain: true, &problems).map(AlertRouteReader.withoutSlash),
            tokens: mapping["tokens"].map { node in problems.secretPart(node) { tokens(node, &$0) } }
                ?? standard.secretTokens,
            certificate: mapping["tls"].flatMap { certificate($0, &problems) },
            grace: mapping["grace"]?.duration("grace", &problems) ?? standard.grace,
            validationsAtOnce: mapping["validations_at_once"]?.integer("validations_at_once", in: 1...256, &problems)
                ?? standard.validationsAtOnce,
            retention: mapping["retention"].map { retention($0, &problems) } ?? standard.retention,
            lineage: mapping["lineage"].map { node in problems.secretPart(node) { lineage(node, &$0) } }
                ?? standard.secretLineage, mark: node.mark)
    }

    /// A port may be written as a number.
    func listen(_ node: YAMLNode, _ problems: inout Problems) -> String? {
        if case .scalar(let scalar) = node.content, case .number = scalar.resolved {
            return node.integer("listen", in: 0...65_535, &problems).map { String($0) }
        }
        return node.line("listen", &problems)
    }

    private func tokens(_ node: YAMLNode, _ problems: inout Problems) -> [ServiceDefinition.Token] {
        guard let items = node.items else {
            problems.add("bad-value", "tokens must be a list, got \(node.found)", at: node.mark)
            return []
        }
        return items.compactMap { item in
            guard
                let mapping = MappingReader(
                    item, "a token", keys: ["token", "role", "pipelines", "name"], problems: &problems)
            else { return nil }
            guard let secret = mapping["token"], let role = mapping["role"] else {
                problems.add("missing-key", "a token needs token and role", at: item.mark)
                return nil
            }
            guard let kind: ServiceDefinition.Token.Role = role.choice("role", &problems),
                let text = secret.line("token", &problems)
            else { return nil }
            guard text.utf8.count >= Self.tokenBytes, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                problems.add(
                    "bad-value", "a token must have \(Self.tokenBytes) visible ASCII characters or more",
                    at: secret.mark, hint: "make one: openssl rand -hex 32")
                return nil
            }
            if kind != .ingest, let pipelines = mapping.entry("pipelines") {
                problems.add("bad-value", "pipelines is for the role ingest", at: pipelines.mark)
            }
            return ServiceDefinition.Token(
                secret: text, role: kind, pipelines: mapping["pipelines"]?.texts("pipelines", &problems),
                name: mapping["name"].flatMap { name($0, &problems) })
        }
    }

    private func name(_ node: YAMLNode, _ problems: inout Problems) -> String? {
        guard let text = node.line("name", &problems) else { return nil }
        guard text.unicodeScalars.count <= Self.tokenNameScalars else {
            problems.add(
                "bad-value", "the name of a token has \(Self.tokenNameScalars) characters at most", at: node.mark)
            return nil
        }
        return text
    }

    private func certificate(_ node: YAMLNode, _ problems: inout Problems) -> ServiceDefinition.Certificate? {
        guard let mapping = MappingReader(node, "tls", keys: ["certificate", "key"], problems: &problems) else {
            return nil
        }
        guard let certificate = mapping["certificate"], let secret = mapping["key"] else {
            problems.add("missing-key", "tls needs certificate and key", at: node.mark)
            return nil
        }
        guard let chain = certificate.text("certificate", &problems), let key = secret.text("key", &problems) else {
            return nil
        }
        return ServiceDefinition.Certificate(
            chain: Path.joined(folder, chain), at: certificate.mark, key: Path.joined(folder, key), at: secret.mark)
    }

    private func retention(_ node: YAMLNode, _ problems: inout Problems) -> ServiceDefinition.Retention {
        guard
            let mapping = MappingReader(
                node, "retention", keys: ["results", "samples", "reports"], problems: &problems)
        else { return ServiceDefinition.standard.retention }
        func age(_ key: String, _ problems: inout Problems) -> Int64? {
            guard let node = mapping[key] else { return nil }
            if case .scalar(let scalar) = node.content, scalar.text == "forever" { return nil }
            guard let age = node.duration(key, &problems) else { return nil }
            if age < 3_600_000_000 { problems.add("bad-value", "\(key) must be kept an hour or longer", at: node.mark) }
            return age
        }
        return ServiceDefinition.Retention(
            results: age("results", &problems), samples: age("samples", &problems), reports: age("reports", &problems))
    }

    private func lineage(_ node: YAMLNode, _ problems: inout Problems) -> ServiceDefinition.Lineage? {
        guard
            let mapping = MappingReader(
                node, "lineage", keys: ["url", "file", "namespace", "token", "allow_private"], problems: &problems)
        else { return nil }
        let namespace = mapping["namespace"]?.line("namespace", &problems) ?? "assay"
        switch (mapping["url"], mapping["file"]) {
        case (let url?, nil):
            let allowsPrivate = mapping["allow_private"]?.flag("allow_private", &problems) ?? false
            guard let address = url.webAddress("url", allowsPlain: allowsPrivate, &problems) else { return nil }
            return ServiceDefinition.Lineage(
                target: .http(
                    url: address, token: mapping["token"]?.line("token", &problems),
                    allowsPrivateAddresses: allowsPrivate), namespace: namespace)
        case (nil, let file?):
            guard let path = file.text("file", &problems) else { return nil }
            return ServiceDefinition.Lineage(target: .file(Path.joined(folder, path)), namespace: namespace)
        default:
            problems.add("bad-value", "lineage needs url or file, and not both", at: node.mark)
            return nil
        }
    }
}
