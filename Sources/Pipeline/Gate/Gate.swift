public import Expectations
import Expressions
import Statistics
public import Tables

/// Judges records one by one by the row-level expectations of a suite: the same tests as a scan's, asked inline.
public struct Gate: Sendable {
    /// In the suite's order.
    public let rules: [GateRule]
    /// Expectations about the table as a whole, which no record can break.
    public let tableExpectations: [Expectation]
    /// What must be read to judge, and to show what failed.
    public let projection: Projection
    let schema: Schema
    private let timeTexts: TimeTexts
    private let rulesByType: GateRules
    /// Of the keys, where they outlive the process or are of columns whose types were guessed; else `nil`.
    private let keySeed: UInt64?

    /// Ties the expectations to the records' schema.
    ///
    /// `now` is the clock of the run, `timeZone` where timestamps are meant that name no zone: that of the asset which a scan would judge.
    ///
    /// - guessed: columns whose types nobody declared, by index: each value is judged by its own (``GateTypes``).
    /// - keySeed: of the memory of keys, where it outlives the process.
    /// - defaultAction: what becomes of records that break a rule which doesn't say itself; `nil` for what its severity says.
    /// - Throws: every expectation that doesn't fit the schema, or is for no types that guessed columns may have.
    public init(
        _ expectations: [Expectation], schema: Schema, guessed: Set<Int> = [], now: Int64, timeZone: ZoneRule = .utc,
        keySeed: UInt64? = nil, defaultAction: OnFail? = nil
    ) throws(GateProblems) {
        let table = TableContext(schema: schema, partitions: [], now: now, timeZone: timeZone)
        timeTexts = TimeTexts(among: guessed, expectations, table, zone: timeZone)
        let open = guessed.subtracting(timeTexts.columns)
        let recipe = GateRecipe(
            expectations: expectations, table: table.retyping(timeTexts.types), guessed: open,
            defaultAction: defaultAction)
        if !open.isEmpty {
            // What is wrong with a suite doesn't depend on what was guessed.
            _ = try recipe.rules(retyping: Dictionary(uniqueKeysWithValues: open.map { ($0, LogicalType.string) }))
        }
        (rules, tableExpectations) = try recipe.rules()
        rulesByType = GateRules(recipe)
        self.schema = schema
        // Keys of columns whose types were guessed are equal whatever types they are read as.
        self.keySeed = keySeed ?? (guessed.isEmpty ? nil : RowHasher.processSeed)
        var projection = rules.reduce(into: Projection()) { $0.formUnion($1.projection) }
        for column in guessed {
            let isJudgedByType = rules.contains {
                $0.expectation.kind.family == .schema && $0.columns.contains(column)
            }
            projection.add(isJudgedByType ? .strays : [.strays, .fitted], of: column)
        }
        self.projection = projection
    }

    /// Whether some rule remembers earlier records, so that batches must be settled in order.
    public var hasMemory: Bool {
        rules.contains { $0.hasMemory }
    }

    /// Judges the rows of a batch, each rule once.
    ///
    /// Malformed rows break no rule besides. Rules that remember earlier records are left open: see `GateMemory`.
    public func judge(_ batch: Batch) -> GateVerdicts {
        var verdicts = verdicts(of: batch)
        for stray in StrayRows.all(of: batch) { verdicts.replace(stray.rows, by: self.verdicts(of: stray.batch)) }
        verdicts.excuseMalformed()
        return verdicts
    }

    private func verdicts(of batch: Batch) -> GateVerdicts {
        let read = timeTexts.read(batch)
        let rules = rulesByType.rules(for: read, usual: rules)
        var verdicts = GateVerdicts(rowCount: batch.rowCount, malformed: batch.malformedRows)
        // Conditions that several rules have are asked once; a summary of a column is made once.
        var selections: [Predicate: Bitmap] = [:]
        var summaries: [Int: ColumnSummary] = [:]
        for (index, rule) in rules.enumerated() {
            let isEstranged = !rule.estranged.isEmpty
            let asked = isEstranged ? read.estranging(rule.estranged) : read
            var selected: Bitmap?
            if let condition = rule.condition {
                let rows = (isEstranged ? nil : selections[condition]) ?? condition.evaluate(asked)
                if !isEstranged { selections[condition] = rows }
                selected = rows
            }
            switch rule.question {
            case .test(let test):
                if let column = test.valueColumn, !isEstranged {
                    let summary = summaries[column] ?? read.column(column).summary(parts(of: column, rules))
                    summaries[column] = summary
                    if test.consideredCount(ifDecidedBy: summary) != nil { continue }
                }
                let answer = test.evaluate(asked)
                let failed = answer.undecided.map { answer.unexpected.union($0) } ?? answer.unexpected
                verdicts.add(failed, of: index, selected: selected)
            case .unique(let key):
                // Keys are of the types that are kept.
                let kept = isEstranged ? batch.estranging(rule.estranged) : batch
                let (considered, hashes) = key.hashes(of: kept, seed: keySeed)
                verdicts.add(hashes, of: index, considered: selected.map { considered.intersection($0) } ?? considered)
            }
        }
        return verdicts
    }

    /// The keys by which rules know the rows of a batch again, of those rules that remember records and no other.
    func keys(of batch: Batch) -> [GateVerdicts.OpenRule] {
        rules.enumerated().compactMap { index, rule in
            guard case .unique(let key) = rule.question else { return nil }
            let kept = rule.estranged.isEmpty ? batch : batch.estranging(rule.estranged)
            let (considered, hashes) = key.hashes(of: kept, seed: keySeed)
            let selected = rule.condition?.evaluate(timeTexts.read(kept))
            return GateVerdicts.OpenRule(
                rule: index, considered: selected.map { considered.intersection($0) } ?? considered, hashes: hashes)
        }
    }

    /// What the column's tests want of its summary.
    private func parts(of column: Int, _ rules: [GateRule]) -> ColumnSummary.Parts {
        rules.reduce(into: []) { parts, rule in
            if case .test(let test) = rule.question, test.valueColumn == column { parts.formUnion(test.summaryParts) }
        }
    }
}

/// Why a gate can't be built: expectations that don't fit the records.
public struct GateProblems: Error, Sendable {
    public struct Problem: Sendable {
        public let expectation: Expectation
        public let error: PlanError
    }

    public let problems: [Problem]
}

extension Batch {
    /// Rows that are malformed as rows, as `expect_table_rows_to_be_well_formed` counts them; `nil` where there are none.
    fileprivate var malformedRows: Bitmap? {
        problems.isEmpty ? nil : Bitmap(count: rowCount, setting: problems.map(\.row))
    }

    /// The batch with some columns as ones of other types would show them.
    fileprivate func estranging(_ types: [Int: LogicalType]) -> Batch {
        var columns = columns
        for (index, type) in types { columns[index] = columns[index]?.uncomparable(as: type) }
        return Batch(ordinal: ordinal, partition: partition, rowCount: rowCount, columns: columns)
    }
}
