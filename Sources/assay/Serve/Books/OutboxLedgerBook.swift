import Ledger
import Service

/// What pages and programs see of messages that are to be sent.
struct OutboxLedgerBook: OutboxBook {
    let ledger: Ledger

    func standing() throws -> OutboxStanding {
        let counts = try ledger.outboxCounts()
        return OutboxStanding(waiting: counts.waiting, dead: counts.dead, oldestAt: counts.oldest)
    }

    func deadLetters(limit: Int) throws -> [Service.DeadLetter] {
        try ledger.deadLetters(limit: limit).map { letter in
            Service.DeadLetter(
                id: letter.entry.id, route: letter.entry.route, channel: letter.entry.channelName,
                incident: letter.entry.incident, createdAt: letter.entry.createdAt, diedAt: letter.diedAt,
                attempts: letter.attempts, reason: "\(letter.errorMessage) [\(letter.errorCode)]")
        }
    }

    func retry(_ id: String?, at now: Int64) throws -> Int {
        try ledger.revive(id.map { [$0] }, at: now)
    }
}
