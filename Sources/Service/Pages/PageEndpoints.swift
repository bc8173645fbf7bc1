import HTTPTypes
import Ledger
import Reports
import Tables

/// The pages that people see.
struct PageEndpoints {
    let desk: ServiceDesk

    private static let runsOnPage = 100

    var all: [Endpoint] {
        [overview, runs, run, report, validation, asset, alerts] + (desk.alerts.map { [change($0)] } ?? [])
            + (desk.pipelines.map { pipelines($0) } ?? [])
    }

    /// What is due, and what pipelines tell, isn't of the ledger alone: a page with it can't be remembered.
    private var overview: Endpoint {
        let desk = desk
        return .page(
            "/", "What is broken and since when.", memory: desk.memoryOfPlans(desk.pipelines == nil ? .ledger : .none)
        ) { _ in
            try Self.overview(desk)
        }
    }

    private static func overview(_ desk: ServiceDesk) throws -> String {
        let isLarge = try desk.ledger.validations().count > OverviewPage.mostValidations
        return try OverviewPage(
            validations: desk.validations(recent: isLarge ? 1 : 30),
            incidents: desk.alerts?.openIncidents(asset: nil, limit: 20) ?? [],
            pipelines: desk.pipelines?.pipelines() ?? [], runs: desk.ledger.latestRuns(limit: 20, now: desk.clock()),
            deadLetters: desk.ledger.undeliveredCount()
        ).html()
    }

    private var runs: Endpoint {
        let ledger = desk.ledger
        return .page(
            "/runs", "Runs, newest first.",
            [
                RunEndpoints.suite, RunEndpoints.asset,
                Parameter("outcome", in: .query, .choice(Shapes.outcomes), "Which ended like this."),
                Parameter("before", in: .query, .cursor, "Where the page before ended."),
            ], memory: .ledger
        ) { call in
            let filter = RunFilter(
                suite: call.text("suite"), asset: call.text("asset"), outcome: call.text("outcome"))
            let found = try ledger.runs(matching: filter, before: call.number("before"), limit: Self.runsOnPage + 1)
            let page = Array(found.prefix(Self.runsOnPage))
            let next = found.count > page.count ? page.last?.number : nil
            return try RunsPage(runs: page, filter: filter, next: next).html()
        }
    }

    private var run: Endpoint {
        let desk = desk
        return .page(
            "/runs/{id}", "A run.", [Parameter("id", in: .path, .text(limit: 200), "Its id.")], memory: .ledger
        ) { call in
            guard
                let page = try StoredRunPage(
                    call.required("id"), in: desk.ledger, values: desk.values, hasReport: desk.reports != nil)
            else { throw Refusal(status: .notFound, code: "unknown-run", message: "there is no run of this id") }
            return try page.html()
        }
    }

    private var report: Endpoint {
        let desk = desk
        return .page(
            "/reports/{name}", "A report's file.", [Parameter("name", in: .path, .text(limit: 255), "Its name.")]
        ) { call in
            let name = call.required("name")
            // Reports point at the list beside them, which is the overview here.
            if name == "index.html" { return try Self.overview(desk) }
            guard let directory = desk.reports, try desk.ledger.run(report: name) != nil,
                let text = ReportFile.text(name, in: directory)
            else {
                throw Refusal(status: .notFound, code: "unknown-report", message: "there is no report of this name")
            }
            return text
        }
    }

    private var validation: Endpoint {
        let desk = desk
        return .page(
            "/validations/{suite}/{asset}", "A suite over an asset.", RunEndpoints.validation,
            memory: desk.memoryOfPlans(.ledger)
        ) { call in
            guard
                let entry = try desk.validation(RunEndpoints.validation(call), recent: ValidationPage.recent),
                let page = try ValidationPage(entry, in: desk.ledger, values: desk.values)
            else { throw RunEndpoints.unknownValidation }
            return try page.html()
        }
    }

    private var asset: Endpoint {
        let desk = desk
        return .page(
            "/assets/{name}", "An asset.", [Parameter("name", in: .path, .text(limit: 500), "Its name.")],
            memory: desk.memoryOfPlans(.ledger)
        ) { call in
            let name = call.required("name")
            let incidents = try desk.alerts?.openIncidents(asset: name, limit: 20) ?? []
            guard
                let page = try AssetPage(
                    name, in: desk.ledger, plans: desk.schedules?.plans(), incidents: incidents, values: desk.values,
                    now: desk.clock())
            else {
                throw AssetEndpoints.unknown
            }
            return try page.html()
        }
    }

    private var alerts: Endpoint {
        let (alerts, outbox) = (desk.alerts, desk.outbox)
        return .page(withForms: "/alerts", "Open incidents, and what happened.") { call in
            try AlertsPage(
                incidents: alerts?.openIncidents(asset: nil, limit: 100) ?? [],
                events: alerts?.events(incident: nil, limit: 100) ?? [],
                letters: outbox?.deadLetters(limit: 500).filter { !$0.isSuperseded }.prefix(50).map { $0 } ?? [],
                actor: call.actor
            ).html()
        }
    }

    /// What the buttons of an incident do.
    private func change(_ alerts: any AlertBook) -> Endpoint {
        .form(
            "/alerts/{incident}", "Acknowledges an incident, snoozes it, or ends its snooze.",
            [
                AlertEndpoints.incident,
                Parameter("by", in: .body, .text(limit: 100), "Who does it.", isRequired: true),
                Parameter(
                    "do", in: .body, .choice(IncidentForm.Action.allCases.map(\.rawValue)), "What.", isRequired: true),
                Parameter(
                    "for", in: .body, .choice(IncidentForm.Length.allCases.map(\.rawValue)), "For how long.",
                    standard: IncidentForm.Length.shift.rawValue),
            ]
        ) { call in
            let (incident, person) = (AlertTarget(incident: call.required("incident")), call.person)
            let found =
                switch IncidentForm.Action(rawValue: call.required("do")) {
                case .acknowledge: try alerts.acknowledge(incident, until: nil, by: person, note: nil, at: call.now)
                case .snooze:
                    try alerts.snooze(
                        incident,
                        until: call.now.addingClamped(
                            IncidentForm.Length(rawValue: call.required("for"))?.microseconds ?? 0), by: person,
                        note: nil, at: call.now)
                case .unsnooze: try alerts.unsnooze(incident, by: person, note: nil, at: call.now)
                case nil: nil as IncidentEntry?
                }
            guard found != nil else { throw AlertEndpoints.unknown }
            return "/alerts"
        }
    }

    private func pipelines(_ book: any PipelineBook) -> [Endpoint] {
        [
            .page("/pipelines", "How pipelines fare.") { _ in try PipelinesPage(book.pipelines()).html() },
            .page(
                "/pipelines/{name}/quarantine", "What a pipeline kept apart.",
                [PipelineEndpoints.name, PipelineEndpoints.status] + PipelineEndpoints.selection(.query)
            ) { call in
                guard
                    let listing = try book.quarantine(
                        call.required("name"), PipelineEndpoints.filter(call), limit: 100, isUnwanted: call.isUnwanted)
                else { throw PipelineEndpoints.unknown }
                return try QuarantinePage(listing).html()
            }.on(.records),
        ]
    }
}
