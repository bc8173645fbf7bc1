import Suites
import Tables

/// The open windows of a gold table, between batches and in one.
///
/// A reference, since the windows may be many and are never copied.
// @unchecked: a batch's run touches it under its lock, and the driver only before and after the run.
final class GoldMemory: @unchecked Sendable {
    let stage: GoldStage
    private var windows: WindowOperator
    private(set) var counts: HopCounts
    /// Rows that were late or could not be aggregated, of the batch at hand.
    private(set) var aside = 0

    /// Opens what the state has.
    ///
    /// Error: `schema-mismatch` where windows are open that another definition began.
    init(_ stage: GoldStage, _ state: PipelineState) throws(PipelineError) {
        self.stage = stage
        counts = HopCounts(stage.name)
        guard let stored = try state.windows(of: stage.name) else {
            windows = WindowOperator(stage.plan)
            return
        }
        try stage.check(begunAs: stored.fingerprint)
        do throws(WindowStateError) {
            windows = try WindowOperator(stage.plan, rows: stored.rows, watermark: stored.watermark)
        } catch {
            throw PipelineError(.corrupt, error.message, place: stage.name, hint: error.hint)
        }
    }

    /// Takes in rows of silver that go on; gives those that are late, and those with a problem.
    func take(_ input: WindowInput, _ rows: Bitmap) -> (late: Bitmap, problems: Bitmap) {
        let late = windows.late(input).intersection(rows)
        let problems = input.problems.intersection(rows)
        let kept = rows.subtracting(late).subtracting(problems)
        windows.fold(WindowPartial(input, kept, stage.plan))
        counts.input += rows.population
        counts.output += kept.population
        counts.late += late.population
        counts.quarantined += problems.population
        return (late, problems)
    }

    /// Microseconds since 1970-01-01T00:00:00Z; `nil` before there is one.
    var watermark: Int64? { windows.watermark }

    /// What the batch changes, and the rows of windows that it closes; of a flush, all that don't begin too far ahead of its clock.
    func prepare(flushAt clock: Int64?) -> (change: WindowStateChange, closed: ClosedWindows) {
        windows.prepare(flushAt: clock)
    }

    func commit() {
        windows.commit()
        counts = HopCounts(stage.name)
    }

    func rollBack() {
        windows.rollBack()
        counts = HopCounts(stage.name)
    }
}
