import Ledger
import Suites

/// Routes that are called otherwise than they were.
extension AlertStep {
    /// A route's name, as it was and as it is.
    struct Renaming: Sendable, Hashable {
        let incident: String
        let old: String
        let new: String
    }

    /// Has routes of the project go on with what was told under names that it has no more.
    ///
    /// A route is known again by its receivers: it has those, and no others, that were sent what the old one was. What another project over
    /// the store still has is left to that one.
    mutating func followRenamings() throws {
        guard let incident = record.incident else { return }
        let names = Set(setting.routes.map(\.name))
        for old in incident.threads.keys.sorted() where !names.contains(old) {
            let receivers = try surroundings.receivers(of: old, incident: incident.id, at: now)
            // Whose secrets this process doesn't have is left to one that has them.
            let heir = setting.routes.first { route in
                let own = try? route.receivers
                return own.map { Set($0.map(\.key)) } == receivers && record.incident?.threads[route.name] == nil
            }
            if let heir { rename(old, to: heir.name, incident.id) }
        }
    }

    private mutating func rename(_ old: String, to new: String, _ incident: String) {
        let thread = record.incident?.threads.removeValue(forKey: old)
        record.incident?.threads[new] = thread
        for key in record.alerts.keys {
            guard let telling = record.alerts[key]?.tellings.removeValue(forKey: old) else { continue }
            record.alerts[key]?.tellings[new] = telling
        }
        renamings.append(Renaming(incident: incident, old: old, new: new))
        note(.renamed, route: new, note: "was \(old)")
    }
}
