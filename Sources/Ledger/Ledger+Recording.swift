public import Expectations
import GRDB
import Tables

extension Ledger {
    /// Failing rows, and frequent unexpected values, that are kept of a result.
    public static let sampleLimit = 200

    /// Stores a run with everything that belongs to it, in one transaction: all of it or nothing.
    ///
    /// `report` is the name of its report's file in the reports directory. Values of personal columns are masked on the way.
    /// Errors: `read-only`, `locked`, `disk-full`, `duplicate-run`, `corrupt`, `input-output`.
    public func record(_ run: RunResult, report: String? = nil) throws(LedgerError) {
        let place = path
        try write { db in try Self.record(run, report: report, db, place: place) }
    }

    static func record(_ run: RunResult, report: String?, _ db: Database, place: String) throws {
        if try Bool.fetchOne(db, sql: "SELECT 1 FROM runs WHERE id = ?", arguments: [run.id]) != nil {
            throw LedgerError.duplicateRun(run.id, place)
        }
        let number = try freeNumber(db, from: run.startedAt)
        try insert(db, run, number: number, report: report)
        for (position, file) in run.files.enumerated() {
            try db.cachedStatement(sql: "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?)").execute(arguments: [
                number, position, file.name, file.byteCount, file.modified, file.rowCount,
            ])
        }
        var recorder = ResultRecorder(db: db, run: run, number: number)
        for (position, result) in run.results.enumerated() { try recorder.insert(result, at: position) }
        try insertMetrics(db, run, number: number)
        try noteSchema(db, run, number: number)
    }

    /// Its start in 1/1024 of a microsecond, or the next number that no run has: a fixed clock must not lose runs.
    private static func freeNumber(_ db: Database, from startedAt: Int64) throws -> Int64 {
        var number = firstNumber(at: startedAt)
        while try Bool.fetchOne(db, sql: "SELECT 1 FROM runs WHERE number = ?", arguments: [number]) != nil {
            number += 1
        }
        return number
    }

    /// The lowest number of runs that began at a time.
    static func firstNumber(at startedAt: Int64) -> Int64 {
        // 64 bits are enough for 285 years from 1970 either way.
        let bound = Int64.max / 1025
        return min(max(startedAt, -bound), bound) * 1024
    }

    private static func insert(_ db: Database, _ run: RunResult, number: Int64, report: String?) throws {
        let statistics = run.statistics
        try db.execute(
            sql: """
                INSERT INTO runs (number, id, suite, asset, started_at, duration, engine_version, suite_fingerprint,
                    data_fingerprint, row_count, byte_count, evaluated, successful, passed, failed, vacuous, errored, outcome,
                    success, failure_code, failure_message, failure_hint, report)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: StatementArguments(
                [
                    number, run.id, run.suite, run.asset, run.startedAt, run.durationSeconds, run.engineVersion,
                    run.suiteFingerprint, run.dataFingerprint, run.rowCount, run.byteCount,
                ] as [(any DatabaseValueConvertible)?])
                + StatementArguments(
                    [
                        statistics.evaluated, statistics.successful, statistics.passed, statistics.failed,
                        statistics.vacuous, statistics.errored, run.outcomeName, run.success, run.failure?.code,
                        run.failure.map { StoredText.fit($0.message) }, run.failure?.hint.map { StoredText.fit($0) },
                        report,
                    ] as [(any DatabaseValueConvertible)?]))
    }

    private static func insertMetrics(_ db: Database, _ run: RunResult, number: Int64) throws {
        let metrics = run.metrics.filter { metric in
            !MetricSeries.tellsValues(metric.name, of: metric.column, in: run.personalColumns)
        }
        for metric in metrics {
            let key: StatementArguments = [run.asset, metric.name, metric.column ?? "", metric.condition ?? ""]
            let find = try db.cachedStatement(
                sql: "SELECT number FROM series WHERE asset = ? AND name = ? AND column = ? AND condition = ?")
            let series: Int64
            if let known = try Int64.fetchOne(find, arguments: key) {
                series = known
            } else {
                try db.cachedStatement(sql: "INSERT INTO series (asset, name, column, condition) VALUES (?, ?, ?, ?)")
                    .execute(arguments: key)
                series = db.lastInsertedRowID
            }
            try db.cachedStatement(sql: "INSERT OR REPLACE INTO metrics VALUES (?, ?, ?)").execute(arguments: [
                series, number, metric.value.isNaN ? nil : metric.value,
            ])
        }
    }

    /// A new row only where the columns differ from the latest; else the latest was seen once more.
    private static func noteSchema(_ db: Database, _ run: RunResult, number: Int64) throws {
        guard !run.schema.fields.isEmpty else { return }
        let fields = SchemaText.text(run.schema)
        let latest = try Row.fetchOne(
            db,
            sql: """
                SELECT number, fields FROM observed_schemas WHERE asset = ? ORDER BY last_run DESC, number DESC LIMIT 1
                """,
            arguments: [run.asset])
        if let latest, latest["fields"] == fields {
            try db.execute(
                sql: """
                    UPDATE observed_schemas SET first_run = min(first_run, :run), last_run = max(last_run, :run)
                    WHERE number = :number
                    """,
                arguments: ["run": number, "number": latest["number"] as Int64])
        } else {
            try db.execute(
                sql: "INSERT INTO observed_schemas (asset, fields, first_run, last_run) VALUES (?, ?, ?, ?)",
                arguments: [run.asset, fields, number, number])
        }
    }
}
