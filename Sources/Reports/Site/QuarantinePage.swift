import Expectations
import Tables

/// What a pipeline kept apart: which rules were broken since when, and the newest records.
public struct QuarantinePage: Sendable {
    public let listing: QuarantineListing

    public init(_ listing: QuarantineListing) { self.listing = listing }

    public func html() throws(ReportError) -> String {
        try Self.template.render([
            "title": HTMLText.clean("Quarantine of \(listing.pipeline)"), "name": HTMLText.clean(listing.pipeline),
            "headline": headline, "footNote": "Values that nobody may see are masked.",
            "isResolved": listing.status != "quarantined",
            "ruleTitle": listing.rules.count > Self.mostRules
                ? "The \(Self.mostRules) of \(Wording.count(listing.rules.count)) rules that were broken most"
                : "Rules that were broken",
            "hasRules": !listing.rules.isEmpty, "hasRecords": !listing.records.isEmpty,
            "rules": listing.rules.prefix(Self.mostRules).map { rule -> [String: Any] in
                [
                    "rule": HTMLText.clean(rule.name), "columns": HTMLText.clean(rule.columns.joined(separator: ", ")),
                    "count": Wording.count(rule.count),
                    "firstISO": PageWording.iso(rule.first), "first": PageWording.time(rule.first),
                    "lastISO": PageWording.iso(rule.last), "last": PageWording.time(rule.last),
                    "file": HTMLText.clean(rule.file ?? "–"),
                ]
            },
            "recordTitle": listing.records.count < listing.count
                ? "The newest \(Wording.count(listing.records.count, "record"))" : "Records",
            "records": listing.records.map { record -> [String: Any] in
                [
                    "id": HTMLText.clean(record.id), "atISO": PageWording.iso(record.at),
                    "at": PageWording.time(record.at),
                    "place": HTMLText.clean("\(record.file):\(record.row)"),
                    "broken": HTMLText.clean(record.rules.joined(separator: ", ")), "values": Self.values(record),
                    "attempt": "\(record.attempt)",
                    "fate": HTMLText.clean(record.resolution ?? "nothing yet", limit: 400),
                ]
            },
        ])
    }

    /// So many rules are shown.
    private static let mostRules = 100

    /// As in `3 records were discarded`.
    private var headline: String {
        let verb = listing.count > 1 ? "were" : "was"
        let count = listing.count == 0 ? "Nothing" : Wording.count(listing.count, "record")
        switch listing.status {
        case "quarantined": return listing.count == 0 ? "Nothing is in quarantine" : "\(count) in quarantine"
        case "all": return "\(count) \(verb) kept apart"
        default: return "\(count) \(verb) \(listing.status)"
        }
    }

    /// What was found in the columns at fault, as in `amount=-1`.
    private static func values(_ record: QuarantineListing.Record) -> String {
        var seen: Set<String> = []
        let texts = (record.errors.items ?? []).flatMap { $0["values"]?.members ?? [] }
            .map { "\($0.name)=\($0.value.text())" }
        return HTMLText.clean(texts.filter { seen.insert($0).inserted }.joined(separator: " "))
    }

    private static let template = SiteFrame.page(
        """
        <div class="lead"><p class="crumb"><a href="/pipelines">Pipelines</a> · {{name}}</p><h1>{{headline}}</h1></div>
        {{#hasRules}}<section class="suite"><div class="group"><h2>{{ruleTitle}}</h2><div class="scroll">\
        <table class="wide stack"><thead><tr><th scope="col">Rule<th scope="col">Columns<th scope="col">First<th scope="col">Latest<th scope="col">In\
        <th scope="col" class="n">Records</thead><tbody>
        {{#rules}}<tr><td><b>{{rule}}</b><td data-label="columns">{{columns}}<td data-label="first">\(SiteFrame.time("first"))<td data-label="latest">\(SiteFrame.time("last"))\
        <td data-label="in">{{file}}<td class="n" data-label="records">{{count}}{{/rules}}
        </tbody></table></div></div></section>{{/hasRules}}
        {{#hasRecords}}<section class="suite"><div class="group"><h2>{{recordTitle}}</h2><div class="scroll">\
        <table class="wide stack"><thead><tr><th scope="col">When<th scope="col">File and row<th scope="col">Rules\
        <th scope="col">Values{{#isResolved}}<th scope="col">What became of it{{/isResolved}}<th scope="col">Id</thead><tbody>
        {{#records}}<tr><td class="nowrap">\(SiteFrame.time("at"))<td>{{place}}<td>{{broken}}<td class="v">{{values}}\
        {{#isResolved}}<td>{{fate}}{{/isResolved}}<td><code>{{id}}</code>{{/records}}
        </tbody></table></div></div></section>{{/hasRecords}}
        """, part: .pipelines)
}
