import Statistics
import Tables

extension ExpectationKind {
    /// Rows are whole: as many fields as the header, valid UTF-8, quotes that end where a field ends.
    static let tableRowsToBeWellFormed = ExpectationKind.rows(
        "expect_table_rows_to_be_well_formed", .table, summary: "rows are whole",
        details: """
            A row with too few or too many fields, with bytes that are no UTF-8 or with text after a closing quote is kept and \
            judged by all other expectations, and it is unexpected here. Every suite has this expectation: where it is not \
            written, it appears in results only when it fails. Vacuous for a table without rows.
            """,
        parameters: []
    ) { arguments throws(SuiteError) in
        let mostly = try arguments.mostly()
        let claim = Claim("rows", holds: "are well formed", fails: "are malformed")
        return Plan(columns: [], claim: claim) { table throws(PlanError) in
            let limit = table.resultFormat.sampleLimit
            let metric = Metric(
                MetricKey("row_problems", arguments: "sample=\(limit)"), projection: Projection(),
                condition: table.condition, empty: RowProblems(sampleLimit: limit)
            ) { problems in [("malformed_row_count", Double(problems.malformed))] }
            let count = ColumnMetrics.rowCount(table)
            return BoundPlan(metrics: [metric, count]) { measurements in
                let problems = measurements.result(metric.key, as: RowProblems.Result.self)
                let rows = measurements.result(count.key, as: Int.self)
                var judgement = Judgement(
                    RowCounts(
                        elementCount: rows, missingCount: 0, unexpectedCount: problems.malformed, reportsMissing: false),
                    mostly: mostly, hasCondition: metric.condition != nil)
                judgement.unexpectedRows = UnexpectedRows(
                    problems.first.map { problem in
                        let place = measurements.places.place(of: problem.position, partition: problem.partition)
                        return UnexpectedRow(
                            values: [.init(column: "problem", value: .text(problem.words))],
                            index: [], partition: place.name, row: place.row, byteOffset: problem.byteOffset)
                    })
                judgement.unexpectedCounts = problems.counts.sorted {
                    ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue)
                }
                .map {
                    UnexpectedCount(values: [.init(column: "problem", value: .text($0.key.rawValue))], count: $0.value)
                }
                return judgement
            }
        }
    }
}
