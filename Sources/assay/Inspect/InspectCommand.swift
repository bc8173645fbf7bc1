import ArgumentParser
import Delta
import Expectations
import Files
import Formats
import Foundation
import Parquet
import Suites
import Tables

struct InspectCommand: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table, json
    }

    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract:
            "Tells what is in a file, a folder of Parquet files or a Delta table: its schema, size, statistics, history.",
        discussion: """
            Reads the beginnings of text files, the footers of Parquet files and the log of a Delta table; with --rows, also the \
            first rows. Judges nothing, and writes nothing.
            """)

    @ArgumentParser.Argument(
        help: ArgumentHelp(
            "A file, - for standard input, a folder of Parquet files, or a Delta table's.", valueName: "path"))
    var path: String

    @Option(help: "How it is printed: table or json.")
    var format = Format.table

    // What begins with a hyphen is the value, too, so that a number below 0 is told of as what it is.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Print only the first so many rows, as JSON Lines.", valueName: "count"))
    var rows: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Which version of a Delta table; the newest when absent.", valueName: "number"))
    var tableVersion: Int?

    /// The same by a shorter name, which without a number asks for Assay's own version.
    @Option(parsing: .unconditional, help: ArgumentHelp("", visibility: .hidden))
    var version: Int?

    @Option(
        help: ArgumentHelp(
            "The version of a Delta table that was the newest then, as in 2026-11-01T10:00:00Z.", valueName: "time"))
    var timestamp: String?

    @Flag(help: "Print only what the commits of a Delta table did, newest first.")
    var history = false

    @Flag(help: "Print only the row groups of a Parquet file, column by column; of a Delta table its data files.")
    var rowGroups = false

    @OptionGroup var fileOptions: FileOptions

    func validate() throws {
        if let rows, rows < 1 { throw ValidationError("--rows takes a number above 0, not \(rows)") }
        let parts = [("--rows", rows != nil), ("--history", history), ("--row-groups", rowGroups)].filter(\.1).map(\.0)
        if parts.count > 1 { throw ValidationError("\(parts[0]) and \(parts[1]) don't go together") }
        if let number, number < 0 { throw ValidationError("--table-version takes a number from 0 on, not \(number)") }
        if tableVersion != nil, version != nil { throw ValidationError("one version can be shown at once") }
        if number != nil, timestamp != nil {
            throw ValidationError("--table-version and --timestamp don't go together")
        }
        _ = try choice()
    }

    private var number: Int? { tableVersion ?? version }

    func run() throws {
        do {
            try print()
        } catch let error as DeltaError {
            throw Self.failure(error.summary, error.hint)
        } catch let error as SourceError {
            throw Self.failure(error.summary, error.hint)
        } catch let error as UnreadableFiles {
            for error in error.errors { _ = Self.failure(error.summary, error.hint) }
            throw ExitStatus.undecided.code
        }
    }

    /// Files of a folder that can't be read, and why.
    private struct UnreadableFiles: Error {
        let errors: [SourceError]
    }

    private static func failure(_ summary: String, _ hint: String?) -> ExitCode {
        Console.complain(summary, hint: hint)
        return ExitStatus.undecided.code
    }

    private func print() throws {
        var options = CSVOptions()
        try fileOptions.change(&options)
        guard path == "-" || FileManager.default.fileExists(atPath: path) else {
            throw UserMistake(noFile: path)
        }
        let subject = try subject(options)
        if rowGroups, !(subject is InspectedParquet || subject is InspectedTable) {
            throw UserMistake("--row-groups is for Parquet files and Delta tables, and \"\(path)\" is neither")
        }
        if let rows { return try subject.printRows(rows) }
        let inspection = try subject.inspection(of: history ? .history : rowGroups ? .rowGroups : .everything)
        switch format {
        case .table:
            let paint = Paint(isOn: Console.usesColors(isTerminal: Console.outputIsTerminal))
            Console.standardOutput(inspection.text(paint))
        case .json: Console.standardOutput(Inspection.document(inspection).text(isIndented: true))
        }
    }

    /// What the path leads to.
    private func subject(_ options: CSVOptions) throws -> any Inspectable {
        if DeltaTable.isTable(path) { return InspectedTable(snapshot: try DeltaTable(path).snapshot(choice())) }
        for (flag, isGiven) in [
            ("--table-version", number != nil), ("--timestamp", timestamp != nil), ("--history", history),
        ]
        where isGiven {
            throw UserMistake("\(flag) is for Delta tables, and there is no _delta_log in \"\(path)\"")
        }
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue {
            let files = try FilePattern.files([path])
            guard let first = files.first, try DataFiles.format(of: InputFile(path: first)) == .parquet else {
                throw UserMistake("\"\(path)\" is a directory of text files: name one of them")
            }
            return InspectedFiles(path: path, source: try ParquetSource(Self.opened(files)))
        }
        let file = try InputFile(path: path)
        switch try DataFiles.format(of: file) {
        case .parquet: return try InspectedParquet(file)
        case let format: return try InspectedText(file, format, options)
        }
    }

    private static func opened(_ paths: [String]) throws(UnreadableFiles) -> [ParquetFile] {
        var files: [ParquetFile] = []
        var errors: [SourceError] = []
        for path in paths {
            do throws(SourceError) {
                let input = try InputFile(path: path, packing: Compression.none)
                files.append(try ParquetFile(input, staysOpen: paths.count <= ParquetSource.openFileLimit))
            } catch { errors.append(error) }
        }
        guard errors.isEmpty else { throw UnreadableFiles(errors: errors) }
        return files
    }

    private func choice() throws -> DeltaTable.VersionChoice {
        if let number { return .version(number) }
        guard var text = timestamp else { return .latest }
        guard let reading = text.withUTF8({ CivilTime.parseTimestamp(UnsafeRawBufferPointer($0)) }) else {
            throw ValidationError("--timestamp takes a time as in 2026-11-01T10:00:00Z, not \"\(text)\"")
        }
        return .timestamp(microseconds: reading.local - Int64(reading.offset ?? 0) * CivilTime.microsecondsPerSecond)
    }
}
