import Statistics
import Tables

extension Plan {
    /// A plan that wants the values of a key to differ from row to row.
    ///
    /// Every member of a group of equals is unexpected.
    ///
    /// The scan counts groups by their hashes; which rows are shown, it knows only by their numbers, so these are fetched
    /// in a second pass, and only where there are any.
    static func unique(
        _ arguments: Arguments, columns: [String], ignoring: IgnoreRowIf, claim: Claim
    ) throws(SuiteError) -> Plan {
        let mostly = try arguments.mostly()
        return Plan(columns: columns, claim: claim) { table throws(PlanError) in
            let metric = try ColumnMetrics.groups(of: columns, ignoring: ignoring, table)
            var keys: [Int] = []
            for column in columns { keys.append(try table.index(of: column)) }
            let sample = try SampleSpecification(table.resultFormat, table)
            let format = table.resultFormat
            let keyColumns = keys
            let showsValues = sample.keepsValues && sample.limit > 0
            return BoundPlan(
                metrics: [metric], uniqueKey: UniqueKey(columns: keys, ignoring: ignoring),
                note: "a second pass fetches the repeated rows, only where there are any",
                followUp: { measurements in
                    let groups = measurements.result(metric.key, as: KeyGroups.Result.self)
                    guard groups.failure == nil else { return nil }
                    let positions = groups.firstRepeated.prefix(sample.limit)
                    let largest = showsValues ? groups.largest.map(\.position) : []
                    guard !positions.isEmpty || !largest.isEmpty else { return nil }
                    return RowRequest(
                        positions: Set(positions).union(largest),
                        columns: (showsValues ? keyColumns : []) + sample.indexColumns)
                },
                judge: { measurements in
                    let groups = measurements.result(metric.key, as: KeyGroups.Result.self)
                    if let failure = groups.failure { return Judgement(.errored(spilling: failure)) }
                    var judgement = Judgement(
                        RowCounts(
                            elementCount: groups.elements, missingCount: groups.elements - groups.considered,
                            unexpectedCount: groups.repeated),
                        mostly: mostly, hasCondition: metric.condition != nil)
                    var rows = SampledRows(budget: table.memory)
                    for position in groups.firstRepeated.prefix(sample.limit) {
                        guard let row = measurements.row(position) else { continue }
                        rows.append(
                            SampledRow(
                                position: position, partition: row.partition, byteOffset: row.byteOffset,
                                values: showsValues ? row.values(of: keyColumns) : [],
                                index: row.values(of: sample.indexColumns)))
                    }
                    rows.settle()
                    judgement.unexpectedRows = UnexpectedRows(
                        rows, values: columns, index: format.unexpectedIndexColumnNames, measurements.places)
                    guard showsValues else { return judgement }
                    judgement.unexpectedCounts = groups.largest.compactMap { group in
                        measurements.row(group.position).map {
                            UnexpectedCount(
                                values: UnexpectedRow.Cell.all(columns, $0.values(of: keyColumns)), count: group.count)
                        }
                    }
                    return judgement
                })
        }
    }
}
