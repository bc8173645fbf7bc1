import GRDB

/// The right to run a validation once, for a slot or for another occasion.
///
/// Nobody else runs the validation as long as its lease is held.
public struct ScheduleClaim: Sendable, Hashable {
    /// Why a validation is to be run.
    public enum Cause: Sendable, Hashable {
        /// It is due. `after` is the last slot that was known to be done when that was found.
        case slot(Int64, after: Int64)
        /// Its data looks different than what was judged last.
        case change(fingerprint: String)
        /// Somebody asked.
        case request
    }

    public enum Answer: Sendable, Hashable {
        case granted(ScheduleClaim)
        /// Another process has it until then, or longer.
        case held(until: Int64)
        /// There is no cause any more: somebody else has done it.
        case done
    }

    public let validation: Validation
    public let cause: Cause
    public let lease: Lease
    /// How often the slot was claimed, this time included, without having come to an end; 1 for other causes.
    public let attempts: Int
    /// All who asked for a run until now: this one is theirs.
    public let requests: [RunRequest]

    /// The name of the lease that is held while a validation runs.
    public static func leaseName(_ validation: Validation) -> String {
        "validation:\(validation.suite)\u{1F}\(validation.asset)"
    }
    static let leaseNameSQL = "'validation:' || suite || char(31) || asset"
}

extension LedgerTransaction {
    /// Slots of a validation that are kept after they were done.
    static let keptSlots = 1_000
    /// Requests of all validations that are kept after they were answered.
    static let keptRequests = 1_000

    /// Takes the right to run a validation for so many microseconds, where there is cause to and nobody has it.
    ///
    /// In one transaction with what it depends on: of two who ask at once, one is refused.
    public func claim(
        _ validation: Validation, for cause: ScheduleClaim.Cause, holder: String, now: Int64, length: Int64
    ) throws -> ScheduleClaim.Answer {
        guard try isOpen(cause, of: validation) else { return .done }
        let name = ScheduleClaim.leaseName(validation)
        guard let lease = try acquireLease(name, holder: holder, now: now, length: length) else {
            let until = try Int64.fetchOne(db, sql: "SELECT expires_at FROM leases WHERE name = ?", arguments: [name])
            return .held(until: until ?? now)
        }
        let requests = try takeRequests(of: validation, lease, now: now)
        var attempts = 1
        switch cause {
        case .slot(let slot, _): attempts = try noteAttempt(at: slot, of: validation, holder: holder, now: now)
        case .request where requests.isEmpty:
            try releaseLease(lease)
            return .done
        case .request, .change: break
        }
        return .granted(
            ScheduleClaim(validation: validation, cause: cause, lease: lease, attempts: attempts, requests: requests))
    }

    private func isOpen(_ cause: ScheduleClaim.Cause, of validation: Validation) throws -> Bool {
        switch cause {
        case .request: return true
        case .slot(let slot, let after):
            guard try standing(of: validation)?["last_slot"] == after else { return false }
            let isDone = try Bool.fetchOne(
                db, sql: "SELECT finished_at IS NOT NULL FROM slots WHERE suite = ? AND asset = ? AND slot = ?",
                arguments: [validation.suite, validation.asset, slot])
            guard isDone == true else { return true }
            // The clock was set back: what it shows again was done the first time.
            try passOver(slot, of: validation, after: after)
            return false
        case .change(let fingerprint): return try standing(of: validation)?["watched"] != fingerprint
        }
    }

    private func standing(of validation: Validation) throws -> Row? {
        try Row.fetchOne(
            db, sql: "SELECT last_slot, watched FROM schedules WHERE suite = ? AND asset = ?",
            arguments: [validation.suite, validation.asset])
    }

    private func noteAttempt(at slot: Int64, of validation: Validation, holder: String, now: Int64) throws -> Int {
        try db.cachedStatement(
            sql: """
                INSERT INTO slots (suite, asset, slot, holder, attempts, claimed_at)
                VALUES (:suite, :asset, :slot, :holder, 1, :now)
                ON CONFLICT (suite, asset, slot) DO UPDATE SET holder = :holder, attempts = attempts + 1, claimed_at = :now
                """
        ).execute(arguments: [
            "suite": validation.suite, "asset": validation.asset, "slot": slot, "holder": holder, "now": now,
        ])
        return try Int.fetchOne(
            db, sql: "SELECT attempts FROM slots WHERE suite = ? AND asset = ? AND slot = ?",
            arguments: [validation.suite, validation.asset, slot]) ?? 1
    }

    /// All that wait, and those that somebody began who has no lease any more.
    private func takeRequests(of validation: Validation, _ lease: Lease, now: Int64) throws -> [RunRequest] {
        try db.cachedStatement(
            sql: """
                UPDATE requests SET state = 1, epoch = ?, started_at = ? WHERE suite = ? AND asset = ? AND state < 2
                """
        ).execute(arguments: [lease.epoch, now, validation.suite, validation.asset])
        return try Row.fetchAll(
            db, sql: "SELECT * FROM requests WHERE suite = ? AND asset = ? AND state = 1 ORDER BY number",
            arguments: [validation.suite, validation.asset]
        ).map { RunRequest($0) }
    }
}
