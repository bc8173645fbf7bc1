import Alerts
import ArgumentParser
import Expectations
import Ledger
import Suites
import Tables

struct AlertsListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "What fails now, since when, and who was told.",
        discussion: "With --all also incidents that are over, newest first.")

    @ArgumentParser.Argument(help: "An asset's name. All assets when absent.")
    var asset: String?

    @Flag(help: "Also incidents that are over.")
    var all = false

    @Option(help: ArgumentHelp("How many incidents at most.", valueName: "count"))
    var limit = 50

    @OptionGroup var clock: ClockOptions

    @OptionGroup var output: FormatOptions

    @OptionGroup var project: ProjectOptions

    func validate() throws {
        guard (1...100_000).contains(limit) else {
            throw ValidationError("--limit takes a number from 1 through 100000, not \(limit)")
        }
    }

    func run() throws {
        let path = try project.store()
        let (open, incidents) = try StoreErrors.shown {
            let ledger = try Ledger(readingFrom: path)
            let open = try ledger.unsettledAlertSubjects().filter { asset == nil || $0.subject.asset == asset }
                .sorted { $0.comesBefore($1) }
            if let asset, open.isEmpty { try Self.check(asset, isKnownTo: ledger) }
            return (open, all ? try ledger.incidents(ofAsset: asset, limit: limit) : [])
        }
        let unsettled = open.prefix(limit)
        let shown = all ? incidents : unsettled.compactMap(\.incident)
        switch output.format {
        case .table: show(shown, open)
        case .json:
            let documents = all ? shown.map(\.json) : unsettled.map(\.json)
            Console.standardOutput(
                JSON.object([
                    JSON.Member("version", .integer(1)), JSON.Member("incidents", .array(documents)),
                ]).text(isIndented: true))
        }
    }

    /// Of an asset that is misspelt nothing would fail, either.
    private static func check(_ asset: String, isKnownTo ledger: Ledger) throws {
        let isKnown =
            try !ledger.runs(asset: asset, limit: 1).isEmpty || !ledger.incidents(ofAsset: asset, limit: 1).isEmpty
        guard !isKnown else { return }
        let near = Suggestion.nearest(to: asset, among: try ledger.standings(recent: 1, now: 0).map(\.validation.asset))
        throw UserMistake(
            "no run and no incident was ever of an asset \"\(asset)\"" + (near.map { "; did you mean \($0)?" } ?? ""))
    }

    private func show(_ incidents: [IncidentRecord], _ open: [SubjectRecord]) {
        guard !incidents.isEmpty else {
            return Console.standardOutput(all ? "nothing has failed" : "nothing fails")
        }
        let now = clock.microseconds
        let windows = project.maintenance()
        let records = Dictionary(open.compactMap { record in record.incident.map { ($0.id, record) } }) { first, _ in
            first
        }
        let rest = !all && open.count > incidents.count ? "and \(open.count - incidents.count) more" : nil
        let grid = TextGrid(
            all ? "incidents, newest first" : "incidents that are open, what nobody is on first",
            heads: ["incident", "asset", "suite", "severity", "since", "alerts", "told", "standing"],
            numbers: ["alerts"],
            rows: incidents.map { incident in
                [
                    String(incident.id.prefix(12)), incident.subject.asset, incident.subject.suite,
                    incident.severity.rawValue, AlertWording.time(incident.openedAt),
                    "\(records[incident.id]?.alerts.values.count { $0.phase == .firing || $0.isFlapping } ?? 0)",
                    incident.threads.isEmpty ? "nobody" : incident.threads.keys.sorted().joined(separator: ", "),
                    OpenAlerts.standing(incident, isMuted: records[incident.id]?.isMuted ?? false, windows, at: now),
                ]
            }, rest: rest)
        let paint = Paint(isOn: Console.usesColors(isTerminal: Console.outputIsTerminal))
        Console.standardOutput(grid.lines(paint).joined(separator: "\n"))
    }
}
