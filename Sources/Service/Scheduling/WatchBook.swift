import Tables

/// When each watched asset's data is to be looked at, and what it looked like last.
struct WatchBook {
    /// What assets looked like when they were looked at last.
    private(set) var fresh: [String: String] = [:]
    /// Whether somebody is looking now.
    var isActive = false
    private var nextLooks: [String: Int64] = [:]

    /// When to look at the first of them; `nil` where somebody is looking, or nothing is watched.
    var next: Int64? { isActive ? nil : nextLooks.values.min() }

    /// Assets to look at now, one after the other; none while somebody is looking.
    mutating func due(_ validations: [ScheduledValidation], at now: Int64) -> [String] {
        guard !isActive else { return [] }
        var intervals: [String: Int64] = [:]
        for validation in validations {
            guard let interval = validation.watch else { continue }
            intervals[validation.asset] = min(intervals[validation.asset] ?? .max, max(1, interval))
        }
        nextLooks = nextLooks.filter { intervals[$0.key] != nil }
        var assets: [String] = []
        for (asset, interval) in intervals {
            // A time further off than the interval is from before the clock was set back.
            if let next = nextLooks[asset], next > now, next - now <= interval { continue }
            assets.append(asset)
            nextLooks[asset] = now.addingClamped(interval)
        }
        isActive = !assets.isEmpty
        return assets.sorted()
    }

    mutating func note(_ fingerprint: String?, of asset: String) {
        if let fingerprint { fresh[asset] = fingerprint }
    }

    /// What a watched validation's data looks like now, if it was judged before and looked different then.
    func change(of validation: ScheduledValidation, since watched: String?) -> String? {
        guard validation.watch != nil, let watched, let fingerprint = fresh[validation.asset] else { return nil }
        return fingerprint == watched ? nil : fingerprint
    }
}
