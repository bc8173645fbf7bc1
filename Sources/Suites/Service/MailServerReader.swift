import Expectations
import Tables

/// Reads the `mail` of a project file: the server that takes mails.
struct MailServerReader {
    /// The folder that relative paths begin at.
    let folder: String

    func server(_ node: YAMLNode, _ problems: inout Problems) -> MailServer? {
        let keys = ["host", "port", "security", "user", "password", "from", "ca"]
        guard let mapping = MappingReader(node, "mail", keys: keys, problems: &problems) else { return nil }
        for key in ["host", "from"] where mapping[key] == nil {
            problems.add("missing-key", "mail needs \(key)", at: node.mark)
        }
        let security: MailServer.Security = mapping["security"]?.choice("security", &problems) ?? .starttls
        let standardPort = security == .tls ? 465 : security == .starttls ? 587 : 25
        guard let host = mapping["host"]?.line("host", &problems),
            let from = mapping["from"].flatMap({ sender($0, &problems) })
        else { return nil }
        let isHost = host.unicodeScalars.allSatisfy {
            $0.isASCII
                && ($0.properties.isAlphabetic || $0.properties.numericType != nil
                    || "-.:[]_".unicodeScalars.contains($0))
        }
        if !isHost {
            problems.add("bad-value", "host must be a name or an address", at: mapping["host"]?.mark)
            return nil
        }
        let user = mapping["user"]?.line("user", &problems)
        let password = mapping["password"]?.line("password", &problems)
        if (user == nil) != (password == nil) {
            problems.add("bad-value", "mail needs user and password, or neither", at: node.mark)
        }
        if security == .none, password != nil, !["localhost", "127.0.0.1", "::1"].contains(host) {
            problems.add(
                "bad-value", "a password must not be sent in the clear", at: mapping["security"]?.mark ?? node.mark,
                hint: "use security: starttls or tls")
        }
        return MailServer(
            host: host, port: mapping["port"]?.integer("port", in: 1...65_535, &problems) ?? standardPort,
            security: security, user: user, password: password, from: from,
            certificateAuthorities: mapping.text("ca", &problems).map { Path.joined(folder, $0) })
    }

    /// `Name <address>`, or an address.
    private func sender(_ node: YAMLNode, _ problems: inout Problems) -> String? {
        guard let text = node.line("from", &problems) else { return nil }
        guard text.hasSuffix(">"), let bracket = text.lastIndex(of: "<") else {
            return node.mailAddress("from", &problems)
        }
        let address = text[text.index(after: bracket)...].dropLast()
        guard address.split(separator: "@", omittingEmptySubsequences: false).count == 2, !address.contains(" ") else {
            problems.add(
                "bad-value", "from must be a mail address, got \(node.quotedText)", at: node.mark,
                hint: "write it as in Assay <assay@example.com>")
            return nil
        }
        return text
    }
}
