import Files
import Foundation
import GRDB

/// The file that becomes a backup: hidden until it is whole.
struct BackupFile {
    let path: String
    let temporaryPath: String

    init(path: String) {
        self.path = path
        let (folder, name) = Self.split(path)
        temporaryPath = folder + "." + name + "." + UUID().uuidString.lowercased() + BackupFolder.temporarySuffix
    }

    /// The folder with its slash, and the name.
    private static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return ("", path) }
        let next = path.index(after: slash)
        return (String(path[..<next]), String(path[next...]))
    }

    /// Those of the ledger, so that a copy is no more public than what it is a copy of.
    static func permissions(of path: String) -> UInt16 {
        var status = stat()
        guard stat(path, &status) == 0 else { return 0o600 }
        return UInt16(truncatingIfNeeded: status.st_mode) & 0o666
    }

    func create(mode: UInt16) throws {
        var status = stat()
        guard lstat(path, &status) != 0 else { throw LedgerError.nameTaken(path) }
        let descriptor = open(temporaryPath, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(mode))
        guard descriptor >= 0 else { throw LedgerError(OutputError(errno, writing: path)) }
        close(descriptor)
    }

    /// Finds that a copy is sound and ours; the answer is how many runs it has.
    static func check(_ db: Database, path: String) throws -> Int {
        let report = try String.fetchAll(db, sql: "PRAGMA integrity_check(3)")
        guard report == ["ok"] else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: report.joined(separator: "; "))
        }
        guard try LedgerFile(path: path).contents(db) != .nothing else {
            throw LedgerError.notADatabase(path, because: "the database is empty")
        }
        return try Int.fetchOne(db, sql: "SELECT count(*) FROM runs") ?? 0
    }

    /// Makes the file durable and gives it its name; the answer is its size.
    func publish() throws -> Int64 {
        do throws(OutputError) {
            let descriptor = open(temporaryPath, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw OutputError(errno, writing: path) }
            defer { close(descriptor) }
            var status = stat()
            guard fsync(descriptor) == 0, fstat(descriptor, &status) == 0 else {
                throw OutputError(errno, writing: path)
            }
            let prepared = PreparedFile(path: path, temporaryPath: temporaryPath)
            guard try prepared.publishIfAbsent() else { throw OutputError(EEXIST, writing: path) }
            return Int64(status.st_size)
        } catch {
            throw LedgerError(error)
        }
    }

    func discard() {
        for path in [temporaryPath, temporaryPath + "-journal", temporaryPath + "-wal", temporaryPath + "-shm"] {
            unlink(path)
        }
    }
}

extension LedgerError {
    static func nameTaken(_ place: String) -> LedgerError {
        LedgerError(
            code: "name-taken", message: "something is there already, and a backup replaces nothing", place: place,
            hint: "name another file, or a folder: there every backup has a name of its own")
    }

    /// What kept a copy from being written.
    init(_ error: OutputError) {
        if error.code == "name-taken" {
            self = .nameTaken(error.place)
        } else {
            self.init(
                code: error.code, message: error.message, place: error.place, hint: error.hint, cause: error.cause)
        }
    }
}
