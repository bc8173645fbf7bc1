public import Tables

/// Which quarantined records are meant: those that fit all that is said.
public struct QuarantineSelector: Sendable, Hashable {
    /// `nil` for whatever its id.
    public var ids: Set<String>?
    /// A rule that the record breaks: an expectation's `id` or kind, or as in `select.amount`.
    public var rule: String?
    /// The file that it was read from, as the record names it.
    public var file: String?
    /// When it was kept apart, at the earliest: microseconds since 1970-01-01T00:00:00Z.
    public var since: Int64?
    /// Before when it was kept apart.
    public var until: Int64?

    public init() {}

    func matches(_ record: QuarantinedRecord) -> Bool {
        if let ids, !ids.contains(record.id) { return false }
        if let file, !file.utf8.elementsEqual(record.file.utf8) { return false }
        if let since, record.quarantinedAt < since { return false }
        if let until, record.quarantinedAt >= until { return false }
        if let rule { return record.rules.contains { $0.utf8.elementsEqual(rule.utf8) } }
        return true
    }

    public var json: JSON {
        var members: [JSON.Member] = []
        if let ids { members.append(JSON.Member("ids", .array(ids.sorted().map { .string($0) }))) }
        if let rule { members.append(JSON.Member("rule", .string(rule))) }
        if let file { members.append(JSON.Member("file", .string(file))) }
        if let since { members.append(JSON.Member("since", .integer(since))) }
        if let until { members.append(JSON.Member("until", .integer(until))) }
        return .object(members)
    }

    init?(json: JSON) {
        guard json.members != nil else { return nil }
        ids = json["ids"]?.items.map { Set($0.compactMap(\.string)) }
        rule = json["rule"]?.string
        file = json["file"]?.string
        since = json["since"]?.integer
        until = json["until"]?.integer
    }
}
