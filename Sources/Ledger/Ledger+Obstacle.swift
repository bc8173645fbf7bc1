import Foundation
import GRDB

extension Ledger {
    /// What keeps results from being stored or read, as far as a quick look tells; `nil` where nothing does.
    ///
    /// That is: the file under the ledger's name is no longer the one that was opened, it can't be opened and read anew, or the latest
    /// attempt to write to it failed. It doesn't look at all of the file (`health` does). Costs opening it, and lasts half a second at most
    /// where somebody has locked it.
    public func obstacle() -> LedgerError? {
        let file = LedgerFile(path: path)
        guard file.exists else { return .notFound(path) }
        // Another file must not be read with the journal of this one.
        guard file.identity == identity else { return .replaced(path) }
        do throws(LedgerError) {
            _ = try file.checkForReading(Self.configuration(timeoutSeconds: 0.5, pageLimit: nil))
            return latestSetback
        } catch {
            return error
        }
    }
}

extension LedgerError {
    fileprivate static func replaced(_ place: String) -> LedgerError {
        LedgerError(
            code: "not-found", message: "the results store that was opened is gone, and another file has its name",
            place: place, hint: "restart the service, after the file that it began with was put back or given up")
    }
}
