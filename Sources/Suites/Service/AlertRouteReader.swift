import Expectations
import Tables

/// Reads the `alerts` of a project file.
struct AlertRouteReader {
    /// `service.url`: where links of messages lead when a route says nothing else.
    let serviceURL: String?
    /// The folder that relative paths begin at.
    let folder: String

    private static let standardReminder: Int64 = 24 * 3_600_000_000
    private static let settings = ["at_or_above", "remind_every", "rate_limit", "links", "description"]

    func routes(_ node: YAMLNode, _ problems: inout Problems) -> [AlertRoute] {
        guard let entries = node.entries else {
            problems.add(
                "bad-value", "alerts must be a mapping of names to routes, got \(node.found)", at: node.mark)
            return []
        }
        return entries.compactMap { entry in problems.isFull ? nil : route(entry, &problems) }
    }

    private func route(_ entry: YAMLNode.Entry, _ problems: inout Problems) -> AlertRoute? {
        let subject = "the route \(quoted(entry.key))"
        let before = problems.count
        guard
            let mapping = MappingReader(
                entry.value, subject, keys: AlertChannelReader.names + Self.settings, problems: &problems)
        else { return nil }
        var channels: [AlertChannel] = []
        var lacking: [SuiteError] = []
        for entry in mapping.entries where AlertChannelReader.names.contains(entry.key) {
            channels += AlertChannelReader(folder: folder).channels(entry, &problems)
            lacking += problems.setAside(entry.value)
        }
        if channels.isEmpty, problems.count == before {
            problems.add(
                "missing-key", "\(subject) reaches nobody", at: entry.mark,
                hint: "give it one of \(AlertChannelReader.names.joined(separator: ", "))")
        }
        let links = mapping["links"].flatMap { $0.webAddress("links", allowsPlain: true, &problems) } ?? serviceURL
        return AlertRoute(
            name: entry.key, channels: SecretPart(channels, lacking: lacking),
            atOrAbove: mapping["at_or_above"]?.choice("at_or_above", &problems) ?? .info,
            remindEvery: mapping["remind_every"].map { reminder($0, &problems) } ?? Self.standardReminder,
            rateLimit: mapping["rate_limit"].flatMap { rateLimit($0, &problems) }, links: links.map(Self.withoutSlash),
            mark: entry.mark)
    }

    private func reminder(_ node: YAMLNode, _ problems: inout Problems) -> Int64? {
        if case .scalar(let scalar) = node.content, scalar.text == "never" { return nil }
        guard let period = node.duration("remind_every", &problems) else { return nil }
        if period < 60_000_000 {
            problems.add("bad-value", "remind_every must be at least a minute, or never", at: node.mark)
        }
        return period
    }

    /// As in `20 per 10m`.
    private func rateLimit(_ node: YAMLNode, _ problems: inout Problems) -> AlertRoute.RateLimit? {
        guard let text = node.text("rate_limit", &problems) else { return nil }
        let words = text.split(separator: " ")
        if words.count == 3, words[1] == "per", let count = Int(words[0]), (1...1_000_000).contains(count) {
            var period = String(words[2])
            if let period = period.withUTF8({ DurationText.parse(UnsafeRawBufferPointer($0)) }), period > 0 {
                return AlertRoute.RateLimit(count: count, period: period)
            }
        }
        problems.add(
            "bad-value", "rate_limit must be a number of messages and a duration, got \(node.found)", at: node.mark,
            hint: "write it as in 20 per 10m")
        return nil
    }

    static func withoutSlash(_ url: String) -> String { url.hasSuffix("/") ? String(url.dropLast()) : url }
}

extension YAMLNode {
    /// A web address without a user in it; anything else is a problem.
    ///
    /// `allowsPlain`: whether it may be one of `http:`.
    func webAddress(_ name: String, allowsPlain: Bool, _ problems: inout Problems) -> String? {
        guard let text = text(name, &problems) else { return nil }
        let schemes = allowsPlain ? ["https://", "http://"] : ["https://"]
        guard let scheme = schemes.first(where: { text.lowercased().hasPrefix($0) }) else {
            let isPlain = text.lowercased().hasPrefix("http://")
            problems.add(
                "bad-value",
                isPlain ? "\(name) must begin with https://" : "\(name) must be a web address", at: mark,
                hint: isPlain ? "for an address of your own network, say allow_private: true beside it" : nil)
            return nil
        }
        let host = text.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        let isClean = text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isClean, !host.isEmpty, !host.contains("@") else {
            problems.add(
                "bad-value",
                host.contains("@")
                    ? "\(name) must not have a user or a password in it"
                    : "\(name) must be a web address with a host, in plain ASCII", at: mark)
            return nil
        }
        return text
    }

    /// A text that no line break or other control character is in; anything else is a problem.
    func line(_ name: String, _ problems: inout Problems) -> String? {
        guard let text = text(name, &problems) else { return nil }
        guard !text.isEmpty, !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            problems.add("bad-value", "\(name) must be one line of text", at: mark)
            return nil
        }
        return text
    }
}
