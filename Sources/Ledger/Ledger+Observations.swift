import GRDB
public import Tables

extension Ledger {
    /// The columns of an asset as its latest readable run saw them; `nil` where none did.
    public func latestSchema(ofAsset asset: String) throws(LedgerError) -> Schema? {
        try schemas(ofAsset: asset, limit: 1).first?.schema
    }

    /// The different schemas that an asset had, newest first.
    public func schemas(ofAsset asset: String, limit: Int) throws(LedgerError) -> [ObservedSchema] {
        let place = path
        return try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT fields, first.id AS first_id, first.started_at AS first_at, last.id AS last_id,
                        last.started_at AS last_at
                    FROM observed_schemas JOIN runs AS first ON first.number = first_run
                    JOIN runs AS last ON last.number = last_run
                    WHERE observed_schemas.asset = ? ORDER BY last_run DESC, observed_schemas.number DESC LIMIT ?
                    """,
                arguments: [asset, limit]
            ).map { row in
                guard let schema = SchemaText.schema(row["fields"]) else {
                    throw LedgerError(
                        code: "corrupt", message: "the stored schema of \"\(asset)\" can't be read", place: place)
                }
                return ObservedSchema(
                    schema: schema, firstSeen: RunReference(id: row["first_id"], startedAt: row["first_at"]),
                    lastSeen: RunReference(id: row["last_id"], startedAt: row["last_at"]))
            }
        }
    }

    /// A metric of an asset in its latest runs, newest first.
    ///
    /// `column` is `nil` for numbers of the table.
    public func metricHistory(
        asset: String, column: String?, name: String, condition: String? = nil, limit: Int
    ) throws(LedgerError) -> [MetricPoint] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT runs.id, runs.started_at, value FROM series JOIN metrics ON metrics.series = series.number
                    JOIN runs ON runs.number = metrics.run
                    WHERE series.asset = ? AND name = ? AND column = ? AND condition = ?
                    ORDER BY metrics.run DESC LIMIT ?
                    """,
                arguments: [asset, name, column ?? "", condition ?? "", limit]
            ).map { row in
                MetricPoint(
                    run: RunReference(id: row["id"], startedAt: row["started_at"]), value: row["value"] ?? .nan)
            }
        }
    }
}
