import Tables

extension DeltaTable {
    func checkpointIfDue(_ version: Int, metadata: TableMetadata, now: Int64) -> DeltaError? { nil }
}
