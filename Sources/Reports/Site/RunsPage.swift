public import Ledger
import Tables

/// Runs, newest first, a page at a time.
public struct RunsPage: Sendable {
    public let runs: [StoredRun]
    public let filter: RunFilter
    /// What the address of the next page ends with, behind `before=`; `nil` where there are no more.
    public let next: Int64?

    public init(runs: [StoredRun], filter: RunFilter, next: Int64?) {
        self.runs = runs
        self.filter = filter
        self.next = next
    }

    public func html() throws(ReportError) -> String {
        var model: [String: Any] = [
            "title": "Runs", "footNote": "", "hasRuns": !runs.isEmpty, "runs": runs.map { SiteModels.model($0) },
            "choices": choices,
        ]
        if let words = filterWords { model["filterWords"] = words }
        if let next { model["nextPath"] = path(outcome: filter.outcome, before: next) }
        return try Self.template.render(model)
    }

    private var filterWords: String? {
        let words = [filter.suite.map { "suite \($0)" }, filter.asset.map { "asset \($0)" }].compactMap { $0 }
        return words.isEmpty ? nil : HTMLText.clean(words.joined(separator: ", "))
    }

    private var choices: [[String: Any]] {
        [nil, "failed", "errored", "vacuous", "passed"].map { outcome in
            [
                "choiceName": outcome.map { Headline.word($0) } ?? "All", "isChosen": outcome == filter.outcome,
                "choicePath": path(outcome: outcome, before: nil),
            ]
        }
    }

    private func path(outcome: String?, before: Int64?) -> String {
        let items = [
            filter.suite.map { "suite=\(SitePath.segment($0))" }, filter.asset.map { "asset=\(SitePath.segment($0))" },
            outcome.map { "outcome=\($0)" }, before.map { "before=\($0)" },
        ].compactMap { $0 }
        return "/runs" + (items.isEmpty ? "" : "?" + items.joined(separator: "&"))
    }

    private static let template = SiteFrame.page(
        """
        <div class="lead"><h1>Runs</h1>{{#filterWords}}<p class="soft">of {{filterWords}} · <a href="/runs">all</a></p>{{/filterWords}}</div>
        <section class="suite"><div class="group"><nav aria-label="Outcome">{{#choices}}<a href="{{choicePath}}"\
        {{#isChosen}} aria-current="page"{{/isChosen}}>{{choiceName}}</a>{{/choices}}</nav>
        {{#hasRuns}}
        \(RunTable.table)
        {{/hasRuns}}
        {{^hasRuns}}<p class="soft more">There are no such runs.</p>{{/hasRuns}}
        {{#nextPath}}<p class="more"><a href="{{nextPath}}" rel="next">Older runs</a></p>{{/nextPath}}
        </div></section>
        """, part: .runs)
}
