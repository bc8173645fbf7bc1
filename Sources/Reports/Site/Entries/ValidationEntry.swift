import Expectations
public import Ledger

/// A validation that the project has, and when it is due; times are microseconds since 1970-01-01T00:00:00Z.
public struct PlannedValidation: Sendable, Equatable {
    public let validation: Validation
    /// For people, as in `every 1h` or `at 06:00 on Monday through Friday, Europe/Berlin`.
    public let schedule: String
    /// When it is due next; `nil` where no clock says so.
    public let nextAt: Int64?
    /// When it was due and nobody began with it, a quarter of an hour ago or earlier; `nil` where nothing is late.
    public let overdueSince: Int64?
    /// Until when it waits for the clock, which was set back and is behind what was done; `nil` where it isn't.
    public let clockBehindUntil: Int64?

    public init(
        validation: Validation, schedule: String, nextAt: Int64?, overdueSince: Int64?, clockBehindUntil: Int64? = nil
    ) {
        self.validation = validation
        self.schedule = schedule
        self.nextAt = nextAt
        self.overdueSince = overdueSince
        self.clockBehindUntil = clockBehindUntil
    }
}

/// A validation as it stands and as it is planned: what never ran, or not when it should have, is not fine.
public struct ValidationEntry: Sendable, Equatable {
    public enum State: Sendable, Equatable {
        case failing(since: RunReference)
        /// It was due and nobody began with it.
        case overdue(since: Int64)
        /// It waits until the clock, which was set back, has come to what was done.
        case clockBehind(until: Int64)
        case neverRun
        /// Its latest run had nothing to check.
        case vacuous
        case fine
        /// The project no longer has it: what it came to last is history.
        case retired
    }

    public let validation: Validation
    /// `nil` where it never ran.
    public let standing: Standing?
    /// `nil` where the project doesn't have it, or where nobody knows of plans.
    public let plan: PlannedValidation?
    public let state: State

    /// What is in trouble comes first, the longest in trouble at the top.
    ///
    /// `plans` are all that the project has; `nil` where nobody knows.
    public static func all(_ standings: [Standing], plans: [PlannedValidation]?) -> [ValidationEntry] {
        let planned = Dictionary((plans ?? []).map { ($0.validation, $0) }) { first, _ in first }
        let ran = standings.map { standing in
            ValidationEntry(standing.validation, standing, planned[standing.validation], isKnown: plans != nil)
        }
        let known = Set(standings.map(\.validation))
        let others = (plans ?? []).filter { !known.contains($0.validation) }
            .map { ValidationEntry($0.validation, nil, $0, isKnown: true) }
        return (ran + others).enumerated().sorted { left, right in
            let (first, second) = (left.element.order, right.element.order)
            return first == second ? left.offset < right.offset : first < second
        }.map(\.element)
    }

    private init(_ validation: Validation, _ standing: Standing?, _ plan: PlannedValidation?, isKnown: Bool) {
        self.validation = validation
        self.standing = standing
        self.plan = plan
        let latest = standing?.recent.first
        state =
            if isKnown, plan == nil {
                .retired
            } else if let since = standing?.failingSince {
                .failing(since: since)
            } else if let since = plan?.overdueSince {
                .overdue(since: since)
            } else if let end = plan?.clockBehindUntil {
                .clockBehind(until: end)
            } else if latest == nil {
                .neverRun
            } else if latest?.outcomeName == "vacuous" {
                .vacuous
            } else {
                .fine
            }
    }

    private var order: (Int, Int64) {
        switch state {
        case .failing(let since): (0, since.startedAt)
        case .overdue(let since): (1, since)
        case .clockBehind(let end): (2, end)
        case .neverRun: (3, 0)
        case .vacuous: (4, 0)
        case .fine: (5, 0)
        case .retired: (6, 0)
        }
    }

    /// As in `2 of 12 validations are failing, 1 is overdue`.
    static func headline(_ entries: [ValidationEntry]) -> String {
        let counted = entries.filter { $0.state != .retired }
        guard !counted.isEmpty else { return entries.isEmpty ? "No runs yet" : "The project has no validations" }
        func count(_ isMeant: (State) -> Bool) -> Int { counted.count { isMeant($0.state) } }
        let troubles: [(count: Int, one: String, many: String)] = [
            (count { if case .failing = $0 { true } else { false } }, "is failing", "are failing"),
            (count { if case .overdue = $0 { true } else { false } }, "is overdue", "are overdue"),
            (
                count { if case .clockBehind = $0 { true } else { false } }, "waits for the clock", "wait for the clock"
            ),
            (count { $0 == .neverRun }, "never ran", "never ran"),
            (count { $0 == .vacuous }, "had nothing to check", "had nothing to check"),
        ].filter { $0.count > 0 }
        if counted.count == 1 { return "The only validation \(troubles.first?.one ?? "is fine")" }
        guard let first = troubles.first else { return "All \(Wording.count(counted.count)) validations are fine" }
        let verb = first.count == 1 ? first.one : first.many
        let others = troubles.dropFirst().map { "\(Wording.count($0.count)) \($0.count == 1 ? $0.one : $0.many)" }
        let start = "\(Wording.count(first.count)) of \(Wording.count(counted.count)) validations \(verb)"
        return ([start] + others).joined(separator: ", ")
    }
}
