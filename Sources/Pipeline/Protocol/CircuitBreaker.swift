public import Tables

/// Keeps a whole batch back where it is the feed that is wrong, or the rule, and not single records.
///
/// Closed, batches go through. A batch that trips it opens it: the batch is held, and nothing behind it is read. After a while it
/// is half open: the same files are tried again; what goes through closes it, what doesn't doubles the wait, up to an hour, unless it
/// was tried by other rules than those that held it. An operator may let a held batch pass.
public struct CircuitBreaker: Sendable, Equatable {
    public enum State: Sendable, Equatable {
        case closed
        /// Since when, why, and when the held batch is tried again: microseconds since 1970-01-01T00:00:00Z.
        case open(since: Int64, until: Int64, reason: String)
        /// The held batch is being tried again; it waited so long before, 0 where that doesn't count.
        case halfOpen(since: Int64, wait: Int64)
    }

    public private(set) var state: State
    /// Whether the next batch passes whatever is wrong with it: an operator said so.
    public private(set) var passesNext: Bool

    /// How long the last held batch had to wait, in microseconds.
    private var lastWait: Int64 = 0
    /// How long a batch was to wait at first when it was held; `nil` for one that an older Assay held.
    private var firstWait: Int64?

    private static let longestWait: Int64 = 3_600_000_000

    public init() { (state, passesNext) = (.closed, false) }

    /// Whether a held batch may be tried now; `wait` is how long one waits at first, in microseconds.
    ///
    /// A clock that went back behind the time at which the batch was held says so at once, and so does another wait than there was then.
    public func mayTry(at now: Int64, wait: Int64) -> Bool {
        guard case .open(_, let until, _) = state else { return true }
        return passesNext || now >= until || now < until.subtractingClamped(lastWait) || wait != firstWait ?? wait
    }

    /// A held batch is tried again; `wait` is how long one waits at first by now, in microseconds.
    ///
    /// By other rules than those that held it, or with another wait, it is tried for the first time.
    public mutating func beginTrial(at now: Int64, wait: Int64, byOtherRules: Bool) {
        guard case .open(let since, _, _) = state else { return }
        let isFirst = byOtherRules || wait != firstWait ?? wait
        lastWait = isFirst ? 0 : max(1, lastWait)
        state = .halfOpen(since: since, wait: lastWait)
    }

    /// A batch is held; `wait` is how long at first, in microseconds.
    public mutating func trip(_ reason: String, at now: Int64, wait: Int64) {
        firstWait = wait
        if case .halfOpen(let since, let last) = state {
            lastWait = last == 0 ? wait : min(Self.longestWait, max(wait, last.addingClamped(last)))
            state = .open(since: since, until: now.addingClamped(lastWait), reason: reason)
        } else {
            lastWait = wait
            state = .open(since: now, until: now.addingClamped(wait), reason: reason)
        }
    }

    /// A batch went through.
    public mutating func succeed() { self = CircuitBreaker() }

    /// An operator lets the held batch pass.
    public mutating func letNextPass() { passesNext = true }

    public var json: JSON {
        var members: [JSON.Member] = []
        switch state {
        case .closed: members.append(JSON.Member("state", .string("closed")))
        case .open(let since, let until, let reason):
            members += [
                JSON.Member("state", .string("open")), JSON.Member("since", .integer(since)),
                JSON.Member("until", .integer(until)), JSON.Member("wait", .integer(lastWait)),
                JSON.Member("reason", .string(reason)),
            ]
        case .halfOpen(let since, let wait):
            members += [
                JSON.Member("state", .string("half-open")), JSON.Member("since", .integer(since)),
                JSON.Member("wait", .integer(wait)),
            ]
        }
        if let firstWait { members.append(JSON.Member("first_wait", .integer(firstWait))) }
        if passesNext { members.append(JSON.Member("passes_next", .boolean(true))) }
        return .object(members)
    }

    public init?(json: JSON) {
        passesNext = json["passes_next"]?.boolean ?? false
        firstWait = json["first_wait"]?.integer
        switch json["state"]?.string {
        case "closed": state = .closed
        case "open":
            guard let since = json["since"]?.integer, let until = json["until"]?.integer,
                let reason = json["reason"]?.string, let wait = json["wait"]?.integer
            else { return nil }
            lastWait = wait
            state = .open(since: since, until: until, reason: reason)
        case "half-open":
            guard let since = json["since"]?.integer, let wait = json["wait"]?.integer else { return nil }
            lastWait = wait
            state = .halfOpen(since: since, wait: wait)
        default: return nil
        }
    }
}
