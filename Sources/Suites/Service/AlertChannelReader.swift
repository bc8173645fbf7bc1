import Expectations
import Tables

/// Reads the channels of a route: one key a kind of receiver.
struct AlertChannelReader {
    /// Their names in the project file.
    static let names = [
        "slack", "teams", "google_chat", "discord", "webhook", "pagerduty", "opsgenie", "email",
    ]

    static let pagerDutyURL = "https://events.pagerduty.com/v2/enqueue"
    private static let opsgenieURLs = ["us": "https://api.opsgenie.com", "eu": "https://api.eu.opsgenie.com"]

    /// One channel, or one for each item of a list.
    func channels(_ entry: YAMLNode.Entry, _ problems: inout Problems) -> [AlertChannel] {
        guard entry.key != "email" else { return email(entry.value, &problems).map { [$0] } ?? [] }
        return (entry.value.items ?? [entry.value]).compactMap { channel(entry.key, $0, &problems) }
    }

    private func channel(_ name: String, _ node: YAMLNode, _ problems: inout Problems) -> AlertChannel? {
        switch name {
        case "pagerduty": return pagerDuty(node, &problems)
        case "opsgenie": return opsgenie(node, &problems)
        case "webhook": return webhook(node, &problems)
        default: break
        }
        guard let (url, allowsPrivate) = hook(name, node, &problems) else { return nil }
        let kind: AlertChannel.Kind =
            switch name {
            case "slack": .slack(url: url)
            case "teams": .teams(url: url)
            case "google_chat": .googleChat(url: url)
            default: .discord(url: url)
            }
        return AlertChannel(kind: kind, allowsPrivateAddresses: allowsPrivate)
    }

    /// An address alone, or `{url: …, allow_private: …}`.
    private func hook(_ name: String, _ node: YAMLNode, _ problems: inout Problems) -> (String, Bool)? {
        guard node.entries != nil else {
            return node.webAddress(name, allowsPlain: false, &problems).map { ($0, false) }
        }
        guard let mapping = MappingReader(node, name, keys: ["url", "allow_private"], problems: &problems) else {
            return nil
        }
        return address(mapping, name, &problems)
    }

    private func address(_ mapping: MappingReader, _ name: String, _ problems: inout Problems) -> (String, Bool)? {
        let allowsPrivate = mapping["allow_private"]?.flag("allow_private", &problems) ?? false
        guard let node = mapping["url"] else {
            problems.add("missing-key", "\(name) needs url", at: mapping.mark)
            return nil
        }
        return node.webAddress("url", allowsPlain: allowsPrivate, &problems).map { ($0, allowsPrivate) }
    }

    private func webhook(_ node: YAMLNode, _ problems: inout Problems) -> AlertChannel? {
        guard node.entries != nil else {
            return node.webAddress("webhook", allowsPlain: false, &problems).map {
                AlertChannel(kind: .webhook(url: $0, secret: nil, headers: []), allowsPrivateAddresses: false)
            }
        }
        guard
            let mapping = MappingReader(
                node, "webhook", keys: ["url", "secret", "headers", "allow_private"], problems: &problems)
        else { return nil }
        let headers = mapping["headers"].map { self.headers($0, &problems) } ?? []
        let secret = mapping["secret"]?.line("secret", &problems)
        return address(mapping, "webhook", &problems).map { url, allowsPrivate in
            AlertChannel(
                kind: .webhook(url: url, secret: secret, headers: headers), allowsPrivateAddresses: allowsPrivate)
        }
    }

