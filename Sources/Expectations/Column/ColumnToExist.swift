import Tables

extension ExpectationKind {
    /// The table has a column.
    static let columnToExist = ExpectationKind.table(
        "expect_column_to_exist", .schema, summary: "the table has the column",
        details: """
            The name must match exactly, and every file that has rows must have the column. column_index, from 0, says where it \
            must stand.
            """,
        parameters: [
            .column, Parameter("column_index", .count, "where the column must stand, from 0; anywhere when absent"),
        ]
    ) { arguments throws(SuiteError) in
        let column = try arguments.text("column")
        let wanted = arguments["column_index"] == nil ? nil : try arguments.count("column_index")
        let place = wanted.map { " at position \($0 + 1)" } ?? ""
        let claim = Claim("the column \(column)", holds: "is there\(place)", fails: "is not there\(place)")
        return Plan(columns: [column], claim: claim) { table throws(PlanError) in
            let found = table.schema.index(of: column)
            var judgement = Judgement(found != nil && (wanted ?? found) == found ? .passed : .failed)
            if let found, let wanted, found != wanted {
                judgement.statement = "The column \(column) stands at position \(found + 1), not at \(wanted + 1)."
            } else if found == nil {
                let near = Suggestion.nearest(to: column, among: table.schema.names)
                judgement.statement =
                    "There is no column \(column)" + (near.map { ", but one called \($0)." } ?? ".")
            }
            let lacking = table.partitions.filter { partition in
                partition.columns.map { !$0.contains(column) } ?? false
            }
            if found != nil, !lacking.isEmpty {
                judgement.outcome = .failed
                judgement.statement =
                    "The column \(column) is not in \(Wording.list(lacking.map(\.name), limit: 3)), but in other files."
                judgement.details = [JSON.Member("files_without", .array(lacking.map { .string($0.name) }))]
            }
            return .decided(judgement)
        }
    }
}

extension BoundPlan {
    /// A plan that needs no data to be judged.
    static func decided(_ judgement: Judgement) -> BoundPlan { BoundPlan(metrics: []) { _ in judgement } }
}
