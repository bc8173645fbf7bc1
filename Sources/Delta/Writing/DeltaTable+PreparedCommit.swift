extension DeltaTable {
    /// Commits files that were written before, perhaps by another process, once and only once.
    ///
    /// `application` names the batch: where the table has it, nothing is done, and the result says so. The files are
    /// taken as they are; whoever wrote them under deterministic names has put them in place. `now` is in microseconds since
    /// 1970-01-01T00:00:00Z.
    public func commit(
        _ files: [AddFile], of application: AppTransaction, now: Int64
    ) throws(DeltaError) -> CommitResult {
        var transaction = try transaction()
        transaction.setApplication(application.appID, version: application.version)
        try transaction.append(files)
        transaction.operation = "STREAMING UPDATE"
        return try transaction.commit(now: now)
    }
}
