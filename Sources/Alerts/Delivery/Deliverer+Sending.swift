import Ledger
import Suites
import Tables

extension Deliverer {
    /// Sends one message and notes what became of it.
    func deliver(_ claim: OutboxClaim, clock: @Sendable () -> Int64) async {
        do {
            do {
                let receipt = try await send(claim.entry, at: clock())
                let now = clock()
                try ledger.settleDelivered(claim, at: now)
                if !receipt.refusedRecipients.isEmpty {
                    let refused = receipt.refusedRecipients.joined(separator: ", ")
                    tell(.partlyRefused, claim, "refused for \(refused)", code: "refused-recipients", at: now)
                }
                tell(.delivered, claim, receipt.words, at: now)
            } catch let failure as DeliveryFailure {
                try settle(claim, failure, at: clock())
            }
        } catch {
            storeFailed(error)
        }
    }

    private func send(_ entry: OutboxEntry, at now: Int64) async throws(DeliveryFailure) -> Courier.Receipt {
        guard let route = routes[entry.route] else { throw .noSuchRoute }
        guard let channel = route.channel(entry.channel, named: entry.channelName) else { throw .noSuchChannel }
        guard let message = JSON(text: entry.message).flatMap({ AlertMessage(json: $0) }) else {
            throw .unreadableMessage
        }
        return try await courier.take(message, key: entry.id, to: channel, links: route.links, at: now)
    }

    private func settle(_ claim: OutboxClaim, _ failure: DeliveryFailure, at now: Int64) throws {
        // It was us who broke it off.
        if Task.isCancelled, failure.code == "cancelled" { return try ledger.release(claim) }
        let attempt = claim.attempts + 1
        let next = CivilTime.sum(now, backoff.pause(after: attempt, of: claim.entry.id, wish: failure.wish))
        let isTooOld = CivilTime.age(of: claim.waitingSince, at: next) > backoff.patience
        if failure.isFinal || isTooOld {
            try ledger.bury(claim, at: now, because: failure.code, failure.message)
            tell(.dead, claim, failure.message, code: failure.code, at: now)
        } else {
            try ledger.postpone(
                claim, until: next, because: failure.code, failure.message, wholeChannel: failure.wish != nil)
            tell(.postponed, claim, failure.message, code: failure.code, at: now, next: next)
        }
    }

    private func tell(
        _ kind: DeliveryEvent.Kind, _ claim: OutboxClaim, _ message: String, code: String? = nil, at now: Int64,
        next: Int64? = nil
    ) {
        onEvent(
            DeliveryEvent(
                kind: kind, id: claim.entry.id, route: claim.entry.route, channel: claim.entry.channelName,
                incident: claim.entry.incident, attempts: claim.attempts + 1, code: code, message: message,
                nextAt: next,
                age: CivilTime.age(of: claim.entry.createdAt, at: now)))
    }

    func storeFailed(_ error: any Error) {
        let known = error as? LedgerError
        onEvent(
            DeliveryEvent(
                kind: .storeFailed, id: "", route: "", channel: "", incident: "", attempts: 0,
                code: known?.code ?? "internal", message: known?.summary ?? "the results store failed", nextAt: nil,
                age: 0)
        )
    }
}

extension AlertRoute {
    /// The channel that a message was written for: the one at its place, or else the only one of its kind.
    func channel(_ place: Int, named name: String) -> AlertChannel? {
        if channels.indices.contains(place), channels[place].name == name { return channels[place] }
        let same = channels.filter { $0.name == name }
        return same.count == 1 ? same.first : nil
    }
}

extension CivilTime {
    /// An instant and a duration later; the last instant there is where that is beyond it.
    static func sum(_ instant: Int64, _ duration: Int64) -> Int64 {
        let (sum, isBeyond) = instant.addingReportingOverflow(duration)
        return isBeyond ? .max : sum
    }
}