    private func headers(_ node: YAMLNode, _ problems: inout Problems) -> [AlertChannel.Header] {
        guard let entries = node.entries else {
            problems.add("bad-value", "headers must be a mapping of names to texts, got \(node.found)", at: node.mark)
            return []
        }
        return entries.compactMap { entry in
            let isName =
                !entry.key.isEmpty
                && entry.key.utf8.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                    default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                    }
                }
            guard isName else {
                problems.add("bad-value", "\(quoted(entry.key)) is no name of a header", at: entry.mark)
                return nil
            }
            return entry.value.line(entry.key, &problems).map { AlertChannel.Header(name: entry.key, value: $0) }
        }
    }

    private func pagerDuty(_ node: YAMLNode, _ problems: inout Problems) -> AlertChannel? {
        let keys = ["routing_key", "url", "allow_private"]
        guard let mapping = keyed(node, "pagerduty", "routing_key", keys, &problems) else { return nil }
        let url = target(mapping.reader, standard: Self.pagerDutyURL, &problems)
        return AlertChannel(
            kind: .pagerDuty(url: url.address, routingKey: mapping.key), allowsPrivateAddresses: url.allowsPrivate)
    }

    private func opsgenie(_ node: YAMLNode, _ problems: inout Problems) -> AlertChannel? {
        let keys = ["api_key", "region", "url", "allow_private"]
        guard let mapping = keyed(node, "opsgenie", "api_key", keys, &problems) else { return nil }
        var region = "us"
        if let node = mapping.reader?["region"], let text = node.text("region", &problems) {
            if Self.opsgenieURLs[text] == nil {
                problems.add("bad-value", "region must be us or eu, got \(node.quotedText)", at: node.mark)
            }
            region = text
        }
        let url = target(mapping.reader, standard: Self.opsgenieURLs[region] ?? "", &problems)
        return AlertChannel(
            kind: .opsgenie(url: AlertRouteReader.withoutSlash(url.address), apiKey: mapping.key),
            allowsPrivateAddresses: url.allowsPrivate)
    }

    /// A key alone, or a mapping that has it.
    private func keyed(
        _ node: YAMLNode, _ name: String, _ key: String, _ keys: [String], _ problems: inout Problems
    ) -> (key: String, reader: MappingReader?)? {
        guard node.entries != nil else { return node.line(name, &problems).map { ($0, nil) } }
        guard let mapping = MappingReader(node, name, keys: keys, problems: &problems) else { return nil }
        guard let value = mapping[key] else {
            problems.add("missing-key", "\(name) needs \(key)", at: node.mark)
            return nil
        }
        return value.line(key, &problems).map { ($0, mapping) }
    }

    private func target(
        _ mapping: MappingReader?, standard: String, _ problems: inout Problems
    ) -> (address: String, allowsPrivate: Bool) {
        let allowsPrivate = mapping?["allow_private"]?.flag("allow_private", &problems) ?? false
        let url = mapping?["url"]?.webAddress("url", allowsPlain: allowsPrivate, &problems)
        return (url ?? standard, allowsPrivate)
    }

    // MARK: Mail

    private func email(_ node: YAMLNode, _ problems: inout Problems) -> AlertChannel? {
        var report = AlertChannel.MailedReport.link
        var recipients = node
        if node.entries != nil {
            guard let mapping = MappingReader(node, "email", keys: ["to", "report"], problems: &problems) else {
                return nil
            }
            report = mapping["report"]?.choice("report", &problems) ?? .link
            guard let to = mapping["to"] else {
                problems.add("missing-key", "email needs to: who gets the mail", at: node.mark)
                return nil
            }
            recipients = to
        }
        var addresses: [String] = []
        for item in recipients.items ?? [recipients] {
            guard let address = item.mailAddress("email", &problems) else { continue }
            if !addresses.contains(address) { addresses.append(address) }
        }
        guard !addresses.isEmpty else { return nil }
        return AlertChannel(kind: .email(to: addresses, report: report), allowsPrivateAddresses: false)
    }
}

extension YAMLNode {
    /// `name@host`; anything else is a problem.
    func mailAddress(_ name: String, _ problems: inout Problems) -> String? {
        guard let text = line(name, &problems) else { return nil }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        let isPlain = text.unicodeScalars.allSatisfy {
            $0.value > 0x20 && $0.value != 0x7F && !"<>,;:()\"\\".unicodeScalars.contains($0)
        }
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), isPlain, text.utf8.count <= 254 else {
            problems.add(
                "bad-value", "\(name) must be a mail address, got \(quotedText)", at: mark,
                hint: "write it as in data@example.com")
            return nil
        }
        return text
    }
}
