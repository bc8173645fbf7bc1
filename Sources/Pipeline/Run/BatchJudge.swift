import Delta
import Expectations
import Scan
import Tables

extension Expectation {
    /// Of one about the table: whether a batch is held that isn't as it wants.
    ///
    /// What only warns is for those who validate the table.
    var holdsBatches: Bool { consequences.action() != .warn }
}

/// Judges a batch as a whole, by the gate's expectations about tables: what passed is read again, under its hidden names, by the
/// same engine that judges tables at rest.
struct BatchJudge {
    private let made: BatchInHand.Made
    private let threads: Int
    private let expectations: [Expectation]

    init(_ made: BatchInHand.Made, threads: Int) {
        self.made = made
        self.threads = threads
        // A column that no record had yet has nothing that could be unexpected.
        let columns = made.stage.columns
        let awaited = Set(named: columns.awaited.silver.map { columns.silver.fields[$0].name })
        expectations = made.stage.gate.tableExpectations.filter { expectation in
            expectation.holdsBatches && awaited.isDisjoint(with: Set(named: expectation.columnsRead))
        }
    }

    /// The first of the broken rules in words; `nil` where there is none.
    ///
    /// An expectation that can't be decided is as good as broken. Where all that the rules let through was there before, as of a file
    /// that is delivered again, there is nothing to judge.
    func reasonToHold(now: Int64) async throws -> String? {
        guard !expectations.isEmpty, !made.settlement.silver.isNothingNew else { return nil }
        let layer = made.opened.silver
        let files = made.files[layer.name] ?? []
        let table = made.opened.table(of: layer)
        var source: DeltaSource
        do throws(SourceError) { source = try DeltaSource(table.header.holding(only: files, of: layer.schema)) } catch {
            throw PipelineError(error)
        }
        source.timeZone = made.stage.zone
        let report = await Scanner(threads: threads).judge(expectations, source: source, now: now)
        if let failure = report.failure { return "the batch could not be judged: \(failure.message)" }
        return report.results.first { !$0.success }.map { result in
            "the batch as a whole is not as expected: \(result.sentence)"
        }
    }
}
