import Foundation
import Ledger
import Suites
import Tables

/// Which of a store's runs a report is about.
struct ReportChoice {
    /// What means the latest run of each validation, in place of a run's id.
    static let latest = "latest"

    let run: String
    let suite: String?
    let asset: String?
    /// The validations that count where nothing else is said; `nil` where there is no project.
    let validations: [Validation]?

    /// The runs, as the store lists their validations; those that were dated ahead of `now` only where there are no others.
    ///
    /// Errors: what the user asked for and isn't there, and `no-runs` of a store without any.
    func runs(in ledger: Ledger, now: Int64) throws -> [StoredRun] {
        guard run == Self.latest else {
            guard let found = try ledger.run(id: run) else {
                throw UserMistake(
                    "there is no run \"\(run)\" in \(ledger.path)\n  hint: 'assay history' lists the runs with their ids"
                )
            }
            return [found]
        }
        let standings = try ledger.standings(recent: 1, now: now)
        guard !standings.isEmpty else {
            throw LedgerError(
                code: "no-runs", message: "no run is stored here yet", place: ledger.path,
                hint: "'assay validate' judges the data and stores what it finds")
        }
        let all = standings.map(\.validation)
        if let suite, !all.contains(where: { $0.suite == suite }) {
            throw unknown("the suite", suite, among: all.map(\.suite), in: ledger)
        }
        if let asset, !all.contains(where: { $0.asset == asset }) {
            throw unknown("the asset", asset, among: all.map(\.asset), in: ledger)
        }
        let wanted = standings.filter { isWanted($0.validation) }
        guard !wanted.isEmpty else {
            throw UserMistake(
                suite != nil && asset != nil
                    ? "no run of \(suite ?? "") on \(asset ?? "") is stored in \(ledger.path)"
                    : """
                    of the project's validations no run is stored in \(ledger.path)
                      hint: --validation and --asset choose among all that are
                    """)
        }
        return wanted.compactMap(\.recent.first)
    }

    private func isWanted(_ validation: Validation) -> Bool {
        guard suite == nil, asset == nil else {
            return (suite ?? validation.suite) == validation.suite && (asset ?? validation.asset) == validation.asset
        }
        return validations?.contains(validation) ?? true
    }

    private func unknown(_ what: String, _ name: String, among known: [String], in ledger: Ledger) -> UserMistake {
        let near = Suggestion.nearest(to: name, among: known)
        return UserMistake(
            "\(what) \"\(name)\" has no run in \(ledger.path)" + (near.map { "; did you mean \($0)?" } ?? ""))
    }
}
