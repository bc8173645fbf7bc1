import GRDB

/// The right to do something that no two may do at once, for a time.
///
/// Its epoch grows each time somebody takes it. Who writes by it calls `check` in the same transaction: one that was lost in the meantime, however late that is noticed,
/// writes nothing.
public struct Lease: Sendable, Hashable {
    public let name: String
    public let holder: String
    public let epoch: Int64
    /// Microseconds since 1970; from then on others may take it.
    public let expiresAt: Int64

    init(name: String, holder: String, epoch: Int64, expiresAt: Int64) {
        self.name = name
        self.holder = holder
        self.epoch = epoch
        self.expiresAt = expiresAt
    }
}

extension LedgerTransaction {
    /// Takes a lease for so many microseconds; `nil` where it is held, be it by the same holder.
    ///
    /// It is free where nobody holds it, where it has expired, and where it was taken in the future: then the clock was set back.
    public func acquireLease(_ name: String, holder: String, now: Int64, length: Int64) throws -> Lease? {
        let expiry = Self.sum(now, length)
        try db.cachedStatement(
            sql: """
                INSERT INTO leases (name, holder, epoch, length, expires_at) VALUES (:name, :holder, 1, :length, :expiry)
                ON CONFLICT (name) DO UPDATE
                SET holder = :holder, epoch = epoch + 1, length = :length, expires_at = :expiry
                WHERE holder IS NULL OR expires_at <= :now OR expires_at - 2 * length > :now
                """
        ).execute(arguments: ["name": name, "holder": holder, "now": now, "length": max(0, length), "expiry": expiry])
        guard db.changesCount == 1 else { return nil }
        let epoch = try Int64.fetchOne(db, sql: "SELECT epoch FROM leases WHERE name = ?", arguments: [name])
        return epoch.map { Lease(name: name, holder: holder, epoch: $0, expiresAt: expiry) }
    }

    /// Keeps a lease for so many microseconds from now; `nil` where somebody else has taken it.
    ///
    /// One that has expired and that nobody has taken is kept.
    public func renewLease(_ lease: Lease, now: Int64, length: Int64) throws -> Lease? {
        let expiry = Self.sum(now, length)
        try db.cachedStatement(
            sql: "UPDATE leases SET expires_at = ?, length = ? WHERE name = ? AND holder = ? AND epoch = ?"
        ).execute(arguments: [expiry, max(0, length), lease.name, lease.holder, lease.epoch])
        guard db.changesCount == 1 else { return nil }
        return Lease(name: lease.name, holder: lease.holder, epoch: lease.epoch, expiresAt: expiry)
    }

    /// Gives a lease back; nothing where it was lost.
    public func releaseLease(_ lease: Lease) throws {
        try db.cachedStatement(
            sql: "UPDATE leases SET holder = NULL, expires_at = 0 WHERE name = ? AND holder = ? AND epoch = ?"
        ).execute(arguments: [lease.name, lease.holder, lease.epoch])
    }

    /// Makes sure that a lease is still held.
    ///
    /// Error: `lease-lost`.
    ///
    /// The clock isn't asked: whoever has taken it since has raised the epoch.
    public func checkLease(_ lease: Lease) throws {
        let isHeld = try Bool.fetchOne(
            db, sql: "SELECT 1 FROM leases WHERE name = ? AND holder = ? AND epoch = ?",
            arguments: [lease.name, lease.holder, lease.epoch])
        guard isHeld == nil else { return }
        throw LedgerError(
            code: "lease-lost", message: "another process has taken over \"\(lease.name)\"", place: path,
            hint: "nothing was written; this happens where a process stood still for longer than its lease")
    }

    /// Whether a holder has a lease that nobody has taken since; the clock isn't asked.
    public func hasLease(_ name: String, holder: String) throws -> Bool {
        try Bool.fetchOne(db, sql: "SELECT 1 FROM leases WHERE name = ? AND holder = ?", arguments: [name, holder])
            != nil
    }

    private static func sum(_ time: Int64, _ length: Int64) -> Int64 {
        let (sum, isBeyond) = time.addingReportingOverflow(max(0, length))
        return isBeyond ? .max : sum
    }
}
