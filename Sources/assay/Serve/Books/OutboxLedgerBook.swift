import Ledger
import Reports
import Service

/// What pages and programs see of messages that are to be sent.
struct OutboxLedgerBook: OutboxBook {
    let ledger: Ledger

    func standing() throws -> OutboxStanding {
        let counts = try ledger.outboxCounts()
        return OutboxStanding(waiting: counts.waiting, dead: counts.dead, oldestAt: counts.oldest)
    }

    func deadLetters(limit: Int) throws -> [DeadLetterEntry] {
        try ledger.deadLetters(limit: limit).map { letter in
            DeadLetterEntry(
                id: letter.entry.id, route: letter.entry.route, channel: letter.entry.channelName,
                incident: letter.entry.incident, createdAt: letter.entry.createdAt, diedAt: letter.diedAt,
                attempts: letter.attempts, reason: "\(letter.errorMessage) [\(letter.errorCode)]",
                isSuperseded: letter.isSuperseded)
        }
    }

    func retry(_ id: String?, at now: Int64) throws -> Int {
        let revived = try ledger.revive(id.map { [$0] }, at: now)
        guard id == nil || revived.superseded.isEmpty else {
            throw DeskRefusal(
                .conflict, code: "superseded-message", message: "the receiver has had a later message of the incident")
        }
        return revived.count
    }
}
