import Expectations
public import Tables

extension AlertMessage {
    /// The version of the form below; members may be added to it, none is ever taken away or given another meaning.
    public static let jsonVersion = 1

    /// The message as it is stored until it is sent, and as webhooks get it; times are ISO 8601 in UTC.
    public var json: JSON {
        .object([
            .init("version", .integer(Self.jsonVersion)), .init("id", .string(id)),
            .init("incident", .string(incident)), .init("thread", .string(thread)),
            .init("opening", Self.text(opening)), .init("sequence", .integer(sequence)), .init("route", .string(route)),
            .init("reason", .string(reason.rawValue)), .init("asset", .string(asset)), .init("suite", .string(suite)),
            .init("severity", .string(severity.rawValue)), .init("at", Self.time(at)),
            .init("since", Self.time(since)), .init("run", Self.text(run)), .init("report", Self.text(report)),
            .init("items", .array(items.map(\.json))), .init("omitted", .integer(omitted)),
            .init("counts", counts.json), .init("mutes", .array(mutes.map { .string($0) })),
            .init("actor", Self.text(actor)), .init("note", Self.text(note)),
        ])
    }

    /// Reads what `json` made; `nil` for anything else, and for later versions.
    public init?(json: JSON) {
        guard json["version"]?.integer == Int64(Self.jsonVersion),
            let id = json["id"]?.string, let incident = json["incident"]?.string,
            let sequence = Self.count(json["sequence"]), let route = json["route"]?.string,
            let reason = json["reason"]?.string.flatMap({ Reason(rawValue: $0) }),
            let asset = json["asset"]?.string, let suite = json["suite"]?.string,
            let severity = json["severity"]?.string.flatMap({ Severity(rawValue: $0) }),
            let at = Self.time(json["at"]), let since = Self.time(json["since"]),
            let elements = json["items"]?.items, let omitted = Self.count(json["omitted"])
        else { return nil }
        let items = elements.compactMap { Item(json: $0) }
        guard items.count == elements.count else { return nil }
        self.init(
            // Those that were stored before threads had keys of their own are of threads whose key is the incident's id.
            id: id, incident: incident, thread: json["thread"]?.string ?? incident,
            opening: json["opening"]?.string, sequence: sequence, route: route, reason: reason, asset: asset,
            suite: suite,
            severity: severity, at: at, since: since, run: json["run"]?.string, report: json["report"]?.string,
            items: items, omitted: omitted, counts: json["counts"].map { Counts(json: $0) },
            mutes: json["mutes"]?.items?.compactMap(\.string) ?? [], actor: json["actor"]?.string,
            note: json["note"]?.string)
    }

    fileprivate static func time(_ instant: Int64) -> JSON { .string(CivilTime.format(microseconds: instant)) }

    fileprivate static func time(_ json: JSON?) -> Int64? {
        guard var text = json?.string,
            let reading = text.withUTF8({ CivilTime.parseTimestamp(UnsafeRawBufferPointer($0)) }), reading.offset == 0
        else { return nil }
        return reading.local
    }

    fileprivate static func text(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }

    fileprivate static func count(_ count: Int?) -> JSON { count.map { .integer($0) } ?? .null }

    fileprivate static func count(_ json: JSON?) -> Int? { json?.integer.flatMap { Int(exactly: $0) } }
}

extension AlertMessage.Counts {
    var json: JSON {
        .object([
            .init("new", .integer(new)), .init("still", .integer(still)), .init("flapping", .integer(flapping)),
            .init("recovered", .integer(recovered)), .init("removed", .integer(removed)),
        ])
    }

    init(json: JSON) {
        func count(_ name: String) -> Int { AlertMessage.count(json[name]) ?? 0 }
        self.init(
            new: count("new"), still: count("still"), flapping: count("flapping"), recovered: count("recovered"),
            removed: count("removed"))
    }
}

extension AlertMessage.Item {
    var json: JSON {
        .object([
            .init("standing", .string(standing.rawValue)), .init("key", .string(key)), .init("type", .string(type)),
            .init("columns", .array(columns.map { .string($0) })), .init("severity", .string(severity.rawValue)),
            .init("sentence", .string(sentence)), .init("before", AlertMessage.text(before)),
            .init("since", AlertMessage.time(since)), .init("failures", .integer(failures)),
            .init("unexpected_count", AlertMessage.count(unexpectedCount)),
            .init("element_count", AlertMessage.count(elementCount)),
            .init("unexpected_count_before", AlertMessage.count(unexpectedCountBefore)),
            .init("element_count_before", AlertMessage.count(elementCountBefore)),
            .init("flapping", .boolean(standing == .flapping)),
        ])
    }

    init?(json: JSON) {
        guard let standing = json["standing"]?.string.flatMap({ Standing(rawValue: $0) }),
            let key = json["key"]?.string, let type = json["type"]?.string,
            let columns = json["columns"]?.items?.compactMap(\.string),
            let severity = json["severity"]?.string.flatMap({ Severity(rawValue: $0) }),
            let sentence = json["sentence"]?.string, let since = AlertMessage.time(json["since"]),
            let failures = AlertMessage.count(json["failures"])
        else { return nil }
        // Messages that were stored before this was a standing have it beside another one.
        self.init(
            standing: json["flapping"]?.boolean == true ? .flapping : standing, key: key, type: type, columns: columns,
            severity: severity, sentence: sentence,
            before: json["before"]?.string, since: since, failures: failures,
            unexpectedCount: AlertMessage.count(json["unexpected_count"]),
            elementCount: AlertMessage.count(json["element_count"]),
            unexpectedCountBefore: AlertMessage.count(json["unexpected_count_before"]),
            elementCountBefore: AlertMessage.count(json["element_count_before"]))
    }
}
