import GRDB

extension LedgerTransaction {
    /// Brings a claim to its end, in the transaction that stores what it led to: the slot is done, who asked is answered.
    ///
    /// `fingerprint` is what the data looked like before the run, where it is watched. The lease is given back unless it is kept for work that hasn't ended.
    /// Error: `lease-lost`, where somebody else has taken over.
    public func finish(
        _ claim: ScheduleClaim, run: String?, fingerprint: String? = nil, at now: Int64, keepsLease: Bool = false
    ) throws {
        try checkLease(claim.lease)
        let (suite, asset) = (claim.validation.suite, claim.validation.asset)
        if case .slot(let slot, let before) = claim.cause {
            try db.execute(
                sql: "UPDATE slots SET finished_at = ?, run = ? WHERE suite = ? AND asset = ? AND slot = ?",
                arguments: [now, run, suite, asset, slot])
            // A schedule that became another one meanwhile goes on from when it did.
            try passOver(slot, of: claim.validation, after: before)
            try forgetSlots(of: claim.validation)
        }
        if let fingerprint {
            try db.execute(
                sql: "UPDATE schedules SET watched = ? WHERE suite = ? AND asset = ?",
                arguments: [fingerprint, suite, asset])
        }
        try db.execute(
            sql: """
                UPDATE requests SET state = 2, finished_at = ?, run = ?
                WHERE suite = ? AND asset = ? AND state = 1 AND epoch = ?
                """,
            arguments: [now, run, suite, asset, claim.lease.epoch])
        if !claim.requests.isEmpty { try forgetRequests() }
        if !keepsLease { try releaseLease(claim.lease) }
    }

    /// Gives a claim back as if it had never been made; false, and nothing is changed, where it was lost.
    @discardableResult
    public func abandon(_ claim: ScheduleClaim) throws -> Bool {
        do { try checkLease(claim.lease) } catch let error as LedgerError where error.code == "lease-lost" {
            return false
        }
        let (suite, asset) = (claim.validation.suite, claim.validation.asset)
        if case .slot(let slot, _) = claim.cause {
            try db.execute(
                sql: "UPDATE slots SET attempts = attempts - 1 WHERE suite = ? AND asset = ? AND slot = ?",
                arguments: [suite, asset, slot])
        }
        try db.execute(
            sql: """
                UPDATE requests SET state = 0, epoch = NULL, started_at = NULL
                WHERE suite = ? AND asset = ? AND state = 1 AND epoch = ?
                """,
            arguments: [suite, asset, claim.lease.epoch])
        try releaseLease(claim.lease)
        return true
    }

    /// Leaves out slots after one and through another; false where somebody else has gone on from there.
    @discardableResult
    public func passOver(_ slot: Int64, of validation: Validation, after: Int64) throws -> Bool {
        try db.execute(
            sql: "UPDATE schedules SET last_slot = ? WHERE suite = ? AND asset = ? AND last_slot = ?",
            arguments: [slot, validation.suite, validation.asset, after])
        return db.changesCount == 1
    }

    /// Goes on from a time before the last slot, as the clock was wrong when that was done; false where somebody else has gone on from there.
    ///
    /// What was done ahead of that time is forgotten: it will be due again.
    @discardableResult
    public func goBack(to time: Int64, of validation: Validation, after last: Int64) throws -> Bool {
        guard try passOver(time, of: validation, after: last) else { return false }
        try db.execute(
            sql: "DELETE FROM slots WHERE suite = ? AND asset = ? AND slot > ?",
            arguments: [validation.suite, validation.asset, time])
        return true
    }

    /// Notes what the data looks like when it is watched for the first time.
    public func noteWatched(_ fingerprint: String, of validation: Validation) throws {
        try db.execute(
            sql: "UPDATE schedules SET watched = ? WHERE suite = ? AND asset = ? AND watched IS NULL",
            arguments: [fingerprint, validation.suite, validation.asset])
    }

    private func forgetRequests() throws {
        try db.cachedStatement(
            sql: """
                DELETE FROM requests WHERE state = 2 AND number <= (
                    SELECT number FROM requests WHERE state = 2 ORDER BY number DESC LIMIT 1 OFFSET \(Self.keptRequests))
                """
        ).execute()
    }

    private func forgetSlots(of validation: Validation) throws {
        // By when they were claimed first: after a clock was set back, the latest aren't the greatest.
        try db.cachedStatement(
            sql: """
                DELETE FROM slots WHERE suite = :suite AND asset = :asset AND number <= (
                    SELECT number FROM slots WHERE suite = :suite AND asset = :asset
                    ORDER BY number DESC LIMIT 1 OFFSET \(Self.keptSlots))
                """
        ).execute(arguments: ["suite": validation.suite, "asset": validation.asset])
    }
}
