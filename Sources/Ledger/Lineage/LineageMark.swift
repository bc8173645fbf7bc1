import GRDB

extension LedgerTransaction {
    /// How far the batches of a pipeline's state were told; `nil` where nobody was ever told of any.
    public func lineageMark(ofPipeline pipeline: String, state: String) throws -> PipelineMark? {
        try Int.fetchOne(
            db.cachedStatement(sql: "SELECT batch FROM lineage_batches WHERE pipeline = ? AND state = ?"),
            arguments: [pipeline, state]
        ).map { PipelineMark(pipeline: pipeline, state: state, batch: $0) }
    }

    /// Whether batches of a pipeline are told at all, of whichever state.
    public func tellsLineage(ofPipeline pipeline: String) throws -> Bool {
        try Bool.fetchOne(
            db.cachedStatement(sql: "SELECT 1 FROM lineage_batches WHERE pipeline = ?"), arguments: [pipeline]) != nil
    }

    /// Keeps in mind how far they were told.
    public func noteLineage(_ mark: PipelineMark) throws {
        try db.cachedStatement(sql: "INSERT OR REPLACE INTO lineage_batches (pipeline, state, batch) VALUES (?, ?, ?)")
            .execute(arguments: [mark.pipeline, mark.state, mark.batch])
    }
}
