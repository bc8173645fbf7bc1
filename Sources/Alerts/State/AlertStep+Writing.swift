import Expectations
import Ledger
import Suites
import Tables

/// A route's message, and that it knows now.
extension AlertStep {
    mutating func write(_ news: RouteNews, _ reason: AlertMessage.Reason, to route: AlertRoute) throws {
        guard var incident = record.incident else { return }
        let thread = incident.threads[route.name]
        let key = thread?.key ?? Hash128([incident.id, route.name].joined(separator: "\u{1F}")).hexadecimal
        let sequence = (thread?.sequence ?? 0) + 1
        let since = since(news, incident, route.name)
        let items = ordered(news, route.name)
        let failing = items.filter { $0.rank < 2 }
        let followers = try surroundings.assets(mutedBy: incident.id)
        let mark = reason == .acknowledged ? acknowledgement(in: news, route.name) : nil
        // A store that was restored counts from an earlier number on: what differs must not look like a repetition.
        let name = [
            incident.id, route.name, String(sequence), reason.rawValue, occasion?.id ?? "", String(now),
        ]
        let message = AlertMessage(
            id: Hash128(name.joined(separator: "\u{1F}")).hexadecimal,
            incident: incident.id, thread: key, opening: thread?.opening, sequence: sequence, route: route.name,
            reason: reason,
            asset: record.subject.asset, suite: record.subject.suite,
            severity: (failing.isEmpty ? items : failing).map(\.severity).max() ?? incident.severity, at: now,
            since: since, run: occasion?.id, report: occasion?.report,
            items: Array(items.prefix(AlertMessage.itemLimit)),
            omitted: max(0, items.count - AlertMessage.itemLimit), counts: AlertMessage.Counts(items),
            mutes: followers, actor: mark?.actor, note: mark?.note)
        messages.append(message)
        incident.threads[route.name] = .init(
            key: key, opening: thread == nil ? AlertWording.headline(message) : thread?.opening, sequence: sequence,
            toldAt: now, since: since, namesFollowers: thread?.namesFollowers == true || !followers.isEmpty)
        record.incident = incident
        remember(news, reason, route.name)
        note(.told, route: route.name, note: "\(reason.rawValue), message \(sequence)")
    }

    /// Since when something fails that the route knows of, or comes to know of; what was over before it began to know counts no more.
    private func since(_ news: RouteNews, _ incident: IncidentRecord, _ route: String) -> Int64 {
        let first = news.entries.map(\.alert.since).min() ?? incident.openedAt
        guard news.entries.contains(where: { $0.alert.tellings[route] != nil }) else { return first }
        return min(first, incident.threads[route]?.since ?? first)
    }

    /// The latest that the route doesn't know.
    private func acknowledgement(in news: RouteNews, _ route: String) -> AlertMark? {
        news.alerts(.steady).filter { $0.isTakenOn(unknownTo: route) }.compactMap(\.acknowledgement).max {
            $0.at < $1.at
        }
    }

    private mutating func remember(_ news: RouteNews, _ reason: AlertMessage.Reason, _ route: String) {
        for (alert, change) in news.entries {
            // The loudest that was told counts: what got milder and then worse again is no news.
            let severity = max(alert.severity, alert.tellings[route]?.severity ?? .info)
            let telling = AlertRecord.Telling(
                severity: severity, isFlapping: alert.isFlapping, at: now, counts: alert.counts,
                acknowledgedAt: reason == .acknowledged
                    ? alert.acknowledgement?.at : alert.tellings[route]?.acknowledgedAt)
            record.alerts[alert.key]?.tellings[route] = change == .over ? nil : telling
        }
    }

    /// By standing, then severity, then their order in the suite.
    private func ordered(_ news: RouteNews, _ route: String) -> [AlertMessage.Item] {
        news.entries.map { AlertMessage.Item($0.alert, $0.change, to: route) }.enumerated().sorted { left, right in
            let (first, second) = (left.element, right.element)
            if first.rank != second.rank { return first.rank < second.rank }
            if first.severity != second.severity { return first.severity > second.severity }
            return left.offset < right.offset
        }.map(\.element)
    }
}
