import Ledger
import Suites
import Tables

extension Deliverer {
    /// Sends one message and notes what became of it.
    func deliver(_ claim: OutboxClaim, _ errand: Errand, clock: @Sendable () -> Int64) async {
        do {
            do {
                async let _: Void = hold(claim, clock: clock)
                let receipt = try await send(claim.entry, errand, at: clock())
                let now = clock()
                try ledger.settleDelivered(claim, supersedes: receipt.supersedes, at: now)
                tell(.delivered, claim.entry, attempts: claim.attempts + 1, receipt.words, at: now)
            } catch let failure as DeliveryFailure {
                try settle(claim, failure, at: clock())
            }
        } catch {
            storeFailed(error)
        }
    }

    /// Keeps a message claimed until the task is cancelled, so that it is nobody else's however long its receiver takes.
    private func hold(_ claim: OutboxClaim, clock: @Sendable () -> Int64) async {
        var end = CivilTime.sum(clock(), settings.hold)
        while (try? await Task.sleep(for: .microseconds(settings.hold / 3))) != nil {
            end = max(CivilTime.sum(end, settings.hold / 3), CivilTime.sum(clock(), settings.hold))
            do { try ledger.renew(claim, until: end) } catch { storeFailed(error) }
        }
    }

    /// How long a message may be due that no project has a receiver for: microseconds.
    private static let waitForReceiver: Int64 = 3_600_000_000

    /// Gives up messages that no project has a receiver for; those of late wait for one who comes back to it.
    func giveUp(_ channel: OutboxChannel, at now: Int64) throws {
        let failure = routes[channel.route] == nil ? DeliveryFailure.noSuchRoute : .noSuchChannel
        let dead = try ledger.bury(
            channel, dueSince: CivilTime.sum(now, -Self.waitForReceiver), at: now, because: failure.code,
            failure.message)
        for entry in dead { tell(.dead, entry, attempts: 0, failure.message, code: failure.code, at: now) }
    }

    private func send(
        _ entry: OutboxEntry, _ errand: Errand, at now: Int64
    ) async throws(DeliveryFailure) -> Courier.Receipt {
        guard let message = JSON(text: entry.message).flatMap({ AlertMessage(json: $0) }) else {
            throw .unreadableMessage
        }
        return try await courier.take(message, key: entry.id, to: errand.receiver, links: errand.route.links, at: now)
    }

    private func settle(_ claim: OutboxClaim, _ failure: DeliveryFailure, at now: Int64) throws {
        // It was us who broke it off.
        if Task.isCancelled, failure.code == "cancelled" { return try ledger.release(claim) }
        let attempt = claim.attempts + 1
        let pause = backoff.pause(after: attempt, of: claim.entry.id, wish: failure.wish)
        if failure.isFinal || CivilTime.sum(claim.waited, pause) > backoff.patience {
            try ledger.bury(claim, at: now, because: failure.code, failure.message)
            tell(.dead, claim.entry, attempts: attempt, failure.message, code: failure.code, at: now)
        } else {
            try ledger.postpone(
                claim, at: now, for: pause, because: failure.code, failure.message, wholeChannel: failure.wish != nil)
            tell(
                .postponed, claim.entry, attempts: attempt, failure.message, code: failure.code, at: now,
                next: CivilTime.sum(now, pause))
        }
    }

    private func tell(
        _ kind: DeliveryEvent.Kind, _ entry: OutboxEntry, attempts: Int, _ message: String, code: String? = nil,
        at now: Int64, next: Int64? = nil
    ) {
        onEvent(
            DeliveryEvent(
                kind: kind, id: entry.id, route: entry.route, channel: entry.channelName, incident: entry.incident,
                attempts: attempts, code: code, message: message, nextAt: next,
                age: CivilTime.age(of: entry.createdAt, at: now)))
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

extension CivilTime {
    /// An instant and a duration later; the last instant there is where that is beyond it.
    static func sum(_ instant: Int64, _ duration: Int64) -> Int64 {
        let (sum, isBeyond) = instant.addingReportingOverflow(duration)
        return isBeyond ? .max : sum
    }
}
