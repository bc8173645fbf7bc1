import ArgumentParser
import Foundation
import Ledger
import Reports
import Suites

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Writes a report of runs that are in the store.",
        discussion: """
            Of one run by its id, or of the latest run of each of the project's validations. Formats: table (or text) for people, \
            html for browsers, json for programs, junit for continuous integration, markdown for comments and summaries. \
            Exit status: 0 the report was written, whatever it says; 2 there is no such run, suite, asset or format; 3 the store \
            can't be read or has no runs, or the report can't be written.
            """)

    @ArgumentParser.Argument(help: ArgumentHelp("A run's id, or latest.", valueName: "run|latest"))
    var choice = ReportChoice.latest

    @Option(help: ArgumentHelp("Only what judged this asset.", valueName: "asset"))
    var asset: String?

    @Option(help: ArgumentHelp("Only what judged by this suite.", valueName: "suite"))
    var validation: String?

    @Option(help: "table, html, json, junit or markdown; what the output's name ends in when absent, or else table.")
    var format: ReportFormat?

    @Option(
        name: .shortAndLong, help: ArgumentHelp("Where it is written; standard output when absent.", valueName: "file"))
    var output: String?

    @Flag(name: .shortAndLong, help: "In a table, list the expectations that passed as well.")
    var verbose = false

    @OptionGroup var project: ProjectOptions

    @OptionGroup var store: StoreOptions

    func validate() throws {
        if choice != ReportChoice.latest, asset != nil || validation != nil {
            throw ValidationError(
                "--asset and --validation choose among the latest runs: they don't go with a run's id")
        }
    }

    func run() throws {
        let known = try store.path == nil ? project.load() : project.loadIfPresent()
        let rules = known.map { ValueRules($0) } ?? ValueRules()
        let chosen = ReportChoice(
            run: choice, suite: validation, asset: asset,
            validations: known?.validations.map { Validation(suite: $0.suite, asset: $0.asset) })
        let format = format ?? output.flatMap { ReportFormat(ofFile: $0) } ?? .table
        let values = ValueRules(format.values(inReports: rules.display), personalColumns: rules.personalColumns)
        let isForTerminal = output == nil && Console.outputIsTerminal
        let renderer = format.renderer(
            ResultTable(paint: Paint(isOn: Console.usesColors(isTerminal: isForTerminal)), listsPassed: verbose))
        guard let path = store.path ?? known?.store else { preconditionFailure("without a store there is a project") }
        try StoreErrors.shown {
            let ledger = try Ledger(readingFrom: path)
            var sections: [RunReport.Section] = []
            for stored in try chosen.runs(in: ledger, now: RunClock.system.microseconds) {
                sections.append(try RunReport.Section(stored, in: ledger, values: values))
            }
            let report = RunReport(sections, values: values.display)
            guard let output else { return try renderer.write(report, to: Console.standardOutput) }
            try ReportFile(output).write(report, by: renderer)
        }
        if Console.hasLostOutput { throw ExitStatus.undecided.code }
    }
}
