import Files
import Synchronization
import Tables

/// A file's bytes: held open, or opened again whenever somebody reads them.
///
/// A process may have no more than some hundred files open, and a table may have thousands.
final class FileBytes: Sendable {
    private let held: InputFile?
    private let path: String
    private let byteCount: Int64
    private let modified: Int64?
    private let identity: FileIdentity?
    private let witness: FileWitness?
    private let reopened = Mutex(Reopened())

    /// The file while somebody reads it.
    private struct Reopened {
        weak var input: InputFile?
    }

    /// What can't be opened twice is held, whatever was asked for.
    init(_ input: InputFile, staysOpen: Bool) {
        held = staysOpen || input.path == nil ? input : nil
        path = input.path ?? input.name
        byteCount = input.byteCount
        modified = input.modified
        identity = input.identity
        witness = input.witness
    }

    /// Refuses what was read of the file where somebody wrote to it since: see ``FileWitness``.
    func checkUnchanged() throws(SourceError) {
        if let held { try held.checkUnchanged() } else { try witness?.check() }
    }

    /// The open file; it is closed when the last of those who asked for it lets it go, unless it is held.
    func input() throws(SourceError) -> InputFile {
        if let held { return held }
        return try reopened.withLock { (reopened) throws(SourceError) in
            if let input = reopened.input { return input }
            if let identity {
                let input = try InputFile(path: path, identity: identity, packing: Compression.none, staysOpen: true)
                reopened.input = input
                return input
            }
            let input = try InputFile(path: path, packing: Compression.none)
            guard input.byteCount == byteCount, input.modified == modified else {
                throw SourceError(
                    code: "truncated", message: "the file changed while the table was read", place: path,
                    hint: "let whoever writes it finish, then run again")
            }
            reopened.input = input
            return input
        }
    }
}
