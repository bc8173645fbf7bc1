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
        let hashes: [Hash128]
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
