import ArgumentParser
import Delta
import Expectations
import Suites
import Tables

struct VacuumCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vacuum",
        abstract: "Removes files that Delta tables and their versions of the last week don't need any more.",
        discussion: """
            How long versions are kept is the table's property delta.deletedFileRetentionDuration, a week when absent; --hours says \
            another time. A shorter one takes versions from readers that are at them, and from 'assay quarantine' \
            requests that wait: it wants --force. Exit status: 0 done, 2 a mistake in the project or the command, \
            3 something could not be read or removed.
            """)

    @ArgumentParser.Argument(
        help: ArgumentHelp("A table's folder, a Delta asset, or a pipeline for all its tables.", valueName: "table"))
    var table: String

    // What begins with a hyphen is the value, too, so that a number below 0 is told of as what it is.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Keep what versions of so many hours need.", valueName: "count"))
    var hours: Int?

    @Flag(help: "Also where that is shorter than the table wants.")
    var force = false

    @Flag(help: "Only tell what would be removed.")
    var dryRun = false

    @OptionGroup var project: ProjectOptions

    func validate() throws {
        if let hours, !(0...1_000_000).contains(hours) {
            throw ValidationError("--hours takes a number from 0 through 1000000, not \(hours)")
        }
        if force, hours == nil { throw ValidationError("--force goes with --hours") }
    }

    func run() throws {
        try TableChoice(table, project).forEach { table throws(DeltaError) in
            let result = try DeltaTable(table.folder).vacuum(
                retention: hours.map { Int64($0) * 3_600_000 }, isForced: force, isRehearsal: dryRun,
                now: RunClock.system.microseconds)
            if dryRun {
                for file in result.files { Console.standardOutput("\(table.name): \(Diagnostics.neutral(file))") }
            }
            Console.standardOutput(
                "\(table.name): \(Wording.count(result.files.count, "file")) (\(ProgressLine.bytes(Double(result.byteCount)))) "
                    + (dryRun ? "would be removed" : "removed"))
            return []
        }
    }
}
