import Ledger
import Service
import Statistics
import Suites
import Tables

/// Leaves requests for runs in the ledger, where the scheduler finds them within a second, in whichever process it is.
struct LedgerTriggerDesk: TriggerDesk {
    let ledger: Ledger
    let project: @Sendable () -> Project

    func trigger(_ validation: Validation, by actor: String, at now: Int64) throws -> RequestReceipt? {
        let isKnown = project().validations.contains { $0.suite == validation.suite && $0.asset == validation.asset }
        guard isKnown else { return nil }
        let request = RunRequest(id: "request-\(RunID.make())", validation: validation, actor: actor, requestedAt: now)
        _ = try ledger.transaction { try $0.request(request) }
        return RequestReceipt(id: request.id, recordCount: nil)
    }
}
