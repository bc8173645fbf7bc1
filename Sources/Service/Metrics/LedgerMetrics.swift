import Ledger

/// What the ledger tells monitoring: restarts of the process don't set it back.
struct LedgerMetrics {
    let ledger: Ledger
    /// The validations that are told of; `nil` for all that ever ran.
    let known: Set<Validation>?
    /// The time now: microseconds since 1970.
    let now: Int64

    typealias Labels = [(name: String, value: String)]

    func write(to text: inout MetricsText) throws {
        writeTotals(try ledger.runTotals().filter { isKnown($0.validation) }, to: &text)
        writeStandings(try ledger.standings(recent: 1, now: now).filter { isKnown($0.validation) }, to: &text)
    }

    private func isKnown(_ validation: Validation) -> Bool { known?.contains(validation) ?? true }

    private static func labels(_ validation: Validation) -> Labels {
        [("suite", validation.suite), ("asset", validation.asset)]
    }

    private func writeTotals(_ totals: [RunTotals], to text: inout MetricsText) {
        text.family("assay_runs_total", .counter, "Runs of validations.")
        for total in totals {
            text.sample(
                "assay_runs_total", Self.labels(total.validation) + [("outcome", total.outcomeName)],
                Double(total.runCount))
        }
        let sums = Dictionary(grouping: totals, by: \.validation).sorted {
            ($0.key.suite, $0.key.asset) < ($1.key.suite, $1.key.asset)
        }
        func family(_ name: String, _ help: String, _ value: (RunTotals) -> Double) {
            text.family(name, .counter, help)
            for (validation, totals) in sums {
                text.sample(name, Self.labels(validation), totals.reduce(0) { $0 + value($1) })
            }
        }
        family("assay_rows_validated_total", "Rows that were read.") { Double($0.rowCount) }
        family("assay_validation_seconds_total", "Time that validations took.") { $0.seconds }
        text.family("assay_expectation_results_total", .counter, "Results of expectations.")
        for (validation, totals) in sums {
            for (outcome, count) in Self.outcomes {
                text.sample(
                    "assay_expectation_results_total", Self.labels(validation) + [("outcome", outcome)],
                    Double(totals.reduce(0) { $0 + count($1) }))
            }
        }
    }

    private static let outcomes: [(String, @Sendable (RunTotals) -> Int)] = [
        ("passed", { $0.passed }), ("failed", { $0.failed }), ("vacuous", { $0.vacuous }), ("errored", { $0.errored }),
    ]

    private func writeStandings(_ standings: [Standing], to text: inout MetricsText) {
        func family(_ name: String, _ help: String, _ value: (Standing, StoredRun) -> Double?) {
            text.family(name, .gauge, help)
            for standing in standings {
                guard let latest = standing.recent.first, let value = value(standing, latest) else { continue }
                text.sample(name, Self.labels(standing.validation), value)
            }
        }
        family("assay_last_run_timestamp_seconds", "When the latest run began, in seconds since 1970.") {
            Double($1.startedAt) / 1e6
        }
        family("assay_last_run_duration_seconds", "How long the latest run took.") { $1.durationSeconds }
        family("assay_last_run_rows", "Rows that the latest run read.") { Double($1.rowCount) }
        family("assay_last_run_success", "1 where the latest run was a success, else 0.") { $1.success ? 1 : 0 }
        family("assay_failing_since_timestamp_seconds", "When the first of the failing runs began; absent on success.")
        {
            standing, _ in standing.failingSince.map { Double($0.startedAt) / 1e6 }
        }
        text.family("assay_last_run_expectations", .gauge, "Expectations of the latest run by outcome.")
        for standing in standings {
            guard let counts = standing.recent.first?.counts else { continue }
            let outcomes = [
                ("passed", counts.passed), ("failed", counts.failed), ("vacuous", counts.vacuous),
                ("errored", counts.errored),
            ]
            for (outcome, count) in outcomes {
                text.sample(
                    "assay_last_run_expectations", Self.labels(standing.validation) + [("outcome", outcome)],
                    Double(count))
            }
        }
    }
}
