import Alerts
import Ledger
import Reports

/// Shows what went wrong with the store, the reports, or what somebody asked of an alert.
enum StoreErrors {
    /// Runs a body; an error is shown and ends the process: with status 2 where whoever asked can mend it, else 3.
    static func shown<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as LedgerError {
            show(error.summary, error.hint)
        } catch let error as ReportError {
            show(error.summary, error.hint)
        } catch let error as AlertError {
            show(error.summary, error.hint)
            throw ExitStatus.mistake.code
        }
        throw ExitStatus.undecided.code
    }

    private static func show(_ summary: String, _ hint: String?) {
        Console.complain(summary, hint: hint)
    }
}

extension Ledger {
    /// Opens a store for writing that must be there: what is asked of it must not create it.
    static func existing(at path: String) throws(LedgerError) -> Ledger {
        _ = try Ledger(readingFrom: path)
        return try Ledger(path: path)
    }
}
