import Tables

extension ExpectationKind {
    /// The number of rows that commits added lies between two bounds.
    static let tableAddedRowCountToBeBetween = ExpectationKind.table(
        "expect_table_added_row_count_to_be_between", .ranges,
        summary: "the number of newly added rows lies between two bounds",
        details: """
            For tables whose format keeps commits (Delta). Counts the rows that the newest commit with new data added or, with \
            within, those of all commits not older than that by the run's clock; 0 where there is none. Commits that \
            rearrange, delete or describe rows add none, and rows that one rewrites count only once. Times are as the commits' \
            writers state them; commits later than the clock plus future_tolerance don't count. Never vacuous: no rows are a \
            number of rows.
            """,
        parameters: Parameter.bounds(.count) + [
            Parameter("within", .duration, "how long before the run's clock; only the newest commit when absent"),
            Parameter(
                "future_tolerance", .duration,
                "how far after the run's clock a commit may lie and still count; 5m when absent"),
        ]
    ) { arguments throws(SuiteError) in
        let bounds = try arguments.bounds(.count)
        let period = arguments["within"] == nil ? nil : try arguments.duration("within")
        let tolerance =
            arguments["future_tolerance"] == nil ? 300 * 1_000_000 : try arguments.duration("future_tolerance")
        let measure =
            period.map { "the number of rows added within \(CivilTime.format(duration: $0))" }
            ?? "the number of rows last added"
        return Plan(columns: [], claim: Claim(measure: measure, bounds.words)) { table throws(PlanError) in
            let range = try ValueRange(bounds, type: .int64, column: "the number of added rows", now: table.now)
            guard let history = table.history else {
                return .decided(Judgement(.errored(reason: "the data has no history of commits, as a Delta table has")))
            }
            return .decided(
                Judgement(
                    added: history, from: period.map { table.now.subtractingClamped($0) },
                    through: table.now.addingClamped(tolerance), range: range))
        }
    }
}

extension Judgement {
    /// On the commits between two times, both inclusive; with no time to begin with, on the newest alone.
    fileprivate init(added history: any VersionedSource, from start: Int64?, through end: Int64, range: ValueRange) {
        let additions: TableAdditions
        do throws(SourceError) {
            additions = try history.additions(after: start.map { $0.subtractingClamped(1) } ?? end)
        } catch {
            self.init(.errored(reason: "the table's log can't be read: \(error.summary)"))
            return
        }
        let past = additions.commits.filter { $0.time <= end }
        let counted =
            start.map { start in past.filter { $0.time >= start } } ?? Array(past.drop { $0.rowCount == 0 }.prefix(1))
        guard start == nil ? !counted.isEmpty || additions.isWhole : additions.isComplete else {
            self.init(.errored(reason: "the table's log doesn't go back that far"))
            return
        }
        var rows = 0
        for commit in counted {
            guard let count = commit.rowCount else {
                self.init(.errored(reason: "version \(commit.version) doesn't tell how many rows it added"))
                return
            }
            rows = Int(Int64(rows).addingClamped(Int64(count)))
        }
        self.init(Observation(value: .integer(Int128(rows))), range: range)
        details.append(JSON.Member("commit_count", .integer(counted.count)))
        if let newest = counted.first, let oldest = counted.last {
            details += [
                JSON.Member("newest_version", .integer(newest.version)),
                JSON.Member("oldest_version", .integer(oldest.version)),
                JSON.Member("newest_time", .string(CivilTime.format(microseconds: newest.time))),
            ]
        }
        let future = additions.commits.count - past.count
        if future > 0 { details.append(JSON.Member("future_count", .integer(future))) }
    }
}
