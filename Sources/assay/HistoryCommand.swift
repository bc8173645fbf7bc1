import ArgumentParser
import Expectations
import Foundation
import Ledger
import Suites
import Tables

struct HistoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Lists the runs in the store, newest first.")

    @ArgumentParser.Argument(help: "A suite's name. All suites when absent.")
    var suite: String?

    @OptionGroup var project: ProjectOptions

    @OptionGroup var store: StoreOptions

    @Option(help: ArgumentHelp("How many runs at most.", valueName: "count"))
    var limit = 20

    @OptionGroup var output: FormatOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit takes a number above 0, not \(limit)") }
    }

    func run() throws {
        let path = try store.path ?? project.load().store
        let runs: [StoredRun]
        do throws(LedgerError) {
            runs = try Ledger(readingFrom: path).runs(suite: suite, limit: limit)
        } catch {
            Console.complain(error.summary, hint: error.hint)
            throw ExitStatus.undecided.code
        }
        switch output.format {
        case .table: Console.standardOutput(table(runs))
        case .json: Console.standardOutput(JSON.array(runs.map { Self.json($0) }).text(isIndented: true))
        }
    }

    private func table(_ runs: [StoredRun]) -> String {
        guard !runs.isEmpty else { return suite.map { "no run of \($0) yet" } ?? "no runs yet" }
        let paint = Paint(isOn: Console.usesColors(isTerminal: Console.outputIsTerminal))
        let suites = runs.map { Diagnostics.neutral($0.suite) }
        let width = suites.map(\.count).max() ?? 0
        return zip(runs, suites).map { run, suite in
            let word =
                switch run.outcomeName {
                case "passed": paint.green("passed ")
                case "failed": paint.red("failed ")
                case "errored": paint.magenta("errored")
                default: paint.yellow("vacuous")
                }
            let name = suite + String(repeating: " ", count: width - suite.count)
            let place = Diagnostics.neutral(run.asset + (run.report.map { ", \($0)" } ?? ""))
            let counts = "\(run.counts.successful) of \(run.counts.evaluated) expectations"
            return "\(CivilTime.format(microseconds: run.startedAt))  \(word)  \(name)  \(counts), "
                + "\(Wording.count(run.rowCount, "row")), on \(place), run \(Diagnostics.neutral(run.id))"
        }.joined(separator: "\n")
    }

    private static func json(_ run: StoredRun) -> JSON {
        .object([
            .init("id", .string(run.id)), .init("suite", .string(run.suite)), .init("asset", .string(run.asset)),
            .init("started_at", .string(CivilTime.format(microseconds: run.startedAt))),
            .init("duration_seconds", .number(run.durationSeconds.description)),
            .init("outcome", .string(run.outcomeName)), .init("success", .boolean(run.success)),
            .init("rows", .integer(run.rowCount)), .init("bytes", .integer(run.byteCount)),
            .init("evaluated_expectations", .integer(run.counts.evaluated)),
            .init("successful_expectations", .integer(run.counts.successful)),
            .init("passed", .integer(run.counts.passed)), .init("failed", .integer(run.counts.failed)),
            .init("vacuous", .integer(run.counts.vacuous)), .init("errored", .integer(run.counts.errored)),
            .init("report", run.report.map { .string($0) } ?? .null),
        ])
    }
}
