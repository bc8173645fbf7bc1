import Expectations
public import Ledger
import Tables

/// The service's first page: what is broken and since when, then all validations, pipelines and the latest runs.
public struct OverviewPage: Sendable {
    /// Validations that are listed; of more, courses aren't drawn.
    public static let mostValidations = 200

    public let validations: [ValidationEntry]
    /// Open ones.
    public let incidents: [IncidentEntry]
    public let pipelines: [PipelineEntry]
    /// Newest first.
    public let runs: [StoredRun]
    /// How many messages of alerts were given up, and had no later one after them.
    public let deadLetters: Int

    public init(
        validations: [ValidationEntry], incidents: [IncidentEntry], pipelines: [PipelineEntry], runs: [StoredRun],
        deadLetters: Int = 0
    ) {
        self.deadLetters = deadLetters
        self.validations = validations
        self.incidents = incidents
        self.pipelines = pipelines
        self.runs = runs
    }

    public func html() throws(ReportError) -> String {
        let headline = ValidationEntry.headline(validations)
        return try Self.template.render([
            "title": headline, "headline": headline, "footNote": "",
            "hasIncidents": !incidents.isEmpty, "incidents": incidents.prefix(20).map { SiteModels.model($0) },
            "letters": deadLetters > 0 ? [["letterCount": Wording.count(deadLetters, "message")]] : [],
            "hasRuns": !runs.isEmpty, "hasEntries": !validations.isEmpty,
            "entries": validations.prefix(Self.mostValidations).map { SiteModels.model($0) },
            "entriesMore": validations.count > Self.mostValidations
                ? [["entriesMoreCount": Wording.count(validations.count - Self.mostValidations)]] : [],
            "hasPipelines": !pipelines.isEmpty, "pipelines": pipelines.map { PipelinesPage.model($0) },
            "runs": runs.map { SiteModels.model($0) },
        ])
    }

    private static let template = SiteFrame.page(
        """
        <div class="lead"><h1>{{headline}}</h1>\
        {{#letters}}<p><a href="/alerts">{{letterCount}} of alerts could not be delivered</a></p>{{/letters}}</div>
        {{#hasIncidents}}
        <section class="suite" aria-labelledby="incidents"><div class="group"><h2 id="incidents">Open incidents</h2>
        {{#incidents}}\(SiteModels.incident){{/incidents}}
        </div></section>
        {{/hasIncidents}}
        {{#hasEntries}}
        <section class="suite" aria-labelledby="validations"><div class="group"><h2 id="validations">Validations</h2>
        \(ValidationTable.table)\
        {{#entriesMore}}<p class="soft more">And {{entriesMoreCount}} more in less trouble: the interface lists all.</p>{{/entriesMore}}
        </div></section>
        {{/hasEntries}}
        {{#hasPipelines}}
        <section class="suite" aria-labelledby="pipelines"><div class="group"><h2 id="pipelines">Pipelines</h2>
        <div class="scroll"><table class="wide stack"><thead><tr><th scope="col">State<th scope="col">Pipeline\
        <th scope="col">Latest batch<th scope="col" class="n">Waiting<th scope="col" class="n">In quarantine</thead><tbody>
        {{#pipelines}}
        <tr><td class="{{status}}">\(SiteFrame.pill)<td><a href="{{path}}">{{name}}</a><td>{{#last}}\(SiteFrame.time("last"))\
        {{/last}}{{^last}}–{{/last}}<td class="n">{{backlog}}<td class="n"><a href="{{quarantinePath}}">{{quarantined}}</a>
        {{/pipelines}}
        </tbody></table></div></div></section>
        {{/hasPipelines}}
        {{#hasRuns}}
        <section class="suite" aria-labelledby="runs"><div class="group"><h2 id="runs">Latest runs</h2>
        \(RunTable.table)
        <p class="more"><a href="/runs">All runs</a></p></div></section>
        {{/hasRuns}}
        {{^hasRuns}}<p class="soft">Every run that is recorded appears here.</p>{{/hasRuns}}
        """, part: .overview)
}

/// Validations, one a line: what fails, since when, its latest runs, and when it is due.
enum ValidationTable {
    static let table = """
        <div class="scroll"><table class="wide stack"><thead><tr><th scope="col">Status<th scope="col">Validation\
        <th scope="col">Latest verdict<th scope="col">Latest run<th scope="col">Next run\
        <th scope="col">Course</thead><tbody>
        {{#entries}}
        <tr><td class="{{status}}">\(SiteFrame.pill)<td>{{#hasRun}}<a href="{{validationPath}}">{{suite}}</a> <span class="soft">on \
        <a href="{{assetPath}}">{{asset}}</a></span>{{/hasRun}}{{^hasRun}}{{suite}} <span class="soft">on {{asset}}</span>{{/hasRun}}\
        <td>{{verdict}}{{#since}} <span class="soft small">failing since \
        \(SiteFrame.linkedTime("since"))</span>{{/since}}\
        {{#hasRun}}<td data-label="latest run"><a href="{{runPath}}">\(SiteFrame.time("started"))</a>{{/hasRun}}\
        {{^hasRun}}<td class="none">–{{/hasRun}}\
        {{#next}}<td data-label="next run">\(SiteFrame.time("next")) {{/next}}{{^next}}<td>{{/next}}\
        {{#plan}}<span class="soft small">{{schedule}}</span>{{/plan}}<td>\(SiteFrame.spark)
        {{/entries}}
        </tbody></table></div>
        """
}

/// Runs, one a line.
enum RunTable {
    static let table = """
        <div class="scroll"><table class="wide stack"><thead><tr><th scope="col">Status<th scope="col">Started\
        <th scope="col">Validation<th scope="col">Verdict<th scope="col" class="n">Rows<th scope="col" class="n">Took</thead><tbody>
        {{#runs}}
        <tr><td class="{{status}}">\(SiteFrame.pill)<td><a href="{{runPath}}">\(SiteFrame.time("started"))</a>\
        <td><a href="{{validationPath}}">{{suite}}</a> <span class="soft">on <a href="{{assetPath}}">{{asset}}</a></span>\
        <td>{{verdict}}<td class="n">{{rows}}<td class="n">{{took}}
        {{/runs}}
        </tbody></table></div>
        """
}
