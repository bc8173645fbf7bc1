import Statistics
import Tables

extension ExpectationKind {
    /// The newest data is no older than `max_age`.
    static let tableToBeFresh = ExpectationKind.aggregate(
        "expect_table_to_be_fresh", .freshness, summary: "the newest data is no older than max_age",
        details: """
            The newest value of a date or timestamp column against the run's clock. Where no column is given: the files' \
            modification time, or of a Delta table the time of the newest commit that added data, as its writer states it. \
            Timestamps without zone are in the asset's timezone; a date counts as its midnight in UTC. Values \
            later than the clock plus future_tolerance don't count and are reported. A table without a time that counts is not \
            fresh.
            """,
        parameters: [
            Parameter("column", .column, "a date or timestamp column; the files' or commits' times when absent"),
            Parameter("max_age", .duration, isRequired: true, "how old the newest data may be"),
            Parameter(
                "future_tolerance", .duration,
                "how far after the run's clock a time may lie and still count; 5m when absent"),
        ]
    ) { arguments throws(SuiteError) in
        let maximum = try arguments.duration("max_age")
        let tolerance =
            arguments["future_tolerance"] == nil ? 300 * 1_000_000 : try arguments.duration("future_tolerance")
        let column = arguments["column"] == nil ? nil : try arguments.text("column")
        let words = CivilTime.format(duration: maximum)
        let claim = Claim(
            column.map { "the newest \($0)" } ?? "the newest data", holds: "is no older than \(words)",
            fails: "is older than \(words)")
        return Plan(columns: column.map { [$0] } ?? [], claim: claim) { table throws(PlanError) in
            guard let column else {
                if let history = table.history {
                    return .commits(history, now: table.now, maximum: maximum, tolerance: tolerance)
                }
                return .files(table, maximum: maximum, tolerance: tolerance)
            }
            let field = try table.field(column)
            guard field.type == .timestamp || field.type == .date else {
                throw PlanError(
                    code: "wrong-type", message: "\(column) is of type \(field.type), not a date or timestamp",
                    hint: "declare the column's type in the suite, as in columns: {\(column): {type: timestamp}}")
            }
            let metric = Metric(
                MetricKey("newest", columns: [column], arguments: "limit=now+\(tolerance)"),
                projection: Projection([field.index: .values]), condition: table.condition,
                empty: Newest(column: field.index, type: field.type, limit: table.now + tolerance)
            ) { newest in
                [
                    ("age_seconds", newest.newest.map { Double(CivilTime.age(of: $0, at: table.now)) / 1_000_000 }),
                    ("future_count", Double(newest.future)),
                ]
            }
            return BoundPlan(metrics: [metric]) { measurements in
                let newest = measurements.result(metric.key, as: Newest.Result.self)
                var judgement = Judgement(
                    newest: newest.newest, now: table.now, maximum: maximum, subject: claim.subject)
                judgement.tellsValue = true
                judgement.addFuture(newest)
                return judgement
            }
        }
    }
}

extension BoundPlan {
    /// Freshness by the commits that added data: those that only rearrange or describe it make nothing fresh.
    fileprivate static func commits(
        _ history: any VersionedSource, now: Int64, maximum: Int64, tolerance: Int64
    ) -> BoundPlan {
        let limit = now.addingClamped(tolerance)
        let additions: TableAdditions
        do throws(SourceError) { additions = try history.additions(after: limit) } catch {
            return .decided(Judgement(.errored(reason: "the table's log can't be read: \(error.summary)")))
        }
        let counted = additions.commits.filter { $0.time <= limit }
        let newest = counted.map(\.time).max() ?? additions.untold.flatMap { $0 <= limit ? $0 : nil }
        guard newest != nil || additions.isWhole else {
            return .decided(Judgement(.errored(reason: "the table's log doesn't go back to a commit that added data")))
        }
        var judgement = Judgement(newest: newest, now: now, maximum: maximum, subject: "the newest data")
        let future = additions.commits.count - counted.count
        if let version = counted.first?.version {
            judgement.details.append(JSON.Member("newest_version", .integer(version)))
        }
        judgement.details.append(JSON.Member("future_count", .integer(future)))
        if future > 0 {
            judgement.statement? +=
                " \(Wording.count(future, "commit")) of a later time than the run's clock did not count."
        }
        return .decided(judgement)
    }

    /// Freshness by the modification time of files.
    fileprivate static func files(_ table: TableContext, maximum: Int64, tolerance: Int64) -> BoundPlan {
        let times = table.partitions.compactMap(\.modified)
        let counted = times.filter { $0 <= table.now + tolerance }
        guard !times.isEmpty else {
            return .decided(Judgement(.errored(reason: "the modification time of the data is not known")))
        }
        var judgement = Judgement(newest: counted.max(), now: table.now, maximum: maximum, subject: "the newest file")
        let future = times.count - counted.count
        judgement.details.append(JSON.Member("future_count", .integer(future)))
        if future > 0 {
            judgement.statement? +=
                " \(Wording.count(future, "file")) of a later time than the run's clock did not count."
        }
        return .decided(judgement)
    }
}

extension Judgement {
    fileprivate init(newest: Int64?, now: Int64, maximum: Int64, subject: String) {
        let start = subject.prefix(1).uppercased() + subject.dropFirst()
        guard let newest else {
            self.init(.failed)
            observedValue = .null
            statement = "\(start) is not known: there is no time that counts, so the data is not fresh."
            return
        }
        let age = CivilTime.age(of: newest, at: now)
        self.init(age <= maximum ? .passed : .failed)
        observedValue = .string(CivilTime.format(microseconds: newest))
        details = [
            JSON.Member("age_seconds", .number((Double(max(0, age)) / 1_000_000).description)),
            JSON.Member("max_age_seconds", .number((Double(maximum) / 1_000_000).description)),
        ]
        let limit = CivilTime.format(duration: maximum)
        let aged = CivilTime.format(duration: max(0, age))
        statement =
            "\(start) is of \(CivilTime.format(microseconds: newest)), \(aged) old"
            + (outcome == .passed ? " (at most \(limit) is allowed)." : ", but at most \(limit) is allowed.")
        discreetStatement = "\(start) is \(outcome == .passed ? "no older" : "older") than the \(limit) allowed."
    }

    fileprivate mutating func addFuture(_ newest: Newest.Result) {
        details.append(JSON.Member("future_count", .integer(newest.future)))
        guard newest.future > 0, let farthest = newest.farthest else { return }
        details.append(JSON.Member("farthest_future", .string(CivilTime.format(microseconds: farthest))))
        statement? +=
            " \(Wording.count(newest.future, "time")) in the future did not count, the farthest "
            + CivilTime.format(microseconds: farthest) + "."
    }
}
