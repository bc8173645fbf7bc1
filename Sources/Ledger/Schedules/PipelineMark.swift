import GRDB

/// How far a pipeline has come.
public struct PipelineMark: Sendable, Hashable {
    public let pipeline: String
    /// What it remembers its batches by, which is another one where it began anew; empty before it ever ran.
    public let state: String
    /// The newest batch that is where it belongs; 0 for none.
    public let batch: Int

    public init(pipeline: String, state: String, batch: Int) {
        self.pipeline = pipeline
        self.state = state
        self.batch = batch
    }
}

extension LedgerTransaction {
    /// Notes a pipeline's wishes for runs, one a validation, where it has come further than when they were noted before.
    ///
    /// What a validation never heard of is no occasion by itself, unless it is `news`: that a batch was committed just now. Whether any wish was noted.
    public func follow(_ mark: PipelineMark, isNews: Bool, _ requests: [RunRequest]) throws -> Bool {
        var isAny = false
        for request in requests {
            let (suite, asset) = (request.validation.suite, request.validation.asset)
            let batches = try Row.fetchAll(
                db, sql: "SELECT state, batch FROM followed WHERE suite = ? AND asset = ? AND pipeline = ?",
                arguments: [suite, asset, mark.pipeline])
            if batches.contains(where: { $0["state"] == mark.state && $0["batch"] == mark.batch }) { continue }
            try db.execute(
                sql: "INSERT OR REPLACE INTO followed VALUES (?, ?, ?, ?, ?)",
                arguments: [suite, asset, mark.pipeline, mark.state, mark.batch])
            guard mark.batch > 0, isNews || !batches.isEmpty else { continue }
            if try self.request(request) { isAny = true }
        }
        return isAny
    }
}
