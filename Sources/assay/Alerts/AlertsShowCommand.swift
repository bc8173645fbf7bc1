import Alerts
import ArgumentParser
import Expectations
import Ledger
import Suites
import Tables

struct AlertsShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "An incident: its alerts, what happened, who was told.")

    @ArgumentParser.Argument(
        help: ArgumentHelp(
            "The incident's id, or as much of its beginning as no other shares.", valueName: "incident"))
    var incident: String

    @Option(help: ArgumentHelp("How much of what happened is shown at most, newest first.", valueName: "count"))
    var limit = 100

    @OptionGroup var clock: ClockOptions

    @OptionGroup var output: FormatOptions

    @OptionGroup var project: ProjectOptions

    func validate() throws {
        guard (0...100_000).contains(limit) else {
            throw ValidationError("--limit takes a number from 0 through 100000, not \(limit)")
        }
    }

    func run() throws {
        let path = try project.store()
        let (found, record, events, deliveries) = try StoreErrors.shown {
            let ledger = try Ledger(readingFrom: path)
            let found = try AlertDesk.incident(incident, in: ledger)
            let record = try ledger.alertSubject(found.subject)
            let events = try ledger.alertEvents(ofIncident: found.id, limit: limit)
            return (found, record, events, try ledger.deliveries(of: events))
        }
        let isOpen = record?.incident?.id == found.id
        switch output.format {
        case .table: show(found, isOpen ? record : nil, Array(zip(events, deliveries)))
        case .json:
            Console.standardOutput(
                JSON.object([
                    JSON.Member("version", .integer(1)),
                    JSON.Member("incident", isOpen ? record?.json ?? .null : found.json),
                    JSON.Member("events", .array(events.map(\.json))),
                ]).text(isIndented: true))
        }
    }

    private func show(
        _ incident: IncidentRecord, _ record: SubjectRecord?, _ events: [(AlertEvent, [MessageDelivery])]
    ) {
        let paint = Paint(isOn: Console.usesColors(isTerminal: Console.outputIsTerminal))
        let now = clock.microseconds
        var lines = [
            paint.bold("incident \(incident.id)"),
            "  \(Diagnostics.neutral(incident.subject.asset)), \(incident.severity.rawValue), since \(AlertWording.time(incident.openedAt)): "
                + OpenAlerts.standing(incident, isMuted: record?.isMuted ?? false, project.maintenance(), at: now),
        ]
        for alert in record?.incidentAlerts ?? [] {
            lines.append("")
            lines.append("  \(paint.bold(String(alert.key.prefix(12))))  \(alert.severity.rawValue)  \(alert.type)")
            lines.append("  \(Diagnostics.neutral(alert.sentence))")
            let routes = alert.tellings.keys.sorted().joined(separator: ", ")
            let told = routes.isEmpty ? "nobody" : Diagnostics.neutral(routes)
            lines.append(
                "  \(OpenAlerts.standing(alert, at: now)), since \(AlertWording.time(alert.since)); told: \(told)")
        }
        lines.append("")
        lines += TextGrid(
            "what happened, newest first", heads: ["time", "what", "alert", "route", "who", "note"],
            rows: events.map { event, deliveries in
                let note = [event.note, AlertWording.deliveries(deliveries)].compactMap(\.self)
                return [
                    AlertWording.time(event.at), event.kind.rawValue, event.key.map { String($0.prefix(12)) } ?? "",
                    event.route ?? "", event.actor ?? "", note.joined(separator: "; "),
                ]
            }
        ).lines(paint)
        Console.standardOutput(lines.joined(separator: "\n"))
    }
}
