import Statistics
import Tables

extension Plan {
    /// A plan that compares the smallest or the largest value of a column with bounds.
    static func extreme(
        _ arguments: Arguments, _ word: String, _ pick: @escaping @Sendable (Extremes.Result) -> Value?
    ) throws(SuiteError) -> Plan {
        let column = try arguments.text("column")
        let bounds = try arguments.bounds(.bound)
        let claim = Claim(measure: "the \(word) value of \(column)", bounds.words)
        return .number(columns: [column], claim: claim) { table throws(PlanError) in
            let (metric, type) = try ColumnMetrics.extremes(of: column, table)
            return (metric, try ValueRange(bounds, type: type, column: column, in: table))
        } observe: { (extremes: Extremes.Result) in
            Observation(
                value: pick(extremes), emptyReason: extremes.count == 0 ? "there are no values" : nil,
                uncomparable: extremes.uncomparable, tellsValue: true)
        }
    }
}
