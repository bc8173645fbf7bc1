import Expectations
import GRDB
import Tables

extension Ledger {
    /// The results of a run in the order of its suite; empty where there is no such run.
    ///
    /// Of more than `limit`, those that are no success come first, the most severe before others.
    public func results(ofRun id: String, limit: Int = .max) throws(LedgerError) -> [StoredResult] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT runs.id, runs.started_at, results.*, reasons.text AS reason_text, sentences.text AS sentence_text,
                        discreets.text AS discreet_text, fingerprint, type, columns, arguments, author_id, description, file,
                        line, column, details, unexpected_rows, unexpected_counts
                    FROM runs JOIN results ON results.run = runs.number
                    JOIN expectations ON expectations.number = expectation
                    JOIN sentences ON sentences.number = sentence
                    LEFT JOIN sentences AS reasons ON reasons.number = reason
                    LEFT JOIN sentences AS discreets ON discreets.number = discreet
                    LEFT JOIN findings ON findings.run = results.run AND findings.position = results.position
                    WHERE runs.id = :id AND results.position IN (
                        SELECT worst.position FROM results AS worst JOIN runs AS own ON own.number = worst.run
                        WHERE own.id = :id
                        ORDER BY worst.success, CASE WHEN worst.success THEN 0 ELSE worst.severity END DESC, worst.position
                        LIMIT :limit)
                    ORDER BY results.position
                    """,
                arguments: ["id": id, "limit": limit]
            ).map { StoredResult($0) }
        }
    }

    /// What an expectation came to in the latest runs, newest first.
    public func history(
        ofExpectation fingerprint: String, in validation: Validation, limit: Int
    ) throws(LedgerError) -> [StoredVerdict] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT runs.id, runs.started_at, results.*, reasons.text AS reason_text, type
                    FROM expectations JOIN results ON expectation = expectations.number
                    JOIN runs ON runs.number = results.run
                    LEFT JOIN sentences AS reasons ON reasons.number = reason
                    WHERE expectations.suite = ? AND expectations.asset = ? AND fingerprint = ?
                    ORDER BY results.run DESC LIMIT ?
                    """,
                arguments: [validation.suite, validation.asset, fingerprint, limit]
            ).map { StoredVerdict($0) }
        }
    }

    /// The first run of the unbroken series of runs, up to the latest, in which an expectation was no success; `nil` where its
    /// latest result is one, or there is none.
    public func failingSince(
        _ fingerprint: String, in validation: Validation
    ) throws(LedgerError) -> RunReference? {
        try failingSince(in: validation)[fingerprint]
    }

    /// The same for all expectations of a suite over an asset that fail, by fingerprint; of the runs that began no later than a time.
    public func failingSince(
        in validation: Validation, through time: Int64 = .max
    ) throws(LedgerError) -> [String: RunReference] {
        let latest = try read { db in
            try Int64.fetchOne(
                db, sql: "SELECT max(number) FROM runs WHERE suite = ? AND asset = ? AND number < ?",
                arguments: [validation.suite, validation.asset, Self.firstNumber(at: time.addingClamped(1))])
        }
        return try latest.map { number throws(LedgerError) in try failingSince(inRun: number) } ?? [:]
    }

    /// The same for the expectations of a run, up to it.
    public func failingSince(inRun number: Int64) throws(LedgerError) -> [String: RunReference] {
        // Expectations that left the suite keep their last result for ever: they count only if they were in the latest run.
        try read { db in
            let failing = try Row.fetchAll(
                db,
                sql: """
                    SELECT DISTINCT expectation, fingerprint FROM results
                    JOIN expectations ON expectations.number = expectation WHERE run = ? AND NOT success
                    """,
                arguments: [number])
            let statement = try db.cachedStatement(sql: RememberedRuns.firstFailure)
            let pairs = try failing.compactMap { row in
                try Row.fetchOne(statement, arguments: ["expectation": row["expectation"] as Int64, "last": number]).map
                {
                    (
                        row["fingerprint"] as String,
                        RunReference(id: $0["id"], startedAt: $0["started_at"], isKept: $0["is_kept"])
                    )
                }
            }
            return Dictionary(pairs) { first, _ in first }
        }
    }
}

extension StoredVerdict {
    init(_ row: Row) {
        self.init(
            run: RunReference(id: row["id"], startedAt: row["started_at"]),
            outcome: Outcome(stored: row["outcome"], reason: row["reason_text"]), success: row["success"],
            rows: (row["element_count"] as Int?).map { count in
                RowCounts(
                    elementCount: count, missingCount: row["missing_count"] ?? 0,
                    unexpectedCount: row["unexpected_count"] ?? 0, reportsMissing: row["reports_missing"] ?? true)
            },
            observedValue: (row["observed_value"] as String?).flatMap { JSON(text: $0) },
            tellsValue: Self.tellsValue(row))
    }

    /// Of what an older version stored it isn't known: only a type that was observed is certainly no value.
    private static func tellsValue(_ row: Row) -> Bool {
        if let discreet = row["discreet"] as Int64? { return discreet > 0 }
        return row.hasValue("observed_value") && (row["type"] as String?) != "expect_column_type_to_be"
    }
}

extension Row {
    fileprivate func hasValue(_ name: String) -> Bool { !(self[name] as DatabaseValue).isNull }
}

extension StoredResult {
    init(_ row: Row) {
        position = row["position"]
        fingerprint = row["fingerprint"]
        type = row["type"]
        columns = StoredText.strings(row["columns"])
        arguments = StoredText.members(row["arguments"])
        severity = Severity(stored: row["severity"])
        verdict = StoredVerdict(row)
        sentence = row["sentence_text"]
        discreetSentence =
            verdict.tellsValue
            ? (row["discreet_text"] as String?) ?? "What was found in \(columns.joined(separator: ", ")) is not shown."
            : nil
        details = StoredText.members(row["details"])
        unexpectedRows = StoredText.items(row["unexpected_rows"] ?? "[]") ?? []
        unexpectedCounts = StoredText.items(row["unexpected_counts"] ?? "[]")
        location = (row["file"] as String?).map {
            SourceMark(file: $0, line: row["line"] ?? 0, column: row["column"] ?? 0)
        }
        id = row["author_id"]
        description = row["description"]
    }
}
