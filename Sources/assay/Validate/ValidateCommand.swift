import ArgumentParser
import Expectations
import Formats
import Foundation
import Ledger
import Reports
import Suites
import Tables

struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", _superCommandName: "assay", abstract: "Judges data against suites.",
        discussion: """
            Without --data: the project's validations, or those of the named suites; results go to the store and a report. With \
            --data: any file, pattern or - (standard input) against the named suites, without a project.
            """)

    @ArgumentParser.Argument(help: "Suites, by name or by file. All of the project's when absent.")
    var suites: [String] = []

    @OptionGroup var project: ProjectOptions

    @Option(
        help: ArgumentHelp(
            "A file, a pattern or - to judge in place of the suites' assets; several are one table.",
            valueName: "file|pattern|-"))
    var data: [String] = []

    @OptionGroup var fileOptions: FileOptions

    @Option(help: "How results are printed: table (or text), html, json, junit or markdown.")
    var format = ReportFormat.table

    @Option(
        help: ArgumentHelp(
            "The lowest severity whose failure makes exit status 1: info, warning or critical.", valueName: "severity"))
    var failOn = Severity.info

    @OptionGroup var threads: ThreadOptions

    @Option(
        help: ArgumentHelp(
            """
            Memory for values that must be kept until the end, as those that are to be unique: 512MB, 2GB, 1GiB or a number \
            of bytes; a quarter of the machine's when absent. What goes beyond it goes to a file in TMPDIR, or /tmp. The \
            results are the same, but that frequent unexpected values are not counted where there is no room for them.
            """, valueName: "size"), transform: MemorySize.parse)
    var memory: MemorySize?

    @Flag(
        inversion: .prefixedNo,
        help: ArgumentHelp(
            """
            Whether rows are left unread where a file's own statistics tell enough of them, as Parquet's do. The verdicts are \
            the same on files that are not damaged.
            """))
    var statistics = true

    @OptionGroup var clock: ClockOptions

    @OptionGroup var store: StoreOptions

    @Option(help: ArgumentHelp("The folder of reports; the project's when absent.", valueName: "folder"))
    var reports: String?

    @Flag(inversion: .prefixedNo, help: "Whether results are stored and reported.")
    var keep = true

    @Flag(
        help: """
            Tell the project's routes of what began or ceased to fail, as the service does; for where something else than \
            the service calls this each hour.
            """)
    var alert = false

    @Flag(name: .shortAndLong, help: "List the expectations that passed as well.")
    var verbose = false

    @Flag(help: "Print nothing but mistakes and errors.")
    var quiet = false

    func validate() throws {
        if alert, !data.isEmpty || !keep {
            throw ValidationError("--alert is for the project's validations, whose results are stored")
        }
        if !data.isEmpty, suites.isEmpty {
            throw ValidationError("--data needs a suite to judge by: assay validate SUITE --data FILE")
        }
    }

    func run() async throws {
        let plan = try Invocation(suites: suites, project: project, data: data, fileOptions: fileOptions)
        let alerts = try Mistakes.shown {
            try alert ? RunAlerts(project.load(), clock: { [clock] in clock.microseconds }) : nil
        }
        let store = Store(path: keep ? self.store.path ?? plan.store : nil)
        let runner = Runner(
            threads: threads.count, now: clock.microseconds,
            store: keep ? store : Store(readingFrom: self.store.path ?? plan.store),
            memory: (memory ?? .quarterOfTheMachine).budget, usesStatistics: statistics,
            showsProgress: Console.errorIsTerminal && !quiet)
        var runs: [RunResult] = []
        for job in plan.jobs { runs.append(await runner.run(job, id: RunID.make())) }
        let output = Output(
            store: store, reports: keep ? reports ?? plan.reports : nil, values: plan.values, alerts: alerts)
        var status = runs.map { self.status(of: $0) }.max() ?? .passed
        if !quiet, !show(runs, output) { status = max(status, .undecided) }
        if !output.keep(runs, isQuiet: quiet || !format.isForPeople) { status = max(status, .undecided) }
        if let alerts, let ledger = store.ledger, !(await alerts.deliver(from: ledger)) {
            status = max(status, .undecided)
        }
        if Console.hasLostOutput { status = max(status, .undecided) }
        if status != .passed { throw status.code }
    }

    /// False where the report couldn't be made, which has then been shown.
    private func show(_ runs: [RunResult], _ output: Output) -> Bool {
        let paint = Paint(isOn: Console.usesColors(isTerminal: Console.outputIsTerminal))
        let renderer = format.renderer(ResultTable(paint: paint, listsPassed: verbose))
        let values = format.values(inReports: output.values)
        do throws(ReportError) {
            try renderer.write(
                output.report(of: runs, values: values, hasHistory: renderer.tellsHistory), to: Console.standardOutput)
            return true
        } catch {
            Console.complain(error.summary, hint: error.hint)
            return false
        }
    }

    private func status(of run: RunResult) -> ExitStatus {
        if run.failure != nil || run.statistics.errored > 0 { return .undecided }
        return run.results.contains { !$0.success && $0.severity >= failOn } ? .failed : .passed
    }
}

/// Names of runs: random, and so unique in a store.
enum RunID {
    static func make() -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
