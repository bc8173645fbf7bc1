public import Expectations
import Statistics
public import Tables

/// What the rules of a gate say of the rows of a batch.
public struct GateVerdicts: Sendable {
    /// Rows that break a rule; never empty.
    public struct Failure: Sendable {
        /// By the gate's order.
        public let rule: Int
        public let rows: Bitmap
    }

    struct OpenRule: Sendable {
        let rule: Int
        var considered: Bitmap
        var hashes: [Hash128]
    }

    public let rowCount: Int
    /// Rows that are no proper records; `nil` where there are none.
    public let malformed: Bitmap?
    /// By rule, ascending.
    public private(set) var failures: [Failure] = []
    /// Rules that can't be decided by this batch alone.
    private(set) var open: [OpenRule] = []

    init(rowCount: Int, malformed: Bitmap?) {
        self.rowCount = rowCount
        self.malformed = malformed
    }

    mutating func add(_ failed: Bitmap, of rule: Int, selected: Bitmap?) {
        let rows = selected.map { failed.intersection($0) } ?? failed
        if !rows.isEmpty { failures.append(Failure(rule: rule, rows: rows)) }
    }

    mutating func add(_ hashes: [Hash128], of rule: Int, considered: Bitmap) {
        open.append(OpenRule(rule: rule, considered: considered, hashes: hashes))
    }

    /// Takes rows out of what open rules are asked about.
    mutating func excuse(_ rows: Bitmap, from rules: Set<Int>) {
        for place in open.indices where rules.contains(open[place].rule) { open[place].considered.subtract(rows) }
    }

    /// Takes malformed rows out of all that rules say and are still to be asked.
    mutating func excuseMalformed() {
        guard let malformed else { return }
        failures = failures.compactMap { failure in
            let left = failure.rows.subtracting(malformed)
            return left.isEmpty ? nil : Failure(rule: failure.rule, rows: left)
        }
        for place in open.indices { open[place].considered.subtract(malformed) }
    }

    /// Has some rows say what others do, which were judged by the same rules.
    ///
    /// - rows: by the other's rows.
    mutating func replace(_ rows: [Int], by other: GateVerdicts) {
        let places = Bitmap(count: rowCount, setting: rows)
        var failed = Dictionary(
            uniqueKeysWithValues: failures.map { ($0.rule, $0.rows.subtracting(places)) })
        for failure in other.failures {
            var all = failed[failure.rule] ?? Bitmap(repeating: false, count: rowCount)
            failure.rows.forEach { all[rows[$0]] = true }
            failed[failure.rule] = all
        }
        failures = failed.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
            .map { Failure(rule: $0.key, rows: $0.value) }
        for (place, question) in other.open.enumerated() {
            open[place].considered.subtract(places)
            for (number, row) in rows.enumerated() {
                if question.considered[number] { open[place].considered[row] = true }
                open[place].hashes[row] = question.hashes[number]
            }
        }
    }

    /// Decides the open rules: `failed` gives the rows that break one.
    mutating func close(_ failed: [(rule: Int, rows: Bitmap)]) {
        for (rule, rows) in failed where !rows.isEmpty { failures.append(Failure(rule: rule, rows: rows)) }
        failures.sort { $0.rule < $1.rule }
        open = []
    }

    /// Rows that break a rule with one of the actions; malformed ones are among the quarantined.
    public func rows(_ actions: Set<OnFail>, _ rules: [GateRule]) -> Bitmap {
        var rows = Bitmap(repeating: false, count: rowCount)
        if actions.contains(.quarantine), let malformed { rows.formUnion(malformed) }
        for failure in failures where actions.contains(rules[failure.rule].action) { rows.formUnion(failure.rows) }
        return rows
    }
}
