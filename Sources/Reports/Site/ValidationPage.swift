import Expectations
public import Ledger
import Tables

/// A suite over an asset: how it stands, what each of its expectations came to in the latest runs, and the runs.
public struct ValidationPage: Sendable {
    /// Runs that are looked at.
    public static let recent = 48
    /// Expectations that are listed.
    public static let mostExpectations = 200

    public let entry: ValidationEntry
    public let standing: Standing
    public let histories: [VerdictHistory]
    public let values: ValueRules

    /// Reads what a ledger has, which is more than the entry's own runs; `nil` where the suite was never run on the asset.
    public init?(
        _ entry: ValidationEntry, in ledger: Ledger, values: ValueRules = ValueRules()
    ) throws(LedgerError) {
        guard let standing = entry.standing else { return nil }
        self.entry = entry
        self.standing = standing
        histories = try ledger.verdictHistories(runs: standing.recent, limit: Self.mostExpectations)
        self.values = values
    }

    public func html() throws(ReportError) -> String {
        var model = SiteModels.model(entry)
        // Of the validation; names of the whole page are seen by its parts, too.
        model["failing"] = model.removeValue(forKey: "since")
        model["title"] = HTMLText.clean("\(standing.validation.suite) on \(standing.validation.asset)")
        model["headline"] = headline
        model["footNote"] = ""
        model["marksWidth"] = standing.recent.count * Self.step
        model["hasExpectations"] = !histories.isEmpty
        model["expectations"] = sorted.map { self.model($0) }
        if let newest, newest.counts.evaluated > histories.count {
            model["expectationsMore"] = Wording.count(newest.counts.evaluated - histories.count)
            model["newestPath"] = SitePath.run(newest.id)
        }
        model["runs"] = standing.recent.prefix(20).map { SiteModels.model($0) }
        model["allPath"] =
            "/runs?suite=\(SitePath.segment(standing.validation.suite))&asset=\(SitePath.segment(standing.validation.asset))"
        if let ahead = standing.ahead {
            model["ahead"] = SiteModels.model(ahead, as: "ahead")
        }
        if let success = standing.lastSuccess, standing.failingSince != nil {
            model["success"] = SiteModels.model(success, as: "success")
        }
        return try Self.template.render(model)
    }

    /// The latest run that could read its data.
    private var newest: StoredRun? { standing.recent.first { $0.counts.evaluated > 0 } }

    private var headline: String {
        guard let latest = standing.recent.first else { return "" }
        if let failure = latest.failure { return HTMLText.clean(failure.sentence) }
        let counts = newest?.counts ?? latest.counts
        let failing = counts.evaluated - counts.successful
        let all = Wording.count(counts.evaluated, "expectation")
        let verdict =
            failing > 0
            ? "\(Wording.count(failing)) of \(all) \(failing == 1 ? "fails" : "fail")"
            : latest.outcomeName == "vacuous" ? "There was nothing to check: \(all)" : "All is fine: \(all)"
        return switch entry.state {
        case .overdue(let since): "Overdue since \(PageWording.time(since)); at last: \(verdict)"
        case .clockBehind(let end): "Waits for the clock until \(PageWording.time(end)); at last: \(verdict)"
        case .retired: "The project no longer has it; at last: \(verdict)"
        default: verdict
        }
    }

    private var sorted: [VerdictHistory] {
        histories.enumerated().sorted { left, right in
            let (first, second) = (left.element.latest, right.element.latest)
            if first.verdict.success != second.verdict.success { return !first.verdict.success }
            if !first.verdict.success, first.severity != second.severity { return first.severity > second.severity }
            return left.offset < right.offset
        }.map(\.element)
    }

    private static let step = 5

    private func model(_ history: VerdictHistory) -> [String: Any] {
        let shown = values.apply(to: history.latest, ofAsset: standing.validation.asset)
        let outcome = shown.outcome.name
        var model: [String: Any] = [
            "status": outcome, "statusSign": Headline.sign(outcome), "statusWord": Headline.word(outcome),
            "sentence": HTMLText.clean(shown.sentence, limit: 400), "type": HTMLText.clean(shown.expectation.type),
            "columns": HTMLText.clean(shown.expectation.columns.joined(separator: ", ")),
            "hasColumns": !shown.expectation.columns.isEmpty, "severity": shown.severity.rawValue,
            "isFailing": !shown.success, "marks": marks(history.marks), "marksLabel": label(history.marks),
        ]
        if let since = history.failingSince {
            model["since"] = SiteModels.model(since, as: "since")
        }
        return model
    }

