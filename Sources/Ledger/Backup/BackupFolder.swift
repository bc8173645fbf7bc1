import Foundation
import GRDB
import Tables

/// A folder of backups that are named by their time, of which the newest are kept.
public struct BackupFolder: Sendable {
    /// What hidden files end with that are to become backups.
    static let temporarySuffix = ".backup-tmp"
    /// After so long a hidden file is one that was left behind: a backup that lives writes to its file.
    private static let microsecondsUntilAbandoned: Int64 = 24 * 3_600 * 1_000_000

    public let path: String
    /// What names begin with: the ledger's without its extension.
    public let stem: String

    /// Creates the folder where it is absent, for its user alone.
    public init(_ path: String, of ledger: String) throws(LedgerError) {
        self.path = path
        stem = URL(fileURLWithPath: ledger).deletingPathExtension().lastPathComponent
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw LedgerError(
                code: "unwritable-directory", message: "the folder of backups can't be created", place: path,
                hint: "let Assay's user write there, or name another folder",
                cause: (error as NSError).localizedDescription)
        }
    }

    /// The path of a backup that is made at a time: `assay-20261101T100000.000000Z.db`; names sort by time.
    public func path(at microseconds: Int64) -> String {
        let second = CivilTime.microsecondsPerSecond
        let seconds = microseconds - microseconds % second
        let time = CivilTime.format(microseconds: seconds).filter { $0 != "-" && $0 != ":" }.dropLast()
        let fraction = String(second + microseconds % second).dropFirst()
        return path + "/\(stem)-\(time).\(fraction)Z.db"
    }

    /// Names of the backups here, the oldest first; whatever is named differently is none.
    public func names() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { isName($0) }.sorted()
    }

    /// Removes all backups but the newest `count`; the answer is the names of those that are gone.
    ///
    /// A file that is named like a backup and is no ledger of ours stays, and counts for nothing.
    @discardableResult
    public func keepNewest(_ count: Int) -> [String] {
        let backups = names().filter { isLedger(path + "/" + $0) }
        let old = backups.dropLast(max(count, 1))
        return old.filter { unlink(path + "/" + $0) == 0 }
    }

    /// Removes what backups that were killed have left behind.
    public func removeAbandoned(now: Int64) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for name in names where name.hasPrefix(".\(stem)-") && name.contains(Self.temporarySuffix) {
            let file = path + "/" + name
            guard let attributes = try? FileManager.default.attributesOfItem(atPath: file),
                attributes[.type] as? FileAttributeType == .typeRegular,
                let changed = attributes[.modificationDate] as? Date,
                changed.timeIntervalSince1970 < Double(now - Self.microsecondsUntilAbandoned) / 1_000_000
            else { continue }
            unlink(file)
        }
    }

    private static let form = Array("00000000T000000.000000Z.db".utf8)

    private func isName(_ name: String) -> Bool {
        guard name.hasPrefix(stem + "-") else { return false }
        let rest = Array(name.utf8.dropFirst(stem.utf8.count + 1))
        guard rest.count == Self.form.count else { return false }
        return zip(rest, Self.form).allSatisfy { byte, form in form == 0x30 ? 0x30...0x39 ~= byte : byte == form }
    }

    private func isLedger(_ path: String) -> Bool {
        guard let handle = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? handle.close() }
        // SQLite's header: its name, and 68 bytes in the application's number, big-endian.
        guard let head = (try? handle.read(upToCount: 72)) ?? nil, head.count == 72,
            head.starts(with: "SQLite format 3\0".utf8)
        else { return false }
        let number = head.suffix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return Int32(bitPattern: number) == LedgerFile.applicationID
    }
}
