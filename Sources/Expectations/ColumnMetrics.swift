import Statistics
import Tables

/// The metrics of one column that several kinds ask for: equal ones are gathered once.
enum ColumnMetrics {
    static func moments(of column: String, _ table: TableContext) throws(PlanError) -> Metric {
        let field = try table.field(column)
        guard field.type.isNumeric else {
            throw PlanError(
                code: "wrong-type", message: "\(column) is of type \(field.type), not a number",
                hint: field.type.isTemporal
                    ? "of dates and times there are a minimum, a maximum, a median and quantiles"
                    : numberHint(column, field.type))
        }
        return Metric(
            MetricKey("moments", columns: [column]), projection: Projection([field.index: .values]),
            condition: table.condition, empty: Moments(column: field.index)
        ) { moments in
            [
                ("missing_count", Double(moments.missing)), ("mean", moments.mean), ("sum", moments.sum?.double),
                ("stdev", moments.standardDeviation),
            ]
        }
    }

    static func extremes(of column: String, _ table: TableContext) throws(PlanError) -> (Metric, LogicalType) {
        let field = try table.field(column)
        switch field.type {
        case .binary, .list, .structure, .map:
            throw PlanError(
                code: "wrong-type", message: "\(column) is of type \(field.type), whose values have no order")
        default: break
        }
        let metric = Metric(
            MetricKey("extremes", columns: [column]), projection: Projection([field.index: .values]),
            condition: table.condition, empty: Extremes(column: field.index, type: field.type)
        ) { extremes in
            [
                ("missing_count", Double(extremes.missing)), ("min", extremes.minimum?.double),
                ("max", extremes.maximum?.double),
            ]
        }
        return (metric, field.type)
    }

    static func quantiles(of column: String, _ table: TableContext) throws(PlanError) -> (Metric, LogicalType) {
        let field = try table.field(column)
        guard Quantiles.areKnown(of: field.type) else {
            throw PlanError(
                code: "wrong-type", message: "\(column) is of type \(field.type), neither a number nor a time",
                hint: numberHint(column, field.type))
        }
        let metric = Metric(
            MetricKey("quantiles", columns: [column]), projection: Projection([field.index: .values]),
            condition: table.condition,
            empty: Quantiles(column: field.index, type: field.type, budget: table.memory)
        ) { quantiles in [("missing_count", Double(quantiles.missing))] }
        return (metric, field.type)
    }

    /// Texts may be those of numbers; values of other types are what they are.
    private static func numberHint(_ column: String, _ type: LogicalType) -> String? {
        guard type == .string else { return nil }
        return "declare the column's type in the suite, as in columns: {\(column): {type: float64}}"
    }

    static func presence(of column: String, _ table: TableContext) throws(PlanError) -> Metric {
        let index = try table.index(of: column)
        return Metric(
            MetricKey("presence", columns: [column]), projection: Projection([index: .presence]),
            condition: table.condition, empty: Presence(column: index)
        ) { presence in [("missing_count", Double(presence.missing))] }
    }

    static func groups(
        of columns: [String], ignoring: IgnoreRowIf, _ table: TableContext
    ) throws(PlanError) -> Metric {
        var indices: [Int] = []
        for column in columns { indices.append(try table.index(of: column)) }
        let limit = max(table.resultFormat.sampleLimit, 1)
        return Metric(
            MetricKey(
                "groups", columns: columns,
                arguments: "\(columns.count == 1 ? "" : ignoring.rawValue) sample=\(limit)"),
            projection: Projection(Dictionary(uniqueKeysWithValues: Set(indices).map { ($0, [.values, .text]) })),
            condition: table.condition,
            empty: KeyGroups(columns: indices, ignoring: ignoring, sampleLimit: limit, budget: table.memory)
        ) { groups in
            groups.failure == nil
                ? [("distinct_count", Double(groups.distinct)), ("duplicate_count", Double(groups.repeated))] : []
        }
    }

    static func rowCount(_ table: TableContext) -> Metric {
        Metric(MetricKey("row_count"), projection: Projection(), condition: table.condition, empty: RowCount()) {
            rows in
            [("row_count", Double(rows))]
        }
    }
}
