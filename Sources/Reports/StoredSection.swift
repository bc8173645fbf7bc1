import Expectations
public import Ledger
import Tables

extension RunReport.Section {
    /// A run as a ledger remembers it, with its history; columns that are personal by now are masked as well.
    public init(_ stored: StoredRun, in ledger: Ledger, values: ValueRules) throws(LedgerError) {
        let result = RunResult(
            stored, results: try ledger.results(ofRun: stored.id), files: try ledger.files(ofRun: stored.id),
            personalColumns: values.personal(of: stored.asset))
        let history = RunHistory(
            previous: try ledger.previousRun(before: result),
            failingSince: try ledger.failingSince(inRun: stored.number),
            recent: try ledger.runs(
                matching: RunFilter(suite: stored.suite, asset: stored.asset), before: stored.number + 1, limit: 30))
        self.init(result, history: history)
    }
}

extension RunResult {
    /// A run as it was stored: values that had to be masked are, and there are as many samples as the ledger keeps.
    init(_ run: StoredRun, results: [StoredResult], files: [FileResult], personalColumns: Set<String>) {
        self.init(
            id: run.id, suite: run.suite, asset: run.asset, startedAt: run.startedAt,
            durationSeconds: run.durationSeconds, engineVersion: run.engineVersion,
            suiteFingerprint: run.suiteFingerprint, dataFingerprint: run.dataFingerprint, schema: Schema([]),
            files: files, rowCount: run.rowCount, byteCount: run.byteCount,
            results: results.map { ExpectationResult($0) }, metrics: [], failure: run.failure,
            personalColumns: personalColumns)
    }
}

extension ExpectationResult {
    init(_ stored: StoredResult) {
        self.init(
            expectation: ExpectationSummary(
                type: stored.type, arguments: stored.arguments, columns: stored.columns, severity: stored.severity,
                id: stored.id, location: stored.location, fingerprint: stored.fingerprint,
                description: stored.description),
            outcome: stored.verdict.outcome, success: stored.verdict.success, severity: stored.severity,
            rows: stored.verdict.rows, observedValue: stored.verdict.observedValue,
            unexpectedRows: UnexpectedRows(stored.unexpectedRows.map { UnexpectedRow($0) }),
            unexpectedCounts: stored.unexpectedCounts?.map { UnexpectedCount($0) }, details: stored.details,
            sentence: stored.sentence, discreetSentence: stored.discreetSentence)
    }
}

extension UnexpectedRow {
    fileprivate init(_ stored: JSON) {
        self.init(
            values: Self.cells(stored["values"]), index: Self.cells(stored["index"]),
            partition: stored["file"]?.string ?? "", row: Int(stored["row"]?.integer ?? 0),
            byteOffset: stored["byte_offset"]?.integer)
    }

    fileprivate static func cells(_ stored: JSON?) -> [Cell] {
        (stored?.members ?? []).map { Cell(column: $0.name, value: Value(stored: $0.value)) }
    }
}

extension UnexpectedCount {
    fileprivate init(_ stored: JSON) {
        self.init(values: UnexpectedRow.cells(stored["values"]), count: Int(stored["count"]?.integer ?? 0))
    }
}

extension Value {
    /// What is shown of a stored value: its type is gone, its digits are not.
    fileprivate init(stored: JSON) {
        switch stored {
        case .null: self = .missing
        case .boolean(let value): self = .boolean(value)
        case .number(let digits): self = Int128(digits).map { .integer($0) } ?? .text(digits)
        case .string(let text): self = .text(text)
        case .array, .object: self = .text(stored.text())
        }
    }
}
