public import Ledger

/// The page of a run as the ledger remembers it: what the report has, but for what only the report's file keeps.
public struct StoredRunPage: Sendable {
    private let report: RunReport
    private let run: StoredRun
    private let hasReport: Bool

    /// Reads a run from a ledger; `nil` where there is none.
    ///
    /// `hasReport` says that the page can point at the report's file.
    public init?(
        _ id: String, in ledger: Ledger, values: ValueRules = ValueRules(), hasReport: Bool
    ) throws(LedgerError) {
        guard let stored = try ledger.run(id: id) else { return nil }
        report = RunReport(
            [try RunReport.Section(stored, in: ledger, values: values)], values: values.display)
        run = stored
        self.hasReport = hasReport && stored.report != nil
    }

    public func html() throws(ReportError) -> String {
        var model = report.model
        model["validationPath"] = SitePath.validation(suite: run.suite, asset: run.asset)
        model["validationName"] = HTMLText.clean("\(run.suite) on \(run.asset)")
        if hasReport, let name = run.report { model["reportPath"] = SitePath.report(name) }
        return try RunTemplate.sitePage.render(model)
    }
}
