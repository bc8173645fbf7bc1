import Expressions
import Tables

/// Which rows are skipped where two columns are compared.
enum IgnorePairIf: String, Sendable, CaseIterable {
    case bothValuesAreMissing = "both_values_are_missing"
    case eitherValueIsMissing = "either_value_is_missing"
    case neither

    func considered(_ left: Column, _ right: Column) -> Bitmap {
        switch self {
        case .bothValuesAreMissing: left.present.union(right.present)
        case .eitherValueIsMissing: left.present.intersection(right.present)
        case .neither: Bitmap(repeating: true, count: left.count)
        }
    }
}

/// Whether two values of a row stand to each other as they should.
///
/// A pair of which one value is missing or uncomparable is unexpected where its row is judged.
struct PairTest: RowTest {
    private let left: Int
    private let right: Int
    private let names: [String]
    private let comparison: Comparison
    private let ignoring: IgnorePairIf
    private let timeZone: ZoneRule

    init(
        _ left: String, _ comparison: Comparison, _ right: String, ignoring: IgnorePairIf, _ table: TableContext
    ) throws(PlanError) {
        let first = try table.field(left)
        let second = try table.field(right)
        guard ColumnPair.areComparable(first.type, second.type) else {
            throw PlanError(
                code: "wrong-type",
                message:
                    "\(left) is of type \(first.type) and \(right) of type \(second.type), which have no order together",
                hint:
                    "declare the types: two numbers, texts, Booleans, dates or times can be compared, or a date and a timestamp"
            )
        }
        (self.left, self.right) = (first.index, second.index)
        names = [left, right]
        self.comparison = comparison
        self.ignoring = ignoring
        timeZone = table.timeZone
    }

    var key: MetricKey {
        MetricKey("pairs_compared", columns: names, arguments: "\(comparison.rawValue) \(ignoring.rawValue)")
    }

    var projection: Projection {
        var projection = Projection([left: .values])
        projection.add(.values, of: right)
        return projection
    }

    var shownColumns: [Int] { [left, right] }

    func evaluate(_ batch: Batch) -> RowVerdicts {
        let (first, second) = (batch.column(left), batch.column(right))
        let considered = ignoring.considered(first, second)
        let expected = ColumnPair.answers(first, comparison, second, in: timeZone, count: batch.rowCount)
            .intersection(first.typed).intersection(second.typed)
        return RowVerdicts(considered: considered, unexpected: considered.subtracting(expected))
    }
}
