import GRDB
import TestSupport
import Testing

@testable import Ledger

@Suite struct DeclarationTests {
    private let ledger: Ledger
    private let scratch: Scratch
    private let orders = Declaration.subject(AlertSubject(asset: "orders", suite: "daily"))
    private let team = Declaration.receiver(route: "orders", key: "daily")

    init() throws {
        scratch = try Scratch()
        ledger = try Ledger(path: scratch.path())
    }

    @Test func holdForTwoDays() throws {
        let end = 7 + Declaration.lifetime
        try ledger.transaction { try $0.declare([orders], by: "a.yaml", at: 7) }
        #expect(try ledger.isDeclared(orders, at: end) && !ledger.isDeclared(orders, at: end + 1))
        #expect(try !ledger.isDeclared(team, at: 7))
        try ledger.transaction { transaction in
            try transaction.declare([orders, team], by: "a.yaml", at: end)
            #expect(try transaction.isDeclared(team, at: end + Declaration.lifetime))
        }
        #expect(try ledger.isDeclared(orders, at: end + 1))
    }

    @Test func areWithdrawnByTheirInstanceAlone() throws {
        try ledger.transaction { transaction in
            try transaction.declare([orders, team], by: "a.yaml", at: 7)
            try transaction.declare([orders], by: "b.yaml", at: 7)
            try transaction.withdrawDeclarations(of: "a.yaml")
            #expect(try transaction.isDeclared(orders, at: 8) && !transaction.isDeclared(team, at: 8))
        }
    }

    /// Stores of before know a channel by its place in the route.
    @Test func messagesThatWaitAreKeptByAnUpgrade() throws {
        let path = scratch.path("old.sqlite")
        let queue = try DatabaseQueue(path: path)
        try queue.write { db in
            try db.execute(sql: "CREATE TABLE \(LedgerMigrations.table) (identifier TEXT NOT NULL PRIMARY KEY)")
            for step in LedgerMigrations.steps.prefix(while: { $0.name != "3-receivers" }) {
                try db.execute(sql: step.sql)
                try db.execute(sql: "INSERT INTO \(LedgerMigrations.table) VALUES (?)", arguments: [step.name])
            }
            try db.execute(
                sql: """
                    INSERT INTO outbox (id, route, channel, channel_name, incident, sequence, message, created_at,
                        waiting_since, next_at)
                    VALUES ('m/0', 'team', 0, 'slack', 'i', 1, '{}', 5, 5, 5)
                    """)
        }
        try queue.close()
        let upgraded = try Ledger(path: path)
        #expect(
            try upgraded.outboxChannels(dueAt: 5) == [OutboxChannel(route: "team", channel: "slack", name: "slack")])
    }
}