    /// Oldest first, as all courses; runs of one outcome in a row are one bar.
    private func marks(_ newestFirst: [VerdictHistory.Mark?]) -> [[String: Any]] {
        var bars: [[String: Any]] = []
        var start = 0
        let outcomes = newestFirst.reversed().map { $0?.outcome.name ?? "absent" }
        for index in outcomes.indices where index + 1 == outcomes.count || outcomes[index + 1] != outcomes[index] {
            bars.append([
                "markOutcome": outcomes[index], "markX": start * Self.step,
                "markWidth": (index + 1 - start) * Self.step - 1,
            ])
            start = index + 1
        }
        return bars
    }

    private func label(_ marks: [VerdictHistory.Mark?]) -> String {
        let asked = marks.compactMap { $0 }
        return
            "\(Wording.count(asked.count(where: \.success))) of the last \(Wording.count(asked.count, "run")) succeeded"
    }

    private static let template = SiteFrame.page(
        """
        <section class="suite"><header class="{{status}}"><p class="crumb"><a href="/">Overview</a> · <a href="{{assetPath}}">{{asset}}</a></p>
        <h1 class="name">\(SiteFrame.pill){{suite}} <span class="soft">on {{asset}}</span></h1>
        <p class="headline">{{headline}}</p>
        {{#ahead}}<p class="soft">A clock that was ahead has dated runs as late as <a href="{{aheadPath}}">\(SiteFrame.time("ahead"))</a>; \
        they don't count as the latest.</p>{{/ahead}}
        <div class="band"><dl class="numbers">
        <div><dt>Latest run</dt><dd><a href="{{runPath}}">\(SiteFrame.time("started"))</a></dd></div>
        {{#failing}}<div><dt>Failing since</dt><dd>\(SiteFrame.linkedTime("since"))</dd></div>{{/failing}}
        {{#success}}<div><dt>Last success</dt><dd>\(SiteFrame.linkedTime("success"))</dd></div>{{/success}}
        <div><dt>Rows</dt><dd>{{rows}}</dd></div><div><dt>Took</dt><dd>{{took}}</dd></div>
        </dl>{{#spark}}<div class="spark"><p class="soft">{{sparkLabel}}</p>{{/spark}}\(SiteFrame.spark){{#spark}}</div>{{/spark}}</div>
        </header>
        {{#hasExpectations}}
        <div class="part"><h2>Expectations</h2>
        <div class="scroll"><table class="wide stack"><thead><tr><th scope="col">Status<th scope="col">What it came to\
        <th scope="col">Failing since<th scope="col">Course</thead><tbody>
        {{#expectations}}
        <tr><td class="{{status}}">\(SiteFrame.pill)<td>{{sentence}}<div class="tags">{{#isFailing}}<span class="tag {{severity}}">\
        {{severity}}</span>{{/isFailing}}<code>{{type}}</code>{{#hasColumns}}<span>{{columns}}</span>{{/hasColumns}}</div>\
        {{#since}}<td data-label="failing since">\(SiteFrame.linkedTime("since")){{/since}}{{^since}}<td class="none">–{{/since}}\
        <td><svg class="marks" viewBox="0 0 {{marksWidth}} 14" width="{{marksWidth}}" height="14" role="img" \
        aria-label="{{marksLabel}}">{{#marks}}<rect class="bar {{markOutcome}}" x="{{markX}}" width="{{markWidth}}" height="14"/>\
        {{/marks}}</svg>
        {{/expectations}}
        </tbody></table></div>
        {{#expectationsMore}}<p class="soft more">And {{expectationsMore}} more, <a href="{{newestPath}}">on the run's page</a>.</p>\
        {{/expectationsMore}}</div>
        {{/hasExpectations}}
        <div class="part"><h2>Runs</h2>
        \(RunTable.table)
        <p class="more"><a href="{{allPath}}">All runs of it</a></p></div>
        </section>
        """, part: .overview)
}
