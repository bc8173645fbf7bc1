public import Ledger

extension AlertWording {
    /// Which channels have a message, as in `delivered: slack; given up: email (2)`; `nil` where nothing is known of it.
    public static func deliveries(_ deliveries: [MessageDelivery]) -> String? {
        let known = MessageDelivery.State.allCases.compactMap { state -> String? in
            let channels = deliveries.filter { $0.state == state }.map(\.channel)
            guard !channels.isEmpty else { return nil }
            let names = list(channels)
            return switch state {
            case .delivered: channels.count == deliveries.count ? "delivered" : "delivered: \(names)"
            case .waiting: "waits: \(names)"
            case .givenUp: "given up: \(names)"
            }
        }
        return known.isEmpty ? nil : known.joined(separator: "; ")
    }

    private static func list(_ names: [String]) -> String {
        var shown: [String] = []
        for name in names where !shown.contains(name) { shown.append(name) }
        return shown.map { name in
            let count = names.count { $0 == name }
            return count == 1 ? name : "\(name) (\(count))"
        }.joined(separator: ", ")
    }
}
