import Expectations
public import Ledger
import Tables

/// An asset: its validations, open incidents, numbers over time and the columns it had.
public struct AssetPage: Sendable {
    /// Values of a series that are drawn, and series that are.
    public static let pointLimit = 200
    public static let seriesLimit = 60

    public let name: String
    public let validations: [ValidationEntry]
    public let incidents: [IncidentEntry]
    public let series: [MetricSeries]
    private let hasMoreSeries: Bool
    /// Newest first.
    public let schemas: [ObservedSchema]

    /// Reads what a ledger has; `nil` where the asset was never validated and nobody plans to; `plans` as for `ValidationEntry.all`,
    /// `now` as for `Ledger.standings`.
    public init?(
        _ name: String, in ledger: Ledger, plans: [PlannedValidation]?, incidents: [IncidentEntry],
        values: ValueRules = ValueRules(), now: Int64
    ) throws(LedgerError) {
        validations = ValidationEntry.all(
            try ledger.standings(ofAsset: name, recent: 30, now: now),
            plans: plans?.filter { $0.validation.asset == name })
        guard !validations.isEmpty else { return nil }
        self.name = name
        self.incidents = incidents
        let found = try ledger.metricSeries(ofAsset: name, seriesLimit: Self.seriesLimit, limit: Self.pointLimit)
        hasMoreSeries = found.count == Self.seriesLimit
        series = values.shown(found, ofAsset: name)
        schemas = try ledger.schemas(ofAsset: name, limit: 20)
    }

    public func html() throws(ReportError) -> String {
        let charts = series.compactMap { LineChart.model($0) }
        let worst = validations.first.map(SiteModels.model) ?? [:]
        var model: [String: Any] = [
            "title": HTMLText.clean(name), "name": HTMLText.clean(name), "footNote": "",
            "status": worst["status"] ?? "", "statusSign": worst["statusSign"] ?? "",
            "statusWord": worst["statusWord"] ?? "",
            "headline": headline,
            "hasIncidents": !incidents.isEmpty,
            "incidents": incidents.prefix(20).map { SiteModels.model($0) },
            "entries": validations.map { SiteModels.model($0) }, "hasCharts": !charts.isEmpty,
            "charts": charts, "hasSchemas": !schemas.isEmpty, "schemas": schemaModels,
            "allPath": "/runs?asset=\(SitePath.segment(name))",
        ]
        if hasMoreSeries {
            model["seriesMore"] = "The first \(Self.seriesLimit) numbers; the API has all."
        }
        return try Self.template.render(model)
    }

    private var headline: String {
        switch validations.first?.state {
        case .failing(let since): "Failing since \(PageWording.time(since.startedAt))"
        case .fine: validations.count == 1 ? "Its suite succeeds" : "All its suites succeed"
        default: ValidationEntry.headline(validations)
        }
    }

    /// What each schema has that the one before had not.
    private var schemaModels: [[String: Any]] {
        schemas.enumerated().map { index, observed in
            let before = schemas.indices.contains(index + 1) ? schemas[index + 1].schema : nil
            return [
                "firstISO": PageWording.iso(observed.firstSeen.startedAt),
                "first": PageWording.time(observed.firstSeen.startedAt),
                "firstPath": SitePath.run(observed.firstSeen.id),
                "columns": Wording.count(observed.schema.fields.count, "column"),
                "isFirst": before == nil,
                "changes": before.map { Self.changes(from: $0, to: observed.schema) } ?? [],
                "fields": observed.schema.fields.prefix(200).map { field in
                    [
                        "fieldName": HTMLText.clean(field.name, limit: 120),
                        "fieldType": HTMLText.clean("\(field.type)", limit: 120),
                    ]
                },
            ]
        }
    }

    private static func changes(from before: Schema, to now: Schema) -> [[String: Any]] {
        let old = Dictionary(before.fields.map { ($0.name, $0) }) { first, _ in first }
        let new = Dictionary(now.fields.map { ($0.name, $0) }) { first, _ in first }
        var changes: [String] = []
        for field in now.fields {
            guard let was = old[field.name] else {
                changes.append("+ \(field.name): \(field.type)")
                continue
            }
            if was.type != field.type { changes.append("\(field.name): \(was.type) → \(field.type)") }
            if was.isNullable != field.isNullable {
                changes.append("\(field.name): \(field.isNullable ? "may be missing now" : "never missing now")")
            }
        }
        changes += before.fields.filter { new[$0.name] == nil }.map { "− \($0.name): \($0.type)" }
        if changes.isEmpty { changes.append("the order of columns") }
        return changes.prefix(50).map { ["change": HTMLText.clean($0, limit: 240)] }
    }

    private static let template = SiteFrame.page(
        """
        <section class="suite"><header class="{{status}}"><p class="crumb"><a href="/">Overview</a> · asset</p>
        <h1 class="name">\(SiteFrame.pill){{name}}</h1><p class="headline">{{headline}}</p></header>
        {{#hasIncidents}}<div class="part"><h2>Open incidents</h2>{{#incidents}}\(SiteModels.incident){{/incidents}}</div>{{/hasIncidents}}
        <div class="part"><h2>Validations</h2>
        \(ValidationTable.table)
        <p class="more"><a href="{{allPath}}">All runs of it</a></p></div>
        {{#hasCharts}}<div class="part"><h2>Numbers over time</h2><div class="grid">{{#charts}}\(LineChart.chart){{/charts}}</div>\
        {{#seriesMore}}<p class="soft more">{{seriesMore}}</p>{{/seriesMore}}</div>{{/hasCharts}}
        {{#hasSchemas}}<div class="part"><h2>Columns</h2><ul class="schema">{{#schemas}}<li><a href="{{firstPath}}">\
        \(SiteFrame.time("first"))</a> {{#isFirst}}<span class="soft">first seen with {{columns}}</span>{{/isFirst}}\
        {{#changes}}<div class="code">{{change}}</div>{{/changes}}<details><summary>{{columns}}</summary><dl class="origin">\
        {{#fields}}<dt><code>{{fieldName}}</code><dd>{{fieldType}}{{/fields}}</dl></details>{{/schemas}}</ul></div>{{/hasSchemas}}
        </section>
        """, part: .overview)
}
