import Alerts
import ArgumentParser
import Ledger
import Schedules
import Suites
import Tables

/// What a person says of an incident or alert, and who.
struct AlertOptions: ParsableArguments {
    @ArgumentParser.Argument(
        help: ArgumentHelp(
            "The incident's id, or as much of its beginning as no other shares.", valueName: "incident"))
    var incident: String

    @Option(
        help: ArgumentHelp(
            "The key of one of its alerts, or its beginning. The whole incident when absent.", valueName: "key"))
    var alert: String?

    @Option(help: ArgumentHelp("Words that are kept with it, and told to those who know.", valueName: "text"))
    var note: String?

    @OptionGroup var actor: ActorOptions

    @OptionGroup var clock: ClockOptions

    @OptionGroup var output: FormatOptions

    @OptionGroup var project: ProjectOptions

    var target: AlertDesk.Target { alert.map { .alert(incident, key: $0) } ?? .incident(incident) }

    /// Who says it.
    var person: String { actor.person }

    /// Does it in a transaction, and prints what has become of the incident.
    ///
    /// Messages that follow wait in the store for the service to send them.
    func carryOut(
        _ body: (AlertDesk, AlertDesk.Target, _ now: Int64, LedgerTransaction) throws -> [AlertMessage]
    ) throws {
        let project = try self.project.load()
        let desk = AlertDesk(project)
        let now = clock.microseconds
        // Messages are addressed, for which the routes that they go to must be known.
        let (messages, listing) = try Mistakes.shown {
            try StoreErrors.shown {
                let ledger = try Ledger.existing(at: project.store)
                let messages = try ledger.transaction { try body(desk, target, now, $0) }
                let found = try ledger.incidents(withPrefix: incident).first
                return (messages, try found.flatMap { try ledger.incidentListing($0.id, alerts: 0) })
            }
        }
        guard let listing else { return }
        switch output.format {
        case .table: Console.standardOutput(told(listing, messages, project.maintenance, at: now))
        case .json:
            Console.standardOutput(
                JSON.object([
                    JSON.Member("version", .integer(1)), JSON.Member("incident", listing.incident.json),
                    JSON.Member("messages", .array(messages.map { $0.json })),
                ]).text(isIndented: true))
        }
    }

    private func told(
        _ listing: IncidentListing, _ messages: [AlertMessage], _ windows: [MaintenanceWindow], at now: Int64
    ) -> String {
        let incident = listing.incident
        let what = Diagnostics.neutral((alert.map { "alert \($0) of " } ?? "") + incident.subject.asset)
        let standing = OpenAlerts.standing(incident, isMuted: listing.isMuted, windows, at: now)
        let head = "\(what) (\(incident.id.prefix(12))): \(standing)"
        let routes = messages.map(\.route).sorted()
        return head + (routes.isEmpty ? "" : "\n  to be told: \(Diagnostics.neutral(routes.joined(separator: ", ")))")
    }
}

/// How incidents and alerts stand, in words.
enum OpenAlerts {
    /// How an incident stands, in words.
    ///
    /// `isMuted` says whether all that fails of it follows from incidents upstream; nothing is told in one of the project's windows.
    static func standing(
        _ incident: IncidentRecord, isMuted: Bool, _ windows: [MaintenanceWindow], at now: Int64
    ) -> String {
        if let end = incident.closedAt {
            return incident.isSettled
                ? "over since \(AlertWording.time(end))" : "over, which not everybody could be told yet"
        }
        var words: [String] = []
        if let mark = incident.acknowledgement, mark.holds(at: now) { words.append(text(mark, "acknowledged")) }
        if let mark = incident.snooze, mark.holds(at: now) { words.append(text(mark, "snoozed")) }
        if words.isEmpty { words.append(isMuted ? "muted" : "open") }
        if let window = windows.open(for: incident.subject.asset, at: now) {
            let reason = window.reason.map { " (\(Diagnostics.neutral($0)))" } ?? ""
            words.append("in maintenance until \(AlertWording.time(window.end))\(reason)")
        }
        return words.joined(separator: ", ")
    }

    /// How an alert stands, in words.
    static func standing(_ alert: AlertRecord, at now: Int64) -> String {
        var words = [alert.isFlapping ? "goes back and forth" : alert.phase.rawValue]
        if let mark = alert.acknowledgement, mark.holds(at: now) { words.append(text(mark, "acknowledged")) }
        if let mark = alert.snooze, mark.holds(at: now) { words.append(text(mark, "snoozed")) }
        if let cause = alert.mutedBy { words.append("muted by \(cause.prefix(12))") }
        return words.joined(separator: ", ")
    }

    private static func text(_ mark: AlertMark, _ word: String) -> String {
        "\(word) by \(Diagnostics.neutral(mark.actor))" + (mark.until.map { " until \(AlertWording.time($0))" } ?? "")
    }
}
