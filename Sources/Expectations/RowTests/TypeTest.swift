import Tables

/// Whether a value is of a type.
///
/// Missing values are not judged.
///
/// Where the column has the type, its uncomparable values are unexpected; where it hasn't, all of its values are.
struct TypeTest: RowTest {
    let column: Int
    let name: String
    let hasType: Bool
    /// The types as written.
    let spelling: String

    var key: MetricKey { MetricKey("values_of_type", columns: [name], arguments: spelling) }
    var projection: Projection { Projection([column: .values]) }
    var shownColumns: [Int] { [column] }
    var valueColumn: Int? { column }

    func consideredCount(ifDecidedBy summary: ColumnSummary) -> Int? {
        (hasType ? summary.uncomparableCount : summary.presentCount) == 0 ? summary.presentCount : nil
    }

    func evaluate(_ batch: Batch) -> RowVerdicts {
        let column = batch.column(column)
        let unexpected =
            hasType ? column.uncomparable ?? Bitmap(repeating: false, count: batch.rowCount) : column.present
        return RowVerdicts(considered: column.present, unexpected: unexpected)
    }
}
