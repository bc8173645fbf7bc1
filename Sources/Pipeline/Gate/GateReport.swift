import Tables

/// How many records went where, and why.
public struct GateReport: Sendable, Equatable {
    /// Records that came in.
    public private(set) var records = 0
    /// Records that went on, warnings included.
    public private(set) var passed = 0
    public private(set) var quarantined = 0
    public private(set) var dropped = 0
    /// Records that went on although they break a rule that only warns.
    public private(set) var warned = 0
    /// Quarantined records that are no proper records.
    public private(set) var malformed = 0
    /// By rule, in the gate's order: records that break it.
    public private(set) var failures: [Int]
    /// Columns that rules read and of which a record that was looked at had a value.
    private var seen: Set<ColumnName> = []
    /// The rule that stopped the stream; nothing behind the record that broke it was looked at.
    public private(set) var stoppedBy: Int?

    public init(ruleCount: Int) { failures = [Int](repeating: 0, count: ruleCount) }

    /// Columns that a rule reads and no record had a value of: what the rule says was asked of nothing there.
    public func unseenColumns(of rule: GateRule) -> [String] {
        guard records > 0 else { return [] }
        return rule.columnsRead.map(\.name).filter { !seen.contains(column: $0) }
    }

    /// Notes of which of the rules' columns, each named once, the rows of a batch that were looked at have values.
    mutating func note(_ columns: [GateRule.ReadColumn], of batch: Batch, _ split: GateSplit) {
        guard seen.count < columns.count else { return }
        for column in columns where !seen.contains(column: column.name) {
            guard let present = batch.columns[column.index]?.present, split.count(present) > 0 else { continue }
            seen.insert(ColumnName(column.name))
        }
    }

    /// Takes in the first records of a batch that were kept apart, where writing them ended: of the others nothing became.
    mutating func add(_ split: GateSplit, _ verdicts: GateVerdicts, kept: Int) {
        let rows = Bitmap(count: split.quarantined.count, setting: split.quarantined.first(kept))
        records += kept
        quarantined += kept
        malformed += verdicts.malformed.map { $0.intersection(rows).population } ?? 0
        for failure in verdicts.failures { failures[failure.rule] += failure.rows.intersection(rows).population }
    }

    /// Takes in a batch of which every record is in exactly one place.
    ///
    /// - delivered: how many of those that pass did go on, where not all of them did; of the others nothing is told.
    mutating func add(_ split: GateSplit, _ verdicts: GateVerdicts, delivered: Int? = nil) {
        let delivered = delivered ?? split.passed.population
        records += split.rowCount - split.passed.population + delivered
        malformed += verdicts.malformed.map { split.count($0) } ?? 0
        for failure in verdicts.failures { failures[failure.rule] += split.count(failure.rows) }
        stoppedBy = split.stoppedBy
        passed += delivered
        quarantined += split.quarantined.population
        dropped += split.dropped.population
        let gone =
            delivered < split.passed.population
            ? Bitmap(count: split.passed.count, setting: split.passed.first(delivered)) : split.passed
        warned += split.warned.intersection(gone).population
        precondition(records == passed + quarantined + dropped, "every record is in exactly one place")
    }
}
