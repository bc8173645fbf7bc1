/// What the upkeep of a table did, and what of it could not be done.
public struct UpkeepResult: Sendable, Equatable {
    public let optimized: OptimizeResult
    /// Commits and checkpoints that nobody needs any more.
    public let removedLogFiles: Int
    /// What could not be done; everything else is, and stands.
    public let failures: [DeltaError]
}

extension DeltaTable {
    /// Puts small files together, writes a checkpoint of the version that this makes, and shortens the log.
    ///
    /// See ``optimize(targetBytes:now:)``, whose errors and costs are these, and ``cleanLog(now:)``; what fails besides is in the result.
    /// `now` is in microseconds since 1970-01-01T00:00:00Z.
    public func tidy(targetBytes: Int64 = usualFileBytes, now: Int64) throws(DeltaError) -> UpkeepResult {
        let optimized = try optimize(targetBytes: targetBytes, now: now)
        var failures = optimized.failures
        if optimized.version != nil {
            do throws(DeltaError) { try checkpoint(now: now) } catch { failures.append(error) }
        }
        var removed = 0
        do throws(DeltaError) { removed = try cleanLog(now: now) } catch { failures.append(error) }
        return UpkeepResult(optimized: optimized, removedLogFiles: removed, failures: failures)
    }
}
