import Tables

/// Whether a value is there.
///
/// Every row is judged.
struct PresenceTest: RowTest {
    let column: Int
    let name: String
    let wantsValue: Bool

    var key: MetricKey { MetricKey(wantsValue ? "values_present" : "values_missing", columns: [name]) }
    var projection: Projection { Projection([column: .presence]) }
    var shownColumns: [Int] { [column] }
    var valueColumn: Int? { column }
    var judgesMissingValues: Bool { true }

    func consideredCount(ifDecidedBy summary: ColumnSummary) -> Int? {
        (wantsValue ? summary.missingCount : summary.presentCount) == 0 ? summary.rowCount : nil
    }

    func evaluate(_ batch: Batch) -> RowVerdicts {
        let present = batch.column(column).present
        return RowVerdicts(
            considered: Bitmap(repeating: true, count: batch.rowCount),
            unexpected: wantsValue ? present.inverted : present)
    }
}
