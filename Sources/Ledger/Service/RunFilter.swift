import GRDB

/// Which runs are wanted.
public struct RunFilter: Sendable, Hashable {
    public var suite: String?
    public var asset: String?
    /// `passed`, `failed`, `vacuous`, `errored`.
    public var outcome: String?
    /// Runs that began then or later, in microseconds since 1970-01-01T00:00:00Z.
    public var since: Int64?
    /// Runs that began before then.
    public var until: Int64?

    public init(
        suite: String? = nil, asset: String? = nil, outcome: String? = nil, since: Int64? = nil, until: Int64? = nil
    ) {
        self.suite = suite
        self.asset = asset
        self.outcome = outcome
        self.since = since
        self.until = until
    }
}

extension Ledger {
    /// Runs that a filter lets through, newest first; those with lower numbers than `before` where it is given.
    ///
    /// A page follows the one before it by the number of its last run, whatever was recorded meanwhile. Costs as much as
    /// the runs that are listed where at most one of suite, asset and outcome is given, or suite and asset.
    public func runs(
        matching filter: RunFilter, before: Int64? = nil, limit: Int
    ) throws(LedgerError) -> [StoredRun] {
        var conditions: [String] = []
        var arguments: StatementArguments = []
        func add(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
            guard let value else { return }
            conditions.append(condition)
            arguments += [value]
        }
        add("suite = ?", filter.suite)
        add("asset = ?", filter.asset)
        add("outcome = ?", filter.outcome)
        add("number < ?", before)
        // Numbers are times: an index that ends in a number begins where the time does.
        add("number >= ?", filter.since.map { Self.firstNumber(at: $0) })
        add("number < ?", filter.until.map { Self.firstNumber(at: $0) })
        let clause = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        return try read { db in
            try Row.fetchAll(
                db, sql: "SELECT * FROM runs \(clause) ORDER BY number DESC LIMIT ?",
                arguments: arguments + [limit]
            ).map { StoredRun($0) }
        }
    }

    /// The run whose report has a file name; `nil` where the ledger knows none.
    public func run(report: String) throws(LedgerError) -> StoredRun? {
        try read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM runs WHERE report = ? LIMIT 1", arguments: [report])
                .map { StoredRun($0) }
        }
    }
}
