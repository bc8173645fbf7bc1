import Expectations
import Ledger
import Tables

/// Parts of models that several pages of the service have.
enum SiteModels {
    /// A run in a list.
    static func model(_ run: StoredRun) -> [String: Any] {
        let status = Headline.status(of: run)
        return [
            "suite": HTMLText.clean(run.suite), "asset": HTMLText.clean(run.asset), "status": status,
            "statusSign": Headline.sign(status), "statusWord": Headline.word(status),
            "startedISO": PageWording.iso(run.startedAt), "started": PageWording.time(run.startedAt),
            "took": PageWording.duration(run.durationSeconds), "rows": Wording.count(run.rowCount),
            "verdict": HTMLText.clean(RunIndex.verdict(run)), "runPath": SitePath.run(run.id),
            "assetPath": SitePath.asset(run.asset),
            "validationPath": SitePath.validation(suite: run.suite, asset: run.asset),
        ]
    }

    /// A validation in a list: its latest run, the course of those before, and since when it fails.
    static func model(_ standing: Standing) -> [String: Any] {
        var model: [String: Any] = [:]
        if let latest = standing.recent.first { model = Self.model(latest) }
        let spark = Sparkline.model(standing.recent)
        if !spark.isEmpty { model["spark"] = spark }
        if let since = standing.failingSince {
            model["since"] = [
                "sinceISO": PageWording.iso(since.startedAt), "since": PageWording.time(since.startedAt),
                "sincePath": SitePath.run(since.id),
            ]
        }
        return model
    }

    /// Validations that fail first, the longest failing of them at the top; else by name.
    static func sorted(_ standings: [Standing]) -> [Standing] {
        standings.enumerated().sorted { left, right in
            switch (left.element.failingSince, right.element.failingSince) {
            case (let first?, let second?) where first.startedAt != second.startedAt:
                first.startedAt < second.startedAt
            case (_?, nil): true
            case (nil, _?): false
            default: left.offset < right.offset
            }
        }.map(\.element)
    }

    /// An incident: as a card where it is open, as a line where it isn't.
    static func model(_ incident: IncidentEntry) -> [String: Any] {
        var facts: [String] = []
        if let by = incident.acknowledgedBy { facts.append("acknowledged by \(by)") }
        if let until = incident.snoozedUntil { facts.append("snoozed until \(PageWording.time(until))") }
        if let cause = incident.mutedBy { facts.append("muted by \(cause)") }
        let (status, sign) =
            switch incident.state {
            case .open, .flapping: ("failed", "✕")
            case .acknowledged, .snoozed, .muted: ("held", "○")
            case .resolved: ("passed", "✓")
            }
        return [
            "status": status, "statusSign": sign,
            "statusWord": incident.state.rawValue.prefix(1).uppercased() + incident.state.rawValue.dropFirst(),
            "incidentID": HTMLText.clean(incident.id), "severity": incident.severity.rawValue,
            "asset": HTMLText.clean(incident.asset), "suite": HTMLText.clean(incident.suite),
            "assetPath": SitePath.asset(incident.asset),
            "validationPath": SitePath.validation(suite: incident.suite, asset: incident.asset),
            "sinceISO": PageWording.iso(incident.since), "since": PageWording.time(incident.since),
            "facts": facts.map { ["fact": HTMLText.clean($0)] },
            "alerts": incident.alerts.prefix(50).map { alert -> [String: Any] in
                [
                    "sentence": HTMLText.clean(alert.sentence, limit: 600), "type": HTMLText.clean(alert.type),
                    "alertSeverity": alert.severity.rawValue,
                    "columns": HTMLText.clean(alert.columns.joined(separator: ", ")),
                    "hasColumns": !alert.columns.isEmpty, "isOver": !alert.isFiring,
                    "alertSinceISO": PageWording.iso(alert.since), "alertSince": PageWording.time(alert.since),
                    "failures": Wording.count(alert.failures, "run"),
                ]
            },
        ]
    }

    static let incident = """
        <article class="incident {{status}}"><div class="tags">\(SiteFrame.pill)<span class="tag {{severity}}">{{severity}}</span>\
        {{#facts}}<span>{{fact}}</span>{{/facts}}</div>
        <h3><a href="{{assetPath}}">{{asset}}</a> <span class="soft">since \(SiteFrame.time("since")), found by \
        <a href="{{validationPath}}">{{suite}}</a></span></h3>
        <ul>{{#alerts}}<li>{{sentence}}<div class="tags"><span class="tag {{alertSeverity}}">{{alertSeverity}}</span>\
        <code>{{type}}</code>{{#hasColumns}}<span>{{columns}}</span>{{/hasColumns}}{{#isOver}}<span>over</span>{{/isOver}}\
        {{^isOver}}<span>for {{failures}}, since \(SiteFrame.time("alertSince"))</span>{{/isOver}}</div>{{/alerts}}</ul>
        <p class="soft small">Incident <code>{{incidentID}}</code></p></article>
        """
}
