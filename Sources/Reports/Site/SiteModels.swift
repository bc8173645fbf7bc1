import Expectations
import Ledger
import Tables

/// Parts of models that several pages of the service have.
enum SiteModels {
    /// A run in a list.
    static func model(_ run: StoredRun) -> [String: Any] {
        let status = run.outcomeName
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

    /// A validation in a list: its latest run, the course of those before, since when it fails, and when it is due.
    static func model(_ entry: ValidationEntry) -> [String: Any] {
        var model: [String: Any] = ["hasRun": false, "verdict": ""]
        if let latest = entry.standing?.recent.first {
            model = Self.model(latest)
            model["hasRun"] = true
        }
        model["suite"] = HTMLText.clean(entry.validation.suite)
        model["asset"] = HTMLText.clean(entry.validation.asset)
        let (status, word, words) = state(of: entry)
        if let status, let word {
            (model["status"], model["statusSign"], model["statusWord"]) = (status, Headline.sign(status), word)
        }
        if let words { model["verdict"] = words }
        let spark = Sparkline.model(entry.standing?.recent ?? [])
        if !spark.isEmpty { model["spark"] = spark }
        if let since = entry.standing?.failingSince {
            model["since"] = Self.model(since, as: "since")
        }
        if let plan = entry.plan {
            model["plan"] = ["schedule": HTMLText.clean(plan.schedule)]
            if let next = plan.nextAt {
                model["next"] = ["nextISO": PageWording.iso(next), "next": PageWording.time(next)]
            }
        }
        return model
    }

    /// When a run began, for `SiteFrame.linkedTime` of a name.
    static func model(_ run: RunReference, as name: String) -> [String: Any] {
        [
            "\(name)ISO": PageWording.iso(run.startedAt), name: PageWording.time(run.startedAt),
            "\(name)Path": SitePath.run(run.id), "\(name)IsKept": run.isKept,
        ]
    }

    /// What is said in place of the latest run's own status and verdict.
    private static func state(of entry: ValidationEntry) -> (status: String?, word: String?, verdict: String?) {
        switch entry.state {
        case .failing, .vacuous, .fine: (nil, nil, nil)
        case .overdue(let since):
            ("errored", "Overdue", "It was due at \(PageWording.time(since)), and nobody has begun with it")
        case .clockBehind(let end):
            ("errored", "Clock behind", "The clock was set back: nothing is due before \(PageWording.time(end))")
        case .neverRun: ("held", "Never ran", "Nothing was checked yet")
        case .retired: ("held", "Retired", "The project no longer has it")
        }
    }

    /// An incident, with what may be said of it: by buttons where `actor` may change things on the page, else by commands.
    static func model(_ incident: IncidentEntry, actor: String? = nil) -> [String: Any] {
        var facts: [String] = []
        if let by = incident.acknowledgedBy { facts.append("acknowledged by \(by)") }
        if let until = incident.snoozedUntil { facts.append("snoozed until \(PageWording.time(until))") }
        if let window = incident.maintenance {
            let reason = window.reason.map { ": \($0)" } ?? ""
            facts.append("in maintenance until \(PageWording.time(window.until)), nothing is told\(reason)")
        }
        let (status, sign) =
            switch incident.state {
            case .open, .flapping: ("failed", "✕")
            case .acknowledged, .snoozed, .muted: ("held", "○")
            case .resolved: ("passed", "✓")
            }
        let pipeline = AlertSubject(asset: incident.asset, suite: incident.suite).pipeline
        return [
            "status": status, "statusSign": sign,
            "statusWord": incident.state.rawValue.prefix(1).uppercased() + incident.state.rawValue.dropFirst(),
            "incidentID": HTMLText.clean(incident.id), "severity": incident.severity.rawValue,
            "asset": HTMLText.clean(incident.asset), "suite": HTMLText.clean(incident.suite),
            "assetPath": SitePath.subject(asset: incident.asset, suite: incident.suite),
            "validationPath": SitePath.validation(suite: incident.suite, asset: incident.asset),
            "pipelines": pipeline.map { [["quarantinePath": SitePath.quarantine($0)]] } ?? [],
            "sinceISO": PageWording.iso(incident.since), "since": PageWording.time(incident.since),
            "facts": facts.map { ["fact": HTMLText.clean($0)] }, "causes": causes(of: incident),
            "rest": rest(of: incident),
            "forms": actor.map { IncidentForm.model(for: incident, actor: $0) } ?? [],
            "commands": (actor == nil ? commands(for: incident) : []).map {
                ["purpose": $0.purpose, "command": HTMLText.clean($0.command)]
            },
            "alerts": incident.alerts.map { alert -> [String: Any] in
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

    /// What somebody may say of it on the command line.
    private static func commands(for incident: IncidentEntry) -> [(purpose: String, command: String)] {
        let id = incident.id.prefix(12)
        return IncidentForm.actions(for: incident.state).map { action in
            switch action {
            case .acknowledge: ("Somebody is on it", "assay alerts acknowledge \(id)")
            case .snooze: ("Not now", "assay alerts snooze \(id) --for 8h")
            case .unsnooze: ("Tell of it again", "assay alerts unsnooze \(id)")
            }
        }
    }

    /// What mutes an incident: the asset upstream that it follows from, or the incident's id where that isn't known any more.
    private static func causes(of incident: IncidentEntry) -> [[String: Any]] {
        guard let cause = incident.cause else { return [] }
        let path = cause.asset.map { SitePath.subject(asset: $0, suite: "") }
        return [
            [
                "cause": HTMLText.clean(cause.asset ?? "incident \(cause.incident)"), "causePath": path ?? "",
                "hasPath": path != nil,
            ]
        ]
    }

    /// How many alerts aren't listed.
    private static func rest(of incident: IncidentEntry) -> [[String: Any]] {
        let count = incident.alertCount - incident.alerts.count
        return count > 0 ? [["count": Wording.count(count)]] : []
    }

    static let incident = """
        <article class="incident {{status}}"><div class="tags">\(SiteFrame.pill)<span class="tag {{severity}}">{{severity}}</span>\
        {{#facts}}<span>{{fact}}</span>{{/facts}}\
        {{#causes}}<span>muted by {{#hasPath}}<a href="{{causePath}}">{{cause}}</a>{{/hasPath}}{{^hasPath}}{{cause}}{{/hasPath}}</span>{{/causes}}</div>
        <h3><a href="{{assetPath}}">{{asset}}</a> <span class="soft">since \(SiteFrame.time("since"))\
        {{^pipelines}}, found by <a href="{{validationPath}}">{{suite}}</a>{{/pipelines}}\
        {{#pipelines}}; what it kept apart is in its <a href="{{quarantinePath}}">quarantine</a>{{/pipelines}}</span></h3>
        <ul>{{#alerts}}<li>{{sentence}}<div class="tags"><span class="tag {{alertSeverity}}">{{alertSeverity}}</span>\
        <code>{{type}}</code>{{#hasColumns}}<span>{{columns}}</span>{{/hasColumns}}{{#isOver}}<span>over</span>{{/isOver}}\
        {{^isOver}}<span>for {{failures}}, since \(SiteFrame.time("alertSince"))</span>{{/isOver}}</div>{{/alerts}}</ul>
        {{#rest}}<p class="soft more">And {{count}} more, <a href="{{validationPath}}">on the validation's page</a>.</p>{{/rest}}
        <p class="soft small">Incident <code>{{incidentID}}</code>{{#commands}}<br>{{purpose}}: <code>{{command}}</code>{{/commands}}</p>\
        \(IncidentForm.form)</article>
        """
}
