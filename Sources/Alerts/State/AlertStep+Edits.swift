import Ledger

/// What is known of an expectation goes on when only its arguments are changed.
extension AlertStep {
    /// Gives alerts the keys that their expectations have now.
    ///
    /// An expectation that was changed has another fingerprint. It is known again by its kind and columns, where it was the only one of
    /// these in the run before, and one is there now.
    mutating func followEdits(in signals: [AlertSignal]) {
        let asked = Dictionary(grouping: signals) { Asked(type: $0.type, columns: $0.columns) }
        for alert in record.orderedAlerts where alert.kin == 1 && !alert.isRemoved {
            guard let heirs = asked[Asked(type: alert.type, columns: alert.columns)], heirs.count == 1,
                let key = heirs.first?.key, record.alerts[key] == nil
            else { continue }
            record.alerts[alert.key] = nil
            var heir = alert
            heir.key = key
            record.alerts[key] = heir
            note(.edited, key: key, note: "was \(alert.key)")
        }
    }

    /// Remembers of each alert how many are asked that could be taken for it.
    mutating func noteKin(in signals: [AlertSignal]) {
        let asked = Dictionary(grouping: signals) { Asked(type: $0.type, columns: $0.columns) }
        for signal in signals {
            record.alerts[signal.key]?.kin = asked[Asked(type: signal.type, columns: signal.columns)]?.count ?? 0
        }
    }
}

/// What stays of an expectation when its arguments are changed.
private struct Asked: Hashable {
    let type: String
    let columns: [String]
}
