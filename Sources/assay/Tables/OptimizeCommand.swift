import ArgumentParser
import Delta
import Expectations
import Tables

struct OptimizeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "optimize",
        abstract: "Puts the small files of Delta tables together into large ones, and shortens their logs.",
        discussion: """
            Rows, versions and what pipelines remember stay as they are; running pipelines and readers are not disturbed. Files \
            that are left are there until 'assay vacuum' removes them. Told to stop (SIGTERM, SIGINT), it leaves a table as it \
            was. Exit status: 0 done, 2 a mistake in the project or the command, 3 something could not be read or written.
            """)

    @ArgumentParser.Argument(
        help: ArgumentHelp("A table's folder, a Delta asset, or a pipeline for all its tables.", valueName: "table"))
    var table: String

    // What begins with a hyphen is the value, too, so that it is told of as what it is.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How large files are to become, as in 64MiB; 128MiB when absent.", valueName: "size"))
    var size: String?

    @OptionGroup var project: ProjectOptions

    func validate() throws { _ = try targetBytes() }

    private func targetBytes() throws -> Int64 {
        guard let size else { return DeltaTable.usualFileBytes }
        guard let bytes = ByteCountText.parse(size), bytes > 0 else {
            throw ValidationError("--size takes a size above 0, as in 64MiB, not \"\(size)\"")
        }
        return Int64(bytes)
    }

    func run() async throws {
        let tables = try TableChoice(table, project)
        let targetBytes = try targetBytes()
        let work = Task {
            try tables.forEach { table throws(DeltaError) in
                let result = try DeltaTable(table.folder).tidy(
                    targetBytes: targetBytes, now: RunClock.system.microseconds)
                Console.standardOutput(
                    "\(table.name): \(Self.line(result.optimized))\(Self.line(result.removedLogFiles))")
                return result.failures
            }
        }
        let signals = StopSignals { work.cancel() }
        defer { signals.cancel() }
        try await work.value
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
