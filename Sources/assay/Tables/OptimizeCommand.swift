import ArgumentParser
import Delta
import Expectations
import Tables

struct OptimizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "optimize",
        abstract: "Puts the small files of Delta tables together into large ones, and shortens their logs.",
        discussion: """
            Rows, versions and what pipelines remember stay as they are; running pipelines and readers are not disturbed. Files \
            that are left are there until 'assay vacuum' removes them. Exit status: 0 done, 2 a mistake in the project or \
            the command, 3 something could not be read or written.
            """)

    @ArgumentParser.Argument(
        help: ArgumentHelp("A table's folder, a Delta asset, or a pipeline for all its tables.", valueName: "table"))
    var table: String

    @Option(help: ArgumentHelp("How large files are to become, as in 64MiB; 128MiB when absent.", valueName: "size"))
    var size: MemorySize?

    @OptionGroup var project: ProjectOptions

    func run() throws {
        try TableChoice(table, project).forEach { table throws(DeltaError) in
            let result = try DeltaTable(table.folder).tidy(
                targetBytes: size.map { Int64($0.bytes) } ?? DeltaTable.usualFileBytes,
                now: RunClock.system.microseconds)
            Console.standardOutput(
                "\(table.name): \(Self.line(result.optimized))\(Self.line(result.removedLogFiles))")
            return result.failures
        }
    }

    private static func line(_ result: OptimizeResult) -> String {
        guard let version = result.version else { return "nothing to put together" }
        return
            "\(Wording.count(result.removedFiles, "file")) (\(ProgressLine.bytes(Double(result.removedBytes)))) became "
            + "\(Wording.count(result.addedFiles)) (\(ProgressLine.bytes(Double(result.addedBytes)))), version \(version)"
    }

    private static func line(_ cleaned: Int) -> String {
        cleaned == 0 ? "" : "; \(Wording.count(cleaned, "file")) of the log removed"
    }
}
