import Expectations
public import Ledger
public import Tables

extension SubjectRecord {
    /// The open incident with its alerts, as commands and the API show it; `null` where nothing is open.
    ///
    /// Times are ISO 8601 in UTC.
    public var json: JSON {
        guard let incident, case .object(let members) = incident.json else { return .null }
        return .object(members + [JSON.Member("alerts", .array(incidentAlerts.map(\.json)))])
    }
}

extension IncidentRecord {
    public var json: JSON {
        .object([
            .init("id", .string(id)), .init("asset", .string(subject.asset)), .init("suite", .string(subject.suite)),
            .init("severity", .string(severity.rawValue)), .init("opened_at", .instant(openedAt)),
            .init("closed_at", .instant(closedAt)), .init("acknowledged", acknowledgement?.json ?? .null),
            .init("snoozed", snooze?.json ?? .null),
            .init(
                "routes",
                .array(
                    threads.sorted { $0.key < $1.key }.map { route, thread in
                        .object([
                            .init("route", .string(route)), .init("messages", .integer(thread.sequence)),
                            .init("told_at", .instant(thread.toldAt)), .init("since", .instant(thread.since)),
                        ])
                    })),
        ])
    }
}

extension AlertRecord {
    public var json: JSON {
        .object([
            .init("key", .string(key)), .init("type", .string(type)),
            .init("columns", .array(columns.map { .string($0) })), .init("severity", .string(severity.rawValue)),
            .init("state", .string(phase.rawValue)), .init("flapping", .boolean(isFlapping)),
            .init("sentence", .string(sentence)), .init("since", .instant(since)), .init("fired_at", .instant(firedAt)),
            .init("failures", .integer(failures)),
            .init("unexpected_count", counts.map { .integer($0.unexpected) } ?? .null),
            .init("element_count", counts.map { .integer($0.elements) } ?? .null),
            .init("acknowledged", acknowledgement?.json ?? .null), .init("snoozed", snooze?.json ?? .null),
            .init("muted_by", mutedBy.map { .string($0) } ?? .null),
            .init("told", .array(tellings.keys.sorted().map { .string($0) })),
        ])
    }
}

extension AlertMark {
    public var json: JSON {
        .object([
            .init("by", .string(actor)), .init("at", .instant(at)), .init("until", .instant(until)),
            .init("note", note.map { .string($0) } ?? .null),
        ])
    }
}

extension AlertEvent {
    public var json: JSON {
        func text(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }
        return .object([
            .init("at", .instant(at)), .init("event", .string(kind.rawValue)), .init("asset", .string(subject.asset)),
            .init("suite", .string(subject.suite)), .init("incident", text(incident)), .init("alert", text(key)),
            .init("route", text(route)), .init("by", text(actor)), .init("note", text(note)), .init("run", text(run)),
        ])
    }
}

extension JSON {
    fileprivate static func instant(_ time: Int64?) -> JSON {
        time.map { .string(CivilTime.format(microseconds: $0)) } ?? .null
    }
}
