import Expectations
import Tables

/// Reads the channels of a route: one key a kind of receiver.
struct AlertChannelReader {
    /// The folder that relative paths begin at.
    let folder: String

    /// Where requests go, and whom they trust there.
    private struct Target {
        /// In keys of a mapping besides `url`.
        static let keys = ["url", "allow_private", "ca"]

        let url: String
        var allowsPrivate = false
        var certificateAuthorities: String?

        func channel(_ kind: AlertChannel.Kind) -> AlertChannel {
            AlertChannel(
                kind: kind, allowsPrivateAddresses: allowsPrivate, certificateAuthorities: certificateAuthorities)
        }
    }

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
        guard let target = hook(name, node, &problems) else { return nil }
        let url = target.url
        let kind: AlertChannel.Kind =
            switch name {
            case "slack": .slack(url: url)
            case "teams": .teams(url: url)
            case "google_chat": .googleChat(url: url)
            default: .discord(url: url)
            }
        return target.channel(kind)
    }

    /// An address alone, or `{url: …, allow_private: …, ca: …}`.
    private func hook(_ name: String, _ node: YAMLNode, _ problems: inout Problems) -> Target? {
        guard node.entries != nil else {
            return node.webAddress(name, allowsPlain: false, &problems).map { Target(url: $0) }
        }
        guard let mapping = MappingReader(node, name, keys: Target.keys, problems: &problems) else { return nil }
        return target(mapping, name, standard: nil, &problems)
    }

    /// `standard` is where requests go that no `url` leads elsewhere; without it, `url` is needed.
    private func target(
        _ mapping: MappingReader, _ name: String, standard: String?, _ problems: inout Problems
    ) -> Target? {
        let allowsPrivate = mapping["allow_private"]?.flag("allow_private", &problems) ?? false
        let authorities = mapping.text("ca", &problems).map { Path.joined(folder, $0) }
        let url: String?
        if let node = mapping["url"] {
            url = node.webAddress("url", allowsPlain: allowsPrivate, &problems)
        } else {
            if standard == nil { problems.add("missing-key", "\(name) needs url", at: mapping.mark) }
            url = standard
        }
        return url.map { Target(url: $0, allowsPrivate: allowsPrivate, certificateAuthorities: authorities) }
    }

    private func webhook(_ node: YAMLNode, _ problems: inout Problems) -> AlertChannel? {
        guard node.entries != nil else {
            return node.webAddress("webhook", allowsPlain: false, &problems).map {
                Target(url: $0).channel(.webhook(url: $0, secret: nil, headers: []))
            }
        }
        guard
            let mapping = MappingReader(
                node, "webhook", keys: ["secret", "headers"] + Target.keys, problems: &problems)
        else { return nil }
        let headers = mapping["headers"].map { self.headers($0, &problems) } ?? []
        let secret = mapping["secret"]?.line("secret", &problems)
        return target(mapping, "webhook", standard: nil, &problems).map { target in
            target.channel(.webhook(url: target.url, secret: secret, headers: headers))
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
        guard let mapping = keyed(node, "pagerduty", "routing_key", [], &problems),
            let target = target(mapping.reader, "pagerduty", standard: Self.pagerDutyURL, &problems)
        else { return nil }
        return target.channel(.pagerDuty(url: target.url, routingKey: mapping.key))
    }

    private func opsgenie(_ node: YAMLNode, _ problems: inout Problems) -> AlertChannel? {
        guard let mapping = keyed(node, "opsgenie", "api_key", ["region"], &problems) else { return nil }
        var region = "us"
        if let node = mapping.reader?["region"], let text = node.text("region", &problems) {
            if Self.opsgenieURLs[text] == nil {
                problems.add("bad-value", "region must be us or eu, got \(node.quotedText)", at: node.mark)
            }
            region = text
        }
        guard
            let target = target(mapping.reader, "opsgenie", standard: Self.opsgenieURLs[region] ?? "", &problems)
        else { return nil }
        return target.channel(.opsgenie(url: AlertRouteReader.withoutSlash(target.url), apiKey: mapping.key))
    }

    /// The same where a key alone may be written, without a mapping.
    private func target(
        _ mapping: MappingReader?, _ name: String, standard: String, _ problems: inout Problems
    ) -> Target? {
        guard let mapping else { return Target(url: standard) }
        return target(mapping, name, standard: .some(standard), &problems)
    }

    /// A key alone, or a mapping that has it.
    private func keyed(
        _ node: YAMLNode, _ name: String, _ key: String, _ keys: [String], _ problems: inout Problems
    ) -> (key: String, reader: MappingReader?)? {
        guard node.entries != nil else { return node.line(name, &problems).map { ($0, nil) } }
        guard let mapping = MappingReader(node, name, keys: [key] + keys + Target.keys, problems: &problems) else {
            return nil
        }
        guard let value = mapping[key] else {
            problems.add("missing-key", "\(name) needs \(key)", at: node.mark)
            return nil
        }
        return value.line(key, &problems).map { ($0, mapping) }
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
            // However it is written, one mailbox gets one copy.
            if !addresses.contains(where: { $0.lowercased() == address.lowercased() }) { addresses.append(address) }
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
