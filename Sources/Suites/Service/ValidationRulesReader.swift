import Expectations
import Schedules
import Tables

/// Reads what a validation says of schedules and alerts.
struct ValidationRulesReader {
    /// Names of all routes that are written down, be they right or wrong.
    let routes: [String]
    /// The same for pipelines.
    let pipelines: [String]

    static let keys = [
        "schedule", "every", "timezone", "jitter", "timeout", "retries", "catch_up", "after", "watch", "alerts",
        "alert_after", "resolve_after",
    ]
    private static let standardTimeout: Int64 = 3_600_000_000

    /// The rules of a validation that says nothing.
    var standard: ValidationRules {
        ValidationRules(
            schedule: .hourly, timeout: Self.standardTimeout, retries: 0, catchUp: .latest,
            after: [], watch: nil, alerts: AlertPolicy(routes: routes))
    }

    func rules(_ mapping: MappingReader, _ problems: inout Problems) -> ValidationRules {
        let standard = standard
        let watch = mapping["watch"].flatMap { node in node.duration("watch", &problems) }
        if let watch, watch < 1_000_000 {
            problems.add("bad-value", "watch must be at least a second", at: mapping["watch"]?.mark)
        }
        return ValidationRules(
            schedule: schedule(mapping, &problems),
            timeout: mapping["timeout"].map { timeout($0, &problems) } ?? standard.timeout,
            retries: mapping["retries"]?.integer("retries", in: 0...100, &problems) ?? 0,
            catchUp: mapping["catch_up"]?.choice("catch_up", &problems) ?? .latest,
            after: mapping["after"].map { names($0, "after", "pipeline", known: pipelines, &problems) } ?? [],
            watch: watch, alerts: policy(mapping, &problems))
    }

    private func timeout(_ node: YAMLNode, _ problems: inout Problems) -> Int64? {
        if case .scalar(let scalar) = node.content, scalar.text == "never" { return nil }
        let timeout = node.duration("timeout", &problems)
        if timeout == 0 { problems.add("bad-value", "timeout must be more than nothing, or never", at: node.mark) }
        return timeout
    }

    // MARK: Schedules

    private func schedule(_ mapping: MappingReader, _ problems: inout Problems) -> Schedule {
        var zoneNode = mapping["timezone"]
        var cadence: Cadence?
        if let node = mapping["schedule"] {
            if let every = mapping.entry("every") {
                problems.add("bad-value", "a validation has schedule or every, not both", at: every.mark)
            }
            if node.entries != nil {
                guard
                    let nested = MappingReader(node, "schedule", keys: ["cron", "timezone"], problems: &problems)
                else { return standard.schedule }
                if nested["cron"] == nil { problems.add("missing-key", "schedule needs cron", at: node.mark) }
                cadence = nested["cron"].flatMap { cron($0, "cron", &problems) }
                zoneNode = nested["timezone"] ?? zoneNode
            } else {
                cadence = cron(node, "schedule", &problems)
            }
        } else if let node = mapping["every"], let every = node.duration("every", &problems) {
            cadence = .every(every)
        }
        do throws(ScheduleError) {
            let schedule = try Schedule(
                cadence ?? standard.schedule.cadence, zone: zoneNode.flatMap { $0.zone("timezone", &problems) } ?? .utc,
                jitter: mapping["jitter"]?.duration("jitter", &problems) ?? 0)
            checkSense(of: schedule, mapping, &problems)
            return schedule
        } catch {
            let node = mapping["every"] ?? mapping["jitter"]
            problems.add(error.code, error.message, at: node?.mark ?? mapping.mark, hint: error.hint)
            return standard.schedule
        }
    }

    /// What would have no effect, or another one than is said.
    private func checkSense(of schedule: Schedule, _ mapping: MappingReader, _ problems: inout Problems) {
        switch schedule.cadence {
        case .manual:
            for key in ["timezone", "jitter", "catch_up"] {
                guard let entry = mapping.entry(key) else { continue }
                problems.add("bad-value", "\(key) goes with times, and schedule: manual has none", at: entry.mark)
            }
        case .every(let length):
            if schedule.jitter > length {
                problems.add(
                    "bad-value", "jitter must not be longer than every: the next slot is due by then",
                    at: mapping["jitter"]?.mark)
            }
            if length % CivilTime.microsecondsPerDay != 0, let entry = mapping.entry("timezone") {
                problems.add(
                    "bad-value",
                    "timezone goes with cron lines and whole days: shorter intervals are due at the same time everywhere",
                    at: entry.mark)
            }
        case .cron: break
        }
    }

    private func cron(_ node: YAMLNode, _ name: String, _ problems: inout Problems) -> Cadence? {
        guard let text = node.text(name, &problems) else { return nil }
        if text == "manual" { return .manual }
        return node.cron(text, name, &problems).map { .cron($0) }
    }

    // MARK: Alerts

    private func policy(_ mapping: MappingReader, _ problems: inout Problems) -> AlertPolicy {
        let (failures, window) = mapping["alert_after"].flatMap { share($0, &problems) } ?? (1, 1)
        let routes = mapping["alerts"].map { names($0, "alerts", "route", known: self.routes, &problems) }
        return AlertPolicy(
            failures: failures, window: window,
            successes: mapping["resolve_after"]?.integer("resolve_after", in: 1...100, &problems) ?? 1,
            routes: routes ?? self.routes)
    }

    /// As in `2 of 3`, or `2`.
    private func share(_ node: YAMLNode, _ problems: inout Problems) -> (failures: Int, window: Int)? {
        guard case .scalar(let scalar) = node.content else {
            problems.add("bad-value", "alert_after must be as in 2 of 3, got \(node.found)", at: node.mark)
            return nil
        }
        let words = scalar.text.split(separator: " ")
        if words.count == 1, let count = Int(words[0]), (1...100).contains(count) { return (count, count) }
        if words.count == 3, words[1] == "of", let count = Int(words[0]), let window = Int(words[2]),
            (1...100).contains(window), (1...window).contains(count)
        {
            return (count, window)
        }
        problems.add(
            "bad-value", "alert_after must be a number of failures and of runs, got \(node.quotedText)", at: node.mark,
            hint: "write it as in 2 of 3: two of the latest three runs failed")
        return nil
    }

    /// Names of things that must be there; an empty list is none of them.
    private func names(
        _ node: YAMLNode, _ key: String, _ what: String, known: [String], _ problems: inout Problems
    ) -> [String] {
        if node.items?.isEmpty == true { return [] }
        guard let names = node.texts(key, &problems) else { return [] }
        for (name, item) in zip(names, node.items ?? [node]) where !known.contains(name) {
            problems.add(
                "unknown-\(what)", "there is no \(what) \(item.quotedText)", at: item.mark,
                hint: (item.isFilled ? nil : Suggestion.nearest(to: name, among: known)).map { "did you mean \($0)?" }
                    ?? (known.isEmpty ? "there are none" : "there are \(known.prefix(20).joined(separator: ", "))"))
        }
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}
