import Ledger
import Suites
import Tables

/// What a subject waits for where no run comes.
extension AlertStep {
    private static let minute: Int64 = 60_000_000
    private static let hour: Int64 = 60 * minute

    /// When time alone may next change something, if nobody writes to the subject before: after `now`, and an hour later at the latest.
    ///
    /// What depends on others, as on the end of a cause or of a maintenance window, is looked at each minute; whether others follow from it,
    /// when those that follow soon have had their time.
    var nextLook: Int64 {
        let instants = marks + quiets + reminders + gatherings + farewell
        let isOverdue = instants.contains { $0 <= now }
        let dependsOnOthers =
            isOverdue || record.alerts.values.contains { $0.mutedBy != nil }
            || setting.maintenance(record.subject.asset, now) != nil
        let ahead = instants.filter { $0 > now } + (dependsOnOthers ? [nextMinute] : [])
        return min(ahead.min() ?? .max, now.addingClamped(Self.hour))
    }

    private var nextMinute: Int64 {
        let begun = now / Self.minute * Self.minute
        return (begun > now ? begun : begun.addingClamped(Self.minute))
    }

    /// The ends of what people said.
    private var marks: [Int64] {
        let ofAlerts = record.alerts.values.flatMap { [$0.acknowledgement?.until, $0.snooze?.until] }
        return (ofAlerts + [record.incident?.snooze?.until]).compactMap(\.self)
    }

    /// When what goes back and forth has been quiet for long enough; where runs are waited for, they look themselves.
    private var quiets: [Int64] {
        record.alerts.values.filter(\.isFlapping).compactMap { alert in
            alert.changes.last.flatMap { setting.flapping.quiet(since: $0, ordinal: record.ordinal) }
        }
    }

    /// When routes are to be reminded of what nobody has taken on.
    private var reminders: [Int64] {
        guard let incident = record.incident, incident.isOpen, incident.snooze == nil else { return [] }
        let nagging = record.alerts.values.filter { $0.nags(at: now) }
        return setting.routes.compactMap { route in
            guard let period = route.remindEvery, let thread = incident.threads[route.name],
                nagging.contains(where: { $0.tellings[route.name] != nil })
            else { return nil }
            return thread.toldAt.addingClamped(period)
        }
    }

    /// When routes are to be told what follows from it.
    private var gatherings: [Int64] {
        guard let incident = record.incident, incident.isOpen, surroundings.hasFollowers(record.subject.asset) else {
            return []
        }
        let ends = incident.threads.values.filter { !$0.namesFollowers }.map { $0.toldAt.addingClamped(Self.gathering) }
        // Those that follow later are found by the hourly look.
        return ends.filter { $0 > now }
    }

    /// When routes that are gone are forgotten.
    private var farewell: [Int64] {
        guard let end = record.incident?.closedAt else { return [] }
        let instant = end.addingClamped(Self.farewellTime)
        return instant > now ? [instant] : []
    }
}
