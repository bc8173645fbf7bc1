import ArgumentParser
import Foundation
import Ledger
import Reports
import Service
import Suites
import Tables

struct PruneCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Removes results, samples and reports that are too old.",
        discussion: """
            Ages are durations as 400d, 12w, 36h, or forever; what no flag says comes from service.retention in the project file, and \
            what that doesn't say either is kept for ever. The newest run of each validation always stays, with its report. Others may \
            write meanwhile.
            """)

    @OptionGroup var project: ProjectOptions

    @Option(
        help: ArgumentHelp(
            "Runs that are older go, with everything that belongs to them; as in 400d, or forever.", valueName: "age"))
    var results: RetentionAge?

    @Option(
        help: ArgumentHelp("Failing rows and frequent values of runs that are older go; as in 30d.", valueName: "age"))
    var samples: RetentionAge?

    @Option(help: ArgumentHelp("Reports that are older go; as in 90d.", valueName: "age"))
    var reports: RetentionAge?

    @Flag(help: "Only tells what would go.")
    var dryRun = false

    @Flag(
        help: """
            Gives the store's free room back to the disk. Nobody can write meanwhile, and it takes the store's size twice more for a time.
            """)
    var compact = false

    @OptionGroup var clock: ClockOptions

    func validate() throws {
        if dryRun, compact { throw ValidationError("--dry-run changes nothing, and --compact does") }
    }

    func run() throws {
        let project = try project.load()
        let kept = project.service.retention
        let retention = ServiceDefinition.Retention(
            results: results.map(\.microseconds) ?? kept.results,
            samples: samples.map(\.microseconds) ?? kept.samples,
            reports: reports.map(\.microseconds) ?? kept.reports)
        let now = clock.microseconds
        try StoreErrors.shown {
            guard FileManager.default.fileExists(atPath: project.store) else {
                // No store, nothing too old: and none must be made for it.
                _ = try Ledger(readingFrom: project.store)
                return
            }
            let pass = PruningPass(retention: retention, reports: project.reports)
            if dryRun {
                let ledger = try Ledger(readingFrom: project.store, timeoutSeconds: 30)
                Console.standardOutput(Self.text(try pass.preview(ledger, now: now), isDry: true))
                return
            }
            let ledger = try Ledger(path: project.store, timeoutSeconds: 30)
            Console.standardOutput(Self.text(try pass.run(ledger, now: now), isDry: false))
            if compact { try ledger.compact() }
            let space = try ledger.space()
            Console.standardOutput(
                "\(project.store): \(space.byteCount) bytes, of which \(space.freeByteCount) are free for what comes next"
            )
        }
    }

    static func text(_ pruned: PruningPass.Outcome, isDry: Bool) -> String {
        let parts = [
            (pruned.ledger.runs, "run", "runs"), (pruned.ledger.samples, "result's samples", "results' samples"),
            (pruned.reports.files, "report", "reports"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.0 == 1 ? $0.1 : $0.2)" }
        guard !parts.isEmpty else { return "nothing is too old" }
        return (isDry ? "would remove " : "removed ") + parts.joined(separator: ", ")
    }
}

/// How old something may become: a duration, or `forever`.
struct RetentionAge: ExpressibleByArgument {
    /// `nil` for ever.
    let microseconds: Int64?

    init?(argument: String) {
        if argument == "forever" {
            microseconds = nil
        } else {
            guard let age = DurationText.parse(argument) else { return nil }
            microseconds = age
        }
    }
}
