import Foundation
import GRDB

extension LedgerError {
    /// What an error of the database library means to a user.
    init(_ error: any Error, place: String) {
        if let known = error as? LedgerError {
            self = known
            return
        }
        guard let error = error as? DatabaseError else {
            self.init(
                code: "internal", message: "the results store failed in an unexpected way", place: place,
                cause: String(describing: error))
            return
        }
        let cause = "\(error.message ?? "no message") (SQLite \(error.extendedResultCode.rawValue))"
        self = Self.known(error.extendedResultCode, place: place, cause: cause)
    }

    private static func known(_ code: ResultCode, place: String, cause: String) -> LedgerError {
        switch code.primaryResultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_PROTOCOL:
            LedgerError(
                code: "locked", message: "another process kept the results store locked", place: place,
                hint: "wait for it to finish, or find it with lsof; nothing was written", cause: cause)
        case .SQLITE_FULL:
            LedgerError(
                code: "disk-full", message: "there is no room left to write to the results store", place: place,
                hint: "make room and run again; what was stored before is intact", cause: cause)
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH: readOnly(place, cause: cause)
        case .SQLITE_CANTOPEN:
            LedgerError(
                code: "unwritable-directory", message: "the results store or a file beside it can't be opened",
                place: place, hint: "let Assay's user read and write the file and its directory", cause: cause)
        case .SQLITE_INTERRUPT:
            LedgerError(code: "interrupted", message: "reading was given up, as nobody waits for it", place: place)
        case .SQLITE_NOTADB: notADatabase(place, because: "the file is no SQLite database")
        case .SQLITE_CORRUPT: corrupt(place, cause: cause)
        case .SQLITE_IOERR where code == .SQLITE_IOERR_SHORT_READ: corrupt(place, cause: cause)
        case .SQLITE_IOERR:
            LedgerError(
                code: "input-output", message: "the disk failed to read or write the results store", place: place,
                hint: "look for disk errors in the system's log", cause: cause)
        default:
            LedgerError(
                code: "internal", message: "the results store refused a statement", place: place, cause: cause)
        }
    }

    private static func corrupt(_ place: String, cause: String) -> LedgerError {
        LedgerError(
            code: "corrupt", message: "the results store is damaged", place: place,
            hint: "restore a copy, or save what can be read with sqlite3's .recover and start afresh", cause: cause)
    }
}
