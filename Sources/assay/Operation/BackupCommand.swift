import ArgumentParser
import Expectations
import Foundation
import Ledger
import Suites
import Tables

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies the results' store while others use it.",
        discussion: """
            The copy is checked before it gets its name. It is one file, and can be put in the store's place while nothing runs. \
            Folders of pipelines' state are no part of it: they belong with their tables.
            """)

    @OptionGroup var project: ProjectOptions

    @OptionGroup var store: StoreOptions

    @Option(
        help: ArgumentHelp(
            "A new file, or a folder (ending in / where it isn't there yet), in which the backup is named by its time. "
                + "By default the folder backups beside the store.", valueName: "path"))
    var to: String?

    @Option(help: ArgumentHelp("How many backups stay in the folder, this one included.", valueName: "count"))
    var keep: Int?

    func validate() throws {
        if let keep, keep < 1 { throw ValidationError("--keep takes a number above 0, not \(keep)") }
        if to?.isEmpty == true { throw ValidationError("--to takes the path of a file or folder") }
    }

    func run() throws {
        let store = try self.store.path ?? project.load().store
        try StoreErrors.shown {
            let ledger = try Ledger(readingFrom: store, timeoutSeconds: 30, acceptsOlderVersions: true)
            guard let target = Self.folder(to, of: store) else {
                guard keep == nil else {
                    throw UserMistake("--keep goes with a folder of backups, and \"\(to ?? "")\" is a file")
                }
                return tell(try ledger.backup(to: to ?? ""), removed: [])
            }
            let folder = try BackupFolder(target, of: store)
            let now = RunClock.system.microseconds
            folder.removeAbandoned(now: now)
            let backup = try ledger.backup(to: folder.path(at: now))
            tell(backup, removed: keep.map { folder.keepNewest($0) } ?? [])
        }
    }

    /// The folder that is meant; `nil` where a file is.
    private static func folder(_ to: String?, of store: String) -> String? {
        guard let to else {
            return URL(fileURLWithPath: store).deletingLastPathComponent().appendingPathComponent("backups").path
        }
        var isDirectory: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: to, isDirectory: &isDirectory)
        guard to.hasSuffix("/") || (isThere && isDirectory.boolValue) else { return nil }
        let trimmed = String(to.reversed().drop { $0 == "/" }.reversed())
        return trimmed.isEmpty ? "/" : trimmed
    }

    private func tell(_ backup: LedgerBackup, removed: [String]) {
        Console.standardOutput(
            "\(backup.path): \(Wording.count(backup.runCount, "run")), \(backup.byteCount) bytes, checked")
        if !removed.isEmpty {
            Console.standardOutput("removed \(removed.count) older: \(removed.joined(separator: ", "))")
        }
    }
}
