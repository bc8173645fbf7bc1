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
    /// Of the keys that outlive the process; `nil` where none do.
    private let keySeed: UInt64?

    /// Ties the expectations to the records' schema.
    ///
    /// `now` is the clock of the run, `timeZone` where timestamps are meant that name no zone: that of the asset which a scan would judge.
    ///
    /// - keySeed: of the memory of keys, where it outlives the process.
    /// - defaultAction: what becomes of records that break a rule which doesn't say itself; `nil` for what its severity says.
    /// - Throws: every expectation that doesn't fit the schema.
    public init(
        _ expectations: [Expectation], schema: Schema, now: Int64, timeZone: ZoneRule = .utc, keySeed: UInt64? = nil,
        defaultAction: OnFail? = nil
    ) throws(GateProblems) {
        var problems: [GateProblems.Problem] = []
        var rules: [GateRule] = []
        var others: [Expectation] = []
        let context = TableContext(schema: schema, partitions: [], now: now, timeZone: timeZone)
        for expectation in expectations where expectation.kind.isRowLevel {
            do throws(PlanError) {
                let bound = try expectation.bound(to: context)
                guard
                    let rule = GateRule(
                        bound, condition: try expectation.predicate(for: schema, timeZone: timeZone),
                        defaultAction: defaultAction)
                else {
                    others.append(expectation)
                    continue
                }
                rules.append(rule)
            } catch  where error.code == "unknown-column" && expectation.onMissingColumn == .skip {
                continue
            } catch {
                problems.append(GateProblems.Problem(expectation: expectation, error: error))
            }
        }
        guard problems.isEmpty else { throw GateProblems(problems: problems) }
        self.rules = rules
        tableExpectations = others + expectations.filter { !$0.kind.isRowLevel }
        self.schema = schema
        self.keySeed = keySeed
        projection = rules.reduce(into: Projection()) { $0.formUnion($1.projection) }
    }

    /// Whether some rule remembers earlier records, so that batches must be settled in order.
    public var hasMemory: Bool {
        rules.contains { $0.hasMemory }
    }

    /// Judges the rows of a batch, each rule once.
    ///
    /// Rules that remember earlier records are left open: see `GateMemory`.
    public func judge(_ batch: Batch) -> GateVerdicts {
        var verdicts = GateVerdicts(rowCount: batch.rowCount, malformed: batch.malformedRows)
        // Conditions that several rules have are asked once; a summary of a column is made once.
        var selections: [Predicate: Bitmap] = [:]
        var summaries: [Int: ColumnSummary] = [:]
        for (index, rule) in rules.enumerated() {
            var selected: Bitmap?
            if let condition = rule.condition {
                let rows = selections[condition] ?? condition.evaluate(batch)
                selections[condition] = rows
                selected = rows
            }
            switch rule.question {
            case .test(let test):
                if let column = test.valueColumn {
                    let summary = summaries[column] ?? batch.column(column).summary(parts(of: column))
                    summaries[column] = summary
                    if test.consideredCount(ifDecidedBy: summary) != nil { continue }
                }
                let answer = test.evaluate(batch)
                let failed = answer.undecided.map { answer.unexpected.union($0) } ?? answer.unexpected
                verdicts.add(failed, of: index, selected: selected)
            case .unique(let key):
                let (considered, hashes) = key.hashes(of: batch, seed: keySeed)
                verdicts.add(hashes, of: index, considered: selected.map { considered.intersection($0) } ?? considered)
            }
        }
        return verdicts
    }

    /// What the column's tests want of its summary.
    private func parts(of column: Int) -> ColumnSummary.Parts {
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
        guard !problems.isEmpty else { return nil }
        var rows = Bitmap(repeating: false, count: rowCount)
        for problem in problems { rows[problem.row] = true }
        return rows
    }
}
