import Expectations
import HTTPTypes
import Ledger
import Reports
import Tables

/// Runs, their results, and how validations stand.
struct RunEndpoints {
    let desk: ServiceDesk

    static let suite = Parameter("suite", in: .query, .text(limit: 200), "Of this suite.")
    static let asset = Parameter("asset", in: .query, .text(limit: 500), "Of this asset.")
    static let since = Parameter("since", in: .query, .time, "Then or later.")
    static let until = Parameter("until", in: .query, .time, "Before then.")
    static let validation = [
        Parameter("suite", in: .path, .text(limit: 200), "The suite's name."),
        Parameter("asset", in: .path, .text(limit: 500), "The asset's name."),
    ]

    static func limit(_ most: Int, standard: Int) -> Parameter {
        Parameter("limit", in: .query, .integer(1...most), "As many at most.", standard: "\(standard)")
    }

    var all: [Endpoint] {
        let ledger = desk.ledger
        let values = desk.values
        let id = Parameter("id", in: .path, .text(limit: 200), "The run's id.")
        return [
            .get(
                "/runs", "listRuns", "Runs, newest first.",
                .object([
                    Shape.Property("runs", .array(.named("Run"))),
                    Shape.Property(
                        "next", .nullable(.text()), "Say it as cursor for the next page; null behind the last."),
                ]),
                [
                    Self.suite, Self.asset,
                    Parameter("outcome", in: .query, .choice(Shapes.outcomes), "Which ended like this."), Self.since,
                    Self.until, Self.limit(500, standard: 50),
                    Parameter("cursor", in: .query, .cursor, "Where the page before ended."),
                ], memory: .ledger
            ) { call in
                // One more than is listed says whether there are more.
                let filter = RunFilter(
                    suite: call.text("suite"), asset: call.text("asset"), outcome: call.text("outcome"),
                    since: call.time("since"), until: call.time("until"))
                let runs = try ledger.runs(matching: filter, before: call.number("cursor"), limit: call.limit + 1)
                let page = runs.prefix(call.limit)
                let next = runs.count > page.count ? page.last.map { JSON.string("\($0.number)") } : nil
                return .object([
                    JSON.Member("runs", Documents.array(page, Documents.run)), JSON.Member("next", next ?? .null),
                ])
            },
            .get(
                "/runs/{id}", "getRun", "A run, and the files that it read.",
                .object([
                    Shape.Property("run", .named("Run")),
                    Shape.Property(
                        "files",
                        .array(
                            .object([
                                Shape.Property("name", .text()), Shape.Property("byte_count", .nullable(.integer())),
                                Shape.Property("modified", .nullable(.time)), Shape.Property("row_count", .integer()),
                            ]))),
                ]), [id], memory: .ledger
            ) { call in
                let run = try Self.run(call, ledger)
                return .object([
                    JSON.Member("run", Documents.run(run)),
                    JSON.Member(
                        "files",
                        Documents.array(try ledger.files(ofRun: run.id)) { file in
                            .object([
                                JSON.Member("name", .string(file.name)),
                                JSON.Member("byte_count", file.byteCount.map { .integer($0) } ?? .null),
                                JSON.Member("modified", Documents.time(file.modified)),
                                JSON.Member("row_count", .integer(file.rowCount)),
                            ])
                        }),
                ])
            },
            .get(
                "/runs/{id}/results", "listResults", "What each expectation of a run came to, in the suite's order.",
                .object([Shape.Property("run", .text()), Shape.Property("results", .array(.named("Result")))]), [id],
                memory: .ledger
            ) { call in
                let run = try Self.run(call, ledger)
                let since = try ledger.failingSince(inRun: run.number)
                return .object([
                    JSON.Member("run", .string(run.id)),
                    JSON.Member(
                        "results",
                        Documents.array(try ledger.results(ofRun: run.id)) {
                            Documents.result(
                                $0, ofAsset: run.asset, failingSince: since[$0.fingerprint], values: values)
                        }),
                ])
            },
        ] + validations
    }

    private var validations: [Endpoint] {
        let desk = desk
        let ledger = desk.ledger
        let values = desk.values
        return [
            .get(
                "/validations", "listValidations",
                "How each suite stands on each asset, what is in trouble first, and when it is due.",
                .object([Shape.Property("validations", .array(.named("Validation")))]),
                memory: desk.memoryOfPlans(.ledger)
            ) { _ in
                .object([
                    JSON.Member(
                        "validations", Documents.array(try desk.validations(recent: 1), Documents.validation))
                ])
            },
            .get(
                "/validations/{suite}/{asset}/history", "getHistory",
                "The latest runs of a suite over an asset, newest first, and what each expectation came to in them.",
                .object([
                    Shape.Property("validation", .named("Validation")),
                    Shape.Property("runs", .array(.named("Run"))),
                    Shape.Property(
                        "expectations",
                        .array(
                            .object([
                                Shape.Property("latest", .named("Result")),
                                Shape.Property(
                                    "marks",
                                    .array(
                                        .nullable(
                                            .object([
                                                Shape.Property("outcome", .choice(Shapes.outcomes)),
                                                Shape.Property("success", .boolean),
                                                Shape.Property("unexpected_count", .nullable(.integer())),
                                            ]))), "By run; null where it wasn't asked."),
                            ]))),
                ]), Self.validation + [Self.limit(200, standard: 30)],
                memory: desk.memoryOfPlans(.ledger)
            ) { call in
                guard let entry = try desk.validation(Self.validation(call), recent: call.limit) else {
                    throw Self.unknownValidation
                }
                let recent = entry.standing?.recent ?? []
                // Bounded also where a suite is large: a million outcomes are no answer.
                let most = recent.map(\.counts.evaluated).max() ?? 0
                let runs = Array(recent.prefix(max(1, Self.mostOutcomes / max(1, most))))
                let histories = runs.isEmpty ? [] : try ledger.verdictHistories(runs: runs)
                return .object([
                    JSON.Member("validation", Documents.validation(entry)),
                    JSON.Member("runs", Documents.array(runs, Documents.run)),
                    JSON.Member(
                        "expectations",
                        Documents.array(histories) { history in
                            .object([
                                JSON.Member(
                                    "latest",
                                    Documents.result(
                                        history.latest, ofAsset: entry.validation.asset,
                                        failingSince: history.failingSince, values: values)),
                                JSON.Member("marks", Documents.array(history.marks) { Self.mark($0) }),
                            ])
                        }),
                ])
            },
        ]
    }

    /// Outcomes in one answer.
    private static let mostOutcomes = 100_000

    static func validation(_ call: Call) -> Validation {
        Validation(suite: call.required("suite"), asset: call.required("asset"))
    }

    static let unknownValidation = Refusal(
        status: .notFound, code: "unknown-validation", message: "this suite was never run on this asset",
        hint: "GET /api/v1/validations lists all")

    private static func run(_ call: Call, _ ledger: Ledger) throws -> StoredRun {
        guard let run = try ledger.run(id: call.required("id")) else {
            throw Refusal(status: .notFound, code: "unknown-run", message: "there is no run of this id")
        }
        return run
    }

    private static func mark(_ mark: VerdictHistory.Mark?) -> JSON {
        guard let mark else { return .null }
        return .object([
            JSON.Member("outcome", .string(mark.outcome.name)), JSON.Member("success", .boolean(mark.success)),
            JSON.Member("unexpected_count", Documents.integer(mark.unexpectedCount)),
        ])
    }
}
