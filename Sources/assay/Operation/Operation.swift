import Ledger
import Reports

/// What the commands of operation share.
enum Operation {
    /// Runs a body; an error of the store or of the reports is shown, and ends the process with status 3.
    static func shown<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as LedgerError {
            show(error.summary, error.hint)
        } catch let error as ReportError {
            show(error.summary, error.hint)
        }
        throw ExitStatus.undecided.code
    }

    private static func show(_ summary: String, _ hint: String?) {
        Console.standardError("error: \(summary)")
        if let hint { Console.standardError("  hint: \(hint)") }
    }
}
