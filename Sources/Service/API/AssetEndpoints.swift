import HTTPTypes
import Ledger
import Reports
import Tables

/// Assets: their validations, numbers over time, and the columns that they had.
struct AssetEndpoints {
    let desk: ServiceDesk

    var all: [Endpoint] {
        let desk = desk
        let ledger = desk.ledger
        let name = Parameter("name", in: .path, .text(limit: 500), "The asset's name.")
        return [
            .get(
                "/assets", "listAssets", "Assets that were ever validated, by name.",
                .object([
                    Shape.Property(
                        "assets",
                        .array(
                            .object([
                                Shape.Property("name", .text()), Shape.Property("success", .boolean),
                                Shape.Property("failing_since", .nullable(.named("Reference"))),
                                Shape.Property("suites", .array(.text())),
                                Shape.Property(
                                    "retired", .boolean, "The project has none of its validations any more."),
                            ])))
                ]), memory: desk.memoryOfPlans(.ledger)
            ) { _ in
                let entries = Dictionary(
                    grouping: try desk.validations(recent: 1).filter { $0.standing != nil }, by: \.validation.asset)
                return .object([
                    JSON.Member("assets", Documents.array(entries.sorted { $0.key < $1.key }, Self.asset))
                ])
            },
            .get(
                "/assets/{name}", "getAsset", "An asset's validations, open incidents and columns.",
                .object([
                    Shape.Property("name", .text()), Shape.Property("validations", .array(.named("Validation"))),
                    Shape.Property("incidents", .array(.named("Incident"))),
                    Shape.Property("schemas", .array(.named("Schema")), "Newest first."),
                ]), [name], memory: desk.memoryOfPlans(.ledger)
            ) { call in
                let name = call.required("name")
                let validations = try desk.validations(ofAsset: name, recent: 1)
                guard !validations.isEmpty else { throw Self.unknown }
                return .object([
                    JSON.Member("name", .string(name)),
                    JSON.Member("validations", Documents.array(validations, Documents.validation)),
                    JSON.Member(
                        "incidents",
                        Documents.array(
                            try desk.alerts?.openIncidents(asset: name, limit: 100) ?? [], Documents.incident)),
                    JSON.Member(
                        "schemas", Documents.array(try ledger.schemas(ofAsset: name, limit: 50), Documents.schema)),
                ])
            },
            .written(
                "/assets/{name}/metrics", "listMetrics", "Numbers of an asset over time, newest value first.",
                .object([
                    Shape.Property("asset", .text()), Shape.Property("series", .array(.named("Series"))),
                ]),
                [
                    name, Parameter("name", in: .query, .text(limit: 100), "As in row_count, mean, missing_count."),
                    Parameter("column", in: .query, .text(limit: 500), "Of this column."), RunEndpoints.since,
                    RunEndpoints.limit(10_000, standard: 200),
                ], memory: .ledger
            ) { call in
                let name = call.required("name")
                let filter = MetricFilter(
                    name: call.text("name", in: .query), column: call.text("column"), since: call.time("since"))
                // Bounded also where there are many series: a million values are no answer.
                let seriesLimit = max(1, 200_000 / call.limit)
                let series = try ledger.metricSeries(
                    ofAsset: name, matching: filter, seriesLimit: min(1_000, seriesLimit), limit: call.limit)
                if series.isEmpty, try ledger.runs(asset: name, limit: 1).isEmpty { throw Self.unknown }
                return SeriesDocument(asset: name, series: desk.values.shown(series, ofAsset: name)).bytes
            },
        ]
    }

    /// As its validations say that the project still has; where it has none, as all of them said at last.
    private static func asset(_ name: String, _ entries: [ValidationEntry]) -> JSON {
        let live = entries.filter { $0.state != .retired }
        let meant = (live.isEmpty ? entries : live).sorted { $0.validation.suite < $1.validation.suite }
        let since = meant.compactMap { $0.standing?.failingSince }.min { $0.startedAt < $1.startedAt }
        return .object([
            JSON.Member("name", .string(name)), JSON.Member("success", .boolean(since == nil)),
            JSON.Member("failing_since", Documents.reference(since)),
            JSON.Member("suites", Documents.array(meant) { .string($0.validation.suite) }),
            JSON.Member("retired", .boolean(live.isEmpty)),
        ])
    }

    static let unknown = Refusal(
        status: .notFound, code: "unknown-asset", message: "no suite was ever run on this asset",
        hint: "GET /api/v1/assets lists all")
}
