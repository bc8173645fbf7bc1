import Ledger
import Suites

/// What becomes of an alert by what runs say of it.
extension AlertRecord {
    /// Takes in a failure, and says what that changed.
    mutating func fail(
        _ signal: AlertSignal, at position: Int, policy: AlertPolicy, rule: FlapRule, now: Int64, ordinal: Int
    ) -> [AlertEvent.Kind] {
        if phase == .ok { begin(signal, now) }
        self.position = position
        isRemoved = false
        type = signal.type
        columns = signal.columns
        sentence = signal.sentence
        counts = signal.counts
        judgedAt = now
        failures = failures.addingClamped(1)
        successes = 0
        recent = (recent << 1 | 1) & policy.mask
        let hasEscalated = phase == .firing && signal.severity > severity
        severity = signal.severity
        if hasEscalated {
            // Who took on a warning has not taken on what is critical.
            acknowledgement = nil
            return [.escalated]
        }
        guard phase != .firing else { return [] }
        guard recent.nonzeroBitCount >= min(policy.failures, policy.heldWindow) else {
            phase = .pending
            return []
        }
        phase = .firing
        firedAt = now
        note(Change(at: now, ordinal: ordinal), rule)
        guard !isFlapping, rule.isTooMuch(changes, at: now, ordinal: ordinal) else { return [.fired] }
        isFlapping = true
        return [.fired, .flapping]
    }

    /// Takes in a success, and says what that changed.
    mutating func succeed(
        _ signal: AlertSignal, policy: AlertPolicy, rule: FlapRule, now: Int64, ordinal: Int
    ) -> [AlertEvent.Kind] {
        switch phase {
        case .ok: return []
        case .pending:
            failures = 0
            recent = recent << 1 & policy.mask
            if recent == 0 { phase = .ok }
            return []
        case .firing:
            failures = 0
            recent = recent << 1 & policy.mask
            successes = successes.addingClamped(1)
            guard successes >= policy.successes else { return [] }
            sentence = signal.sentence
            counts = signal.counts
            end(at: now, ordinal: ordinal, rule)
            return [.resolved]
        }
    }

    /// It is no longer asked.
    mutating func remove(rule: FlapRule, now: Int64, ordinal: Int) -> [AlertEvent.Kind] {
        let wasFiring = phase == .firing
        isRemoved = true
        isFlapping = false
        failures = 0
        end(at: now, ordinal: ordinal, rule)
        return wasFiring ? [.removed] : []
    }

    /// It has been quiet for a while.
    mutating func settleDown() {
        isFlapping = false
        changes = []
        if phase != .firing { forgetMarks() }
    }

    /// Whether somebody is on it of whom a route that knows of it hasn't been told.
    func isTakenOn(unknownTo route: String) -> Bool {
        guard let acknowledgement, snooze == nil, let telling = tellings[route] else { return false }
        return telling.acknowledgedAt != acknowledgement.at
    }

    /// Whether nothing needs to be remembered of it.
    func isForgettable(rule: FlapRule, now: Int64, ordinal: Int) -> Bool {
        phase == .ok && tellings.isEmpty && !isFlapping
            && (isRemoved || !changes.contains { rule.isRecent($0, at: now, ordinal: ordinal) })
    }

    private mutating func begin(_ signal: AlertSignal, _ now: Int64) {
        since = now
        firstSentence = signal.sentence
        failures = 0
        recent = 0
        firedAt = nil
    }

    private mutating func end(at now: Int64, ordinal: Int, _ rule: FlapRule) {
        if phase == .firing { note(Change(at: now, ordinal: ordinal), rule) }
        phase = .ok
        recent = 0
        mutedBy = nil
        if !isFlapping { forgetMarks() }
    }

    /// What people said of it ends with it; what goes back and forth has not ended.
    private mutating func forgetMarks() {
        acknowledgement = nil
        snooze = nil
    }

    private mutating func note(_ change: Change, _ rule: FlapRule) {
        changes.append(change)
        changes.removeFirst(max(0, changes.count - rule.changes))
    }
}

extension AlertPolicy {
    /// How many of the latest runs are remembered.
    var heldWindow: Int { min(max(window, 1), 128) }

    var mask: UInt128 { .max >> UInt128(128 - heldWindow) }
}

extension Int {
    fileprivate func addingClamped(_ other: Int) -> Int {
        let (sum, isBeyond) = addingReportingOverflow(other)
        return isBeyond ? .max : sum
    }
}
