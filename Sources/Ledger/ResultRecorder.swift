import Expectations
import GRDB
import Tables

/// Writes the results of a run, within the run's transaction.
struct ResultRecorder {
    let db: Database
    let run: RunResult
    let number: Int64
    private var sentences: [String: Int64] = [:]

    init(db: Database, run: RunResult, number: Int64) {
        self.db = db
        self.run = run
        self.number = number
    }

    mutating func insert(_ original: ExpectationResult, at position: Int) throws {
        let personal = run.personalColumns
        let result = personal.isEmpty ? original : original.maskingValues { personal.contains($0) }
        let expectation = try expectationNumber(result.expectation)
        let reason = try result.outcome.reason.map { try sentenceNumber($0) }
        let sentence = try sentenceNumber(result.sentence)
        let discreet = try result.discreetSentence.map { try sentenceNumber($0) } ?? 0
        let rows = result.rows
        try db.cachedStatement(sql: "INSERT INTO results VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)").execute(
            arguments: StatementArguments(
                [
                    number, position, expectation, result.outcome.stored, result.success, result.severity.stored,
                    reason,
                    sentence, rows?.elementCount, rows?.missingCount, rows?.unexpectedCount, rows?.reportsMissing,
                    result.observedValue?.text(), discreet,
                ] as [(any DatabaseValueConvertible)?]))
        try insertFindings(result, at: position)
    }

    private func insertFindings(_ result: ExpectationResult, at position: Int) throws {
        let counts = result.unexpectedCounts
        guard !result.details.isEmpty || !result.unexpectedRows.isEmpty || counts?.isEmpty != true else { return }
        let rows = result.unexpectedRows.prefix(Ledger.sampleLimit).map { StoredText.json($0) }
        let frequent = counts.map { JSON.array($0.prefix(Ledger.sampleLimit).map { StoredText.json($0) }) }
        try db.cachedStatement(sql: "INSERT INTO findings VALUES (?, ?, ?, ?, ?)").execute(arguments: [
            number, position, result.details.isEmpty ? nil : JSON.object(result.details).text(),
            rows.isEmpty ? nil : JSON.array(rows).text(), counts?.isEmpty == true ? nil : (frequent ?? .null).text(),
        ])
    }

    /// What an expectation asks is stored once for each suite and asset; where it stands and what it is called follow the
    /// suite file.
    private func expectationNumber(_ expectation: ExpectationSummary) throws -> Int64 {
        let upsert = try db.cachedStatement(
            sql: """
                INSERT INTO expectations (suite, asset, fingerprint, type, columns, arguments, severity, author_id, description,
                    file, line, column)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET severity = excluded.severity, author_id = excluded.author_id,
                    description = excluded.description, file = excluded.file, line = excluded.line, column = excluded.column
                RETURNING number
                """)
        let columns = JSON.array(expectation.columns.map { .string($0) })
        let number = try Int64.fetchOne(
            upsert,
            arguments: StatementArguments(
                [
                    run.suite, run.asset, expectation.fingerprint, expectation.type, columns.text(),
                    JSON.object(expectation.arguments).text(), expectation.severity.stored, expectation.id,
                    expectation.description.map { StoredText.fit($0) }, expectation.location?.file,
                    expectation.location?.line, expectation.location?.column,
                ] as [(any DatabaseValueConvertible)?]))
        guard let number else { throw DatabaseError(resultCode: .SQLITE_INTERNAL, message: "no row was returned") }
        return number
    }

    private mutating func sentenceNumber(_ sentence: String) throws -> Int64 {
        let text = StoredText.fit(sentence)
        if let known = sentences[text] { return known }
        let hash = Int64(bitPattern: Hash128(text).high)
        let find = try db.cachedStatement(sql: "SELECT number FROM sentences WHERE hash = ? AND text = ?")
        let number: Int64
        if let known = try Int64.fetchOne(find, arguments: [hash, text]) {
            number = known
        } else {
            try db.cachedStatement(sql: "INSERT INTO sentences (hash, text) VALUES (?, ?)").execute(arguments: [
                hash, text,
            ])
            number = db.lastInsertedRowID
        }
        sentences[text] = number
        return number
    }
}
