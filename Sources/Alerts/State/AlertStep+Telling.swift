import Expectations
import Ledger
import Suites
import Tables

/// Who is told what: for each route, what it should know is held against what it was told last.
extension AlertStep {
    mutating func tell() throws {
        var silence = Silence()
        for route in setting.routes where record.routes.contains(route.name) || knows(route.name) {
            try tell(route, &silence)
        }
        forgetRoutesThatAreGone()
        for alert in record.orderedAlerts where alert.mutedBy != nil && !silence.keys.contains(alert.key) {
            record.alerts[alert.key]?.mutedBy = nil
            note(.unmuted, key: alert.key)
        }
    }

    private mutating func tell(_ route: AlertRoute, _ silence: inout Silence) throws {
        var news = RouteNews()
        let isSnoozed = record.incident?.snooze != nil
        for alert in record.orderedAlerts {
            let isFailing = alert.phase == .firing || alert.isFlapping
            let telling = alert.tellings[route.name]
            if isSnoozed || (isFailing && alert.snooze != nil) {
                if telling == nil { silence.keys.insert(alert.key) }
                if isFailing, telling != nil { news.add(alert, .steady) }
                if !isFailing, telling != nil { news.holdBack() }
                continue
            }
            switch (telling, isFailing) {
            case (nil, false): continue
            case (nil, true):
                guard alert.severity >= route.atOrAbove, record.routes.contains(route.name) else { continue }
                if try isMuted(alert, for: route.name, &silence) { continue }
                news.add(alert, .new)
            case (.some, false): news.add(alert, .over)
            case (let telling?, true): news.add(alert, change(alert, since: telling))
            }
        }
        guard !isSnoozed, let reason = try reason(news, route, &silence) else { return }
        try write(news, reason, to: route)
    }

    /// What is new of an alert that a route knows of and that still fails.
    private func change(_ alert: AlertRecord, since telling: AlertRecord.Telling) -> RouteNews.Change {
        if alert.severity > telling.severity { return .louder }
        if alert.isFlapping { return telling.isFlapping ? .steady : .flapping }
        if telling.isFlapping { return .louder }
        return .steady
    }

    /// Why a route is written to; `nil` where there is no reason.
    private func reason(
        _ news: RouteNews, _ route: AlertRoute, _ silence: inout Silence
    ) throws -> AlertMessage.Reason? {
        if let reason = news.reason { return reason }
        let known = news.alerts(.steady)
        if known.contains(where: { $0.isTakenOn(unknownTo: route.name) }) { return .acknowledged }
        let loud = known.filter { $0.speaks(at: now) && $0.acknowledgement == nil }
        if loud.contains(where: { $0.nags(at: now) && awoken.contains($0.key) }) { return .reminder }
        guard let incident = record.incident, let thread = incident.threads[route.name],
            let reason = try reason(of: incident, thread, route, loud)
        else { return nil }
        let causes = try silence.causes(of: record.subject.asset, at: now, surroundings)
        return loud.allSatisfy { alert in causes.contains { $0.mutes(alert, for: route.name) } } ? nil : reason
    }

    /// Why a route is written to of what it knows and nobody has taken on, as time has passed since it was told last.
    private func reason(
        of incident: IncidentRecord, _ thread: IncidentRecord.Thread, _ route: AlertRoute, _ loud: [AlertRecord]
    ) throws -> AlertMessage.Reason? {
        let age = CivilTime.age(of: thread.toldAt, at: now)
        if let period = route.remindEvery, age >= period, loud.contains(where: { $0.nags(at: now) }) {
            return .reminder
        }
        guard !loud.isEmpty, !thread.namesFollowers, age >= Self.gathering else { return nil }
        return try surroundings.assets(mutedBy: incident.id).isEmpty ? nil : .consequences
    }

    /// How long those that follow from an incident are gathered before a route is told of them: microseconds.
    static let gathering: Int64 = 10 * 60_000_000

    /// Whether an alert of which a route knows nothing is silent as it follows from something else.
    ///
    /// When the cause is over, or a success again though it goes back and forth, the next run decides; a day later it is told in any case.
    private mutating func isMuted(_ alert: AlertRecord, for route: String, _ silence: inout Silence) throws -> Bool {
        let causes = try silence.causes(of: record.subject.asset, at: now, surroundings)
        if let cause = causes.first(where: { $0.mutes(alert, for: route) }) {
            silence.keys.insert(alert.key)
            if !causes.contains(where: { $0.incident == alert.mutedBy && $0.quietSince == nil }) {
                record.alerts[alert.key]?.mutedBy = cause.incident
                note(.muted, key: alert.key, note: "follows from \(cause.asset), incident \(cause.incident)")
            }
            return true
        }
        guard let cause = alert.mutedBy,
            let end = try causes.first(where: { $0.incident == cause })?.quietSince
                ?? surroundings.closing(ofIncident: cause),
            alert.judgedAt < end, CivilTime.age(of: end, at: now) < Self.patience
        else { return false }
        silence.keys.insert(alert.key)
        return true
    }

    /// How long a next run is waited for after a cause is over: microseconds.
    private static let patience: Int64 = 24 * 3_600_000_000

    private func knows(_ route: String) -> Bool { record.alerts.values.contains { $0.tellings[route] != nil } }

    /// How long the instance that has a route may take to tell it that all is over: microseconds.
    static let farewellTime: Int64 = 3_600_000_000

    /// What a route was told that this project doesn't have is for another instance to end, which may have it.
    ///
    /// Where none has ended it, nobody waits for it.
    private mutating func forgetRoutesThatAreGone() {
        guard let end = record.incident?.closedAt, CivilTime.age(of: end, at: now) >= Self.farewellTime else { return }
        let names = Set(setting.routes.map(\.name))
        for alert in record.orderedAlerts {
            for route in alert.tellings.keys where !names.contains(route) {
                record.alerts[alert.key]?.tellings[route] = nil
            }
        }
    }
}

/// What keeps alerts from being told, found out once a step.
private struct Silence {
    /// Alerts that somebody was not told of.
    var keys: Set<String> = []
    private var known: [AlertCause]?

    mutating func causes(
        of asset: String, at now: Int64, _ surroundings: any AlertSurroundings
    ) throws -> [AlertCause] {
        if let known { return known }
        let causes = try surroundings.causes(of: asset, at: now)
        known = causes
        return causes
    }
}
