import ArgumentParser
import Expectations
import Files
import Formats
import Foundation
import Pipeline
import Suites
import Tables

struct GateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gate",
        abstract:
            "Splits a stream of JSON Lines by a suite: good records pass, bad ones are kept apart with their reasons.",
        discussion: """
            Good records go to standard output as they came, in their order; bad ones to --bad, or to descriptor 3:

              producer | assay gate --suite orders.yaml 3> bad.jsonl | consumer

            Expectations that judge records decide; those about the table as a whole are left out, and named. What becomes of a \
            record that breaks a rule is the rule's on_fail: quarantine, drop, warn or stop. Nothing waits for input that doesn't \
            come. Exit status: 0 when the input was split to its end, 1 when a rule stopped it, 2 a mistake in the suite or the \
            command, 3 when something could not be read or written, 141 when nobody reads standard output any more.
            """)

    @Option(help: ArgumentHelp("The suite: its file, or its name in the project.", valueName: "suite"))
    var suite: String

    @Option(
        help: ArgumentHelp(
            "The file that bad records are appended to; descriptor 3 when absent.", valueName: "file"))
    var bad: String?

    @OptionGroup var threads: ThreadOptions

    @OptionGroup var clock: ClockOptions

    @Option(help: ArgumentHelp("The zone of times that name none, as in Europe/Berlin or +02:00.", valueName: "zone"))
    var timezone: String?

    @Option(help: "What is told at the end, on standard error: table or json.")
    var format = ListFormat.table

    @Flag(help: "Tell nothing at the end.")
    var quiet = false

    @OptionGroup var project: ProjectOptions

    func run() async throws {
        let job = try Invocation.job(ofStream: suite, project)
        let suite = job.suite
        var options = JSONOptions(job.options)
        options.readsLines = true
        options.fixedColumns = Set(named: suite.expectations.flatMap(\.columnsRead))
        options.keptOfLongRows = Self.keptOfLongRecords
        if let timezone {
            guard let zone = ZoneRule(timezone) else {
                throw UserMistake("--timezone: there is no time zone \"\(timezone)\"")
            }
            options.timeZone = zone
        }
        guard let good = OutputDescriptor(open: 1, name: "standard output") else {
            throw UserMistake("standard output is closed: good records have nowhere to go")
        }
        let bad = try badSink()
        guard !bad.isSameFile(as: good) else {
            throw UserMistake("good and bad records would go to the same file")
        }
        for (sink, records) in [(good, "good"), (bad, "bad")] where sink.isSameFile(asOpen: 0) {
            throw UserMistake("\(records) records would go to the file that records come from")
        }
        // Whoever goes away makes an error of writing, not the end of the process without a word.
        signal(SIGPIPE, SIG_IGN)
        let now = clock.microseconds
        do {
            try bad.endLastLine()
            let input = try InputFile(live: 0, name: "standard input")
            let types = GateTypes(try JSONSource([input], options: options), for: suite.expectations, now: now)
            let gate = try Self.gate(suite, types, now: now)
            var projection = gate.projection
            projection.wantsRecords = true
            let reader = try types.source.open(projection, ordinals: nil)
            let stream = GateStream(gate, partitions: types.source.partitions) { lines throws(SourceError) in
                try good.write(lines)
            } bad: { lines throws(SourceError) in
                try bad.write(lines)
            }
            await stream.run(reader, threads: threads.count)
            let (report, failure) = stream.outcome
            if !quiet { Console.standardError(GateSummary(report, gate).text(format)) }
            if let failure {
                // Whoever reads good records may have had enough of them.
                let isOrdinary = failure.code == "reader-gone" && failure.place == good.name
                if isOrdinary { throw ExitStatus.readerGone.code }
                throw failure
            }
            if report.stoppedBy != nil { throw ExitStatus.failed.code }
        } catch let error as SourceError {
            Console.complain(error.summary)
            throw ExitStatus.undecided.code
        }
    }

    /// Bytes of a record that is too long to be held.
    private static let keptOfLongRecords = 4_096

    private static func gate(_ suite: Suite, _ types: GateTypes, now: Int64) throws -> Gate {
        do {
            let gate = try Gate(
                suite.expectations, schema: types.source.schema, guessed: types.guessed, now: now,
                timeZone: types.source.timeZone)
            guard !gate.rules.isEmpty else {
                throw UserMistake(
                    "\(suite.name) expects nothing of single records, and a gate would let all of them pass\n"
                        + "  hint: expectations about the table as a whole are for assay validate, or for a pipeline's gate"
                )
            }
            return gate
        } catch let error as GateProblems {
            for problem in error.problems {
                let mark = problem.expectation.arguments.mark
                Console.complain(
                    "\(problem.error.message) [\(problem.error.code)]", hint: problem.error.hint,
                    of: "\(mark.map { Diagnostics.neutral("\($0)") + ": " } ?? "")error")
            }
            throw ExitStatus.mistake.code
        }
    }

    private func badSink() throws -> OutputDescriptor {
        if let bad {
            do throws(SourceError) { return try OutputDescriptor(appendingTo: bad) } catch {
                throw UserMistake(error.summary)
            }
        }
        guard let sink = OutputDescriptor(open: 3, name: "descriptor 3") else {
            throw UserMistake("bad records have nowhere to go: write 3> FILE, or --bad FILE")
        }
        return sink
    }
}
