import GRDB
import TestSupport
import Testing

@testable import Ledger

@Suite struct DeclarationTests {
    private let ledger: Ledger
    private let scratch: Scratch
    private let orders = Declaration.subject(AlertSubject(asset: "orders", suite: "daily"))
    private let a = DeclaringInstance(project: "a.yaml", process: "old")
    private let b = DeclaringInstance(project: "b.yaml")
    private let team = Declaration.receiver(route: "orders", key: "daily")

    init() throws {
        scratch = try Scratch()
        ledger = try Ledger(path: scratch.path())
    }

    @Test func holdForTwoDays() throws {
        let end = 7 + Declaration.lifetime
        try ledger.transaction { try $0.declare([orders], by: a, at: 7) }
        #expect(try ledger.isDeclared(orders, at: end) && !ledger.isDeclared(orders, at: end + 1))
        #expect(try !ledger.isDeclared(team, at: 7))
        try ledger.transaction { transaction in
            try transaction.declare([orders, team], by: a, at: end)
            #expect(try transaction.isDeclared(team, at: end + Declaration.lifetime))
        }
        #expect(try ledger.isDeclared(orders, at: end + 1))
    }

    @Test func areWithdrawnByTheirInstanceAlone() throws {
        try ledger.transaction { transaction in
            try transaction.declare([orders, team], by: a, at: 7)
            try transaction.declare([orders], by: b, at: 7)
            try transaction.withdrawDeclarations(of: a, at: 7)
            #expect(try transaction.isDeclared(orders, at: 8) && !transaction.isDeclared(team, at: 8))
        }
    }

    /// An older version of a project, whose process goes on.
    @Test func areKeptByAnotherProcessOfTheSameProject() throws {
        let (old, new) = (a, DeclaringInstance(project: "a.yaml", process: "new"))
        try ledger.transaction { transaction in
            try transaction.declare([orders], by: old, at: 7)
            try transaction.withdrawDeclarations(of: new, at: 7 + DeclaringInstance.patience)
            #expect(try transaction.isDeclared(orders, at: 8))
        }
    }

    @Test func areThoseOfTheNextProcessWhereOneEndedOrWasKilled() throws {
        let new = DeclaringInstance(project: "a.yaml", process: "new")
        try ledger.transaction { transaction in
            try transaction.declare([orders], by: a, at: 7)
            try transaction.leaveDeclarations(of: a)
            #expect(try transaction.isDeclared(orders, at: 8))
            try transaction.withdrawDeclarations(of: new, at: 8)
            #expect(try !transaction.isDeclared(orders, at: 8))

            try transaction.declare([orders], by: a, at: 7)
            try transaction.withdrawDeclarations(of: new, at: 8 + DeclaringInstance.patience)
            #expect(try !transaction.isDeclared(orders, at: 8))
        }
    }

    @Test func schedulesThatNobodyHasBeginAnew() throws {
        let validation = Validation(suite: "daily", asset: "orders")
        func lastSlot() throws -> Int64? { try ledger.scheduleStandings(now: 9)[validation]?.lastSlot }
        try ledger.transaction { transaction in
            try transaction.register([(validation, "hourly")], now: 5)
            try transaction.declare([orders], by: a, at: 7)
            try transaction.forgetUndeclaredSchedules()
            try transaction.register([(validation, "hourly")], now: 8)
        }
        #expect(try lastSlot() == 5)
        try ledger.transaction { transaction in
            try transaction.withdrawDeclarations(of: a, at: 8)
            try transaction.forgetUndeclaredSchedules()
            try transaction.register([(validation, "hourly")], now: 9)
        }
        #expect(try lastSlot() == 9)
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
