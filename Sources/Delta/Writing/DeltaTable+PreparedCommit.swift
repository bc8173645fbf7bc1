/// What files do to the rows that a table has.
public enum WriteMode: Sendable, Hashable {
    case append
    /// Everything is replaced.
    case overwrite
    /// What the partitions of the files hold is replaced, and what these partitions hold.
    case overwritePartitions([[String: String?]] = [])
}

extension DeltaTable {
    /// Commits files that were written before, perhaps by another process, once and only once.
    ///
    /// `application` names the batch: where the table has it, nothing is done, and the result says so. The files are
    /// taken as they are; whoever wrote them under deterministic names has put them in place. `columns` are those of the files: they are
    /// added where the table doesn't have them, and where it has narrower ones it is widened before (``widen(_:now:)``). `now` is in microseconds since 1970-01-01T00:00:00Z.
    public func commit(
        _ files: [AddFile], mode: WriteMode = .append, adding columns: [DeltaField] = [],
        of application: AppTransaction,
        now: Int64
    ) throws(DeltaError) -> CommitResult {
        // Appending needs to know nothing of the files that are there.
        var base = try header()
        if !base.narrower(than: columns).isEmpty {
            _ = try widen(columns, now: now)
            base = try header()
        }
        var transaction = try mode == .append ? Transaction(table: self, base: base) : transaction()
        transaction.setApplication(application.appID, version: application.version)
        transaction.operation = "STREAMING UPDATE"
        let new = columns.filter { transaction.base.schema[$0.name] == nil }
        if !new.isEmpty { try transaction.addColumns(new) }
        let milliseconds = now.flooredDivision(by: 1_000).quotient
        switch mode {
        case .append: try transaction.append(files)
        case .overwrite: try transaction.overwrite(with: files, at: milliseconds)
        case .overwritePartitions(let partitions):
            try transaction.overwritePartitions(partitions, with: files, at: milliseconds)
        }
        return try transaction.commit(now: now)
    }
}
