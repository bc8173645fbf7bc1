import Expectations
import Foundation
import Ledger
import Reports
import Suites

/// The results' database, where one is wanted and can be opened.
struct Store {
    let ledger: Ledger?
    /// Why it can't be opened; runs go on without it.
    let error: LedgerError?
    let path: String?

    init(path: String?) {
        self.path = path
        guard let path else {
            (ledger, error) = (nil, nil)
            return
        }
        if Self.isUsual(path) {
            let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
            // Where this fails, opening the database tells why.
            try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        }
        do throws(LedgerError) {
            ledger = try Ledger(path: path)
            error = nil
        } catch {
            ledger = nil
            self.error = error
        }
    }
}

extension Store {
    /// Whether a store is where projects have it that say nothing of it: its folder is made then, no other one is.
    static func isUsual(_ path: String) -> Bool { "/\(path)".hasSuffix("/\(Project.usualStore)") }

    /// A store that is only looked into; one that isn't there yet has nothing to tell.
    init(readingFrom path: String?) {
        guard let path, FileManager.default.fileExists(atPath: path) else {
            self.init(path: nil)
            return
        }
        do throws(LedgerError) {
            self.init(ledger: try Ledger(readingFrom: path), error: nil, path: nil)
        } catch {
            self.init(ledger: nil, error: error, path: nil)
        }
    }

    /// A store that is open.
    init(_ ledger: Ledger) { self.init(ledger: ledger, error: nil, path: ledger.path) }

    private init(ledger: Ledger?, error: LedgerError?, path: String?) {
        self.ledger = ledger
        self.error = error
        self.path = path
    }

    /// What the asset looked like at its last run.
    ///
    /// A store that can't be read has not forgotten it.
    func previousSchema(ofAsset asset: String) -> PreviousSchema {
        if let error { return .unavailable(error.message) }
        do throws(LedgerError) {
            return try ledger?.latestSchema(ofAsset: asset).map { .known($0) } ?? .none
        } catch {
            return .unavailable(error.message)
        }
    }
}

/// Keeps what came of runs: rows in the store, a page among the reports.
struct Output {
    let store: Store
    let reports: String?
    let values: ValueDisplay
    /// Who is told of what; `nil` where nobody is.
    var alerts: RunAlerts?

    /// The runs for a renderer.
    ///
    /// What the store knew before them is left out where it can't be read: `keep` will say so.
    func report(of runs: [RunResult], values: ValueDisplay, hasHistory: Bool) -> RunReport {
        if hasHistory, let ledger = store.ledger, let report = try? RunReport(runs, from: ledger, values: values) {
            return report
        }
        return RunReport(runs.map { RunReport.Section($0) }, values: values)
    }

    /// Stores and reports the runs and says where; false where something of it failed, which has then been shown.
    func keep(_ runs: [RunResult], isQuiet: Bool) -> Bool {
        var isWhole = true
        if let error = store.error {
            Self.show(error.summary, error.hint, "the results were not stored")
            isWhole = false
        }
        guard let first = runs.first else { return isWhole }
        let name = ReportDirectory.name(startedAt: first.startedAt, runID: first.id)
        // The page is made first: it compares with what the store has so far.
        let report = page(runs, name)
        if reports != nil, report == nil { isWhole = false }
        if let ledger = store.ledger {
            do {
                for run in alerts?.ordered(runs) ?? runs { try record(run, report == nil ? nil : name, in: ledger) }
            } catch {
                let known = error as? LedgerError
                Self.show(known?.summary ?? "\(error)", known?.hint, "the results were not stored")
                isWhole = false
            }
        }
        if let reports, let ledger = store.ledger { isWhole = index(reports, ledger) && isWhole }
        if !isQuiet {
            if let report { Console.standardOutput("report:  \(report)") }
            if isWhole, let path = store.path { Console.standardOutput("results: \(path)") }
        }
        return isWhole
    }

    /// A run and the messages that follow from it, in one transaction.
    private func record(_ run: RunResult, _ report: String?, in ledger: Ledger) throws {
        guard let alerts else { return try ledger.record(run, report: report) }
        try ledger.transaction { transaction in
            try transaction.record(run, report: report)
            try alerts.take(run, report: report, in: transaction)
        }
    }

    private func page(_ runs: [RunResult], _ name: String) -> String? {
        guard let reports else { return nil }
        do {
            let directory = try ReportDirectory(reports)
            let report =
                try store.ledger.map { try RunReport(runs, from: $0, values: values) }
                ?? RunReport(runs.map { RunReport.Section($0) }, values: values)
            return try directory.write(report.html(), as: name)
        } catch let error as ReportError {
            Self.show(error.summary, error.hint, "there is no report")
        } catch let error as LedgerError {
            Self.show(error.summary, error.hint, "there is no report")
        } catch {
            Self.show("\(error)", nil, "there is no report")
        }
        return nil
    }

    private func index(_ reports: String, _ ledger: Ledger) -> Bool {
        do {
            try ReportDirectory(reports).writeIndex(of: ledger)
            return true
        } catch let error as ReportError {
            Self.show(error.summary, error.hint, "the index of reports is not up to date")
        } catch let error as LedgerError {
            Self.show(error.summary, error.hint, "the index of reports is not up to date")
        } catch {
            Self.show("\(error)", nil, "the index of reports is not up to date")
        }
        return false
    }

    private static func show(_ summary: String, _ hint: String?, _ consequence: String) {
        Console.complain(summary, hint: hint)
        Console.standardError("  \(consequence)")
    }
}
