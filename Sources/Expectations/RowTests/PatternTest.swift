import Expressions
import Tables

/// Whether a regular expression matches somewhere in a value's text.
///
/// Missing values are not judged.
struct PatternTest: RowTest {
    let column: Int
    let name: String
    let pattern: String
    let expression: RegularExpression
    let wantsMatch: Bool

    var key: MetricKey {
        MetricKey(wantsMatch ? "values_matching" : "values_not_matching", columns: [name], arguments: pattern)
    }
    var projection: Projection { Projection([column: .text]) }
    var shownColumns: [Int] { [column] }
    var valueColumn: Int? { column }

    func consideredCount(ifDecidedBy summary: ColumnSummary) -> Int? { summary.presentCount == 0 ? 0 : nil }

    func evaluate(_ batch: Batch) -> RowVerdicts {
        let column = batch.column(column)
        let texts = column.texts
        var unexpected = Bitmap(repeating: false, count: batch.rowCount)
        var undecided: Bitmap?
        expression.withMatcher { matcher in
            texts.withCells { bytes, starts, lengths in
                column.present.forEach { row in
                    let start = Int(starts[row])
                    switch matcher.matches(UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(lengths[row])])) {
                    case .match: if !wantsMatch { unexpected[row] = true }
                    case .noMatch: if wantsMatch { unexpected[row] = true }
                    case .undecided:
                        undecided = undecided ?? Bitmap(repeating: false, count: batch.rowCount)
                        undecided?[row] = true
                    }
                }
            }
        }
        return RowVerdicts(considered: column.present, unexpected: unexpected, undecided: undecided)
    }
}
