import Foundation
import Ledger
import TestSupport
import Testing

@Suite struct LeaseTests {
    private let scratch: Scratch
    private let ledger: Ledger

    init() throws {
        scratch = try Scratch()
        ledger = try Ledger(path: scratch.path())
    }

    private func acquire(_ holder: String, now: Int64, length: Int64 = 100) throws -> Lease? {
        try ledger.transaction { try $0.acquireLease("a", holder: holder, now: now, length: length) }
    }

    @Test func oneHolderAtATime() throws {
        let first = try #require(try acquire("one", now: 0))
        #expect(first.epoch == 1 && first.expiresAt == 100)
        #expect(try acquire("two", now: 99) == nil)
        #expect(try acquire("one", now: 99) == nil)
        let second = try #require(try acquire("two", now: 100))
        #expect(second.epoch == 2 && second.holder == "two")
    }

    @Test func whatWasGivenBackIsFree() throws {
        let first = try #require(try acquire("one", now: 0))
        try ledger.transaction { try $0.releaseLease(first) }
        #expect(try acquire("two", now: 1)?.epoch == 2)
        // Giving back once more doesn't take it from the other.
        try ledger.transaction { try $0.releaseLease(first) }
        #expect(try acquire("one", now: 2) == nil)
    }

    @Test func keepingIt() throws {
        let first = try #require(try acquire("one", now: 0))
        #expect(try ledger.transaction { try $0.renewLease(first, now: 90, length: 100) }?.expiresAt == 190)
        #expect(try acquire("two", now: 150) == nil)
        // It has expired, and nobody wanted it.
        #expect(try ledger.transaction { try $0.renewLease(first, now: 500, length: 100) }?.epoch == 1)
        _ = try #require(try acquire("two", now: 600))
        #expect(try ledger.transaction { try $0.renewLease(first, now: 601, length: 100) } == nil)
    }

    @Test func whoLostItWritesNothing() throws {
        let first = try #require(try acquire("one", now: 0))
        try ledger.transaction { transaction in
            try transaction.checkLease(first)
            try transaction.record(Samples.run("r1"))
        }
        _ = try #require(try acquire("two", now: 200))
        let error = #expect(throws: LedgerError.self) {
            try ledger.transaction { transaction in
                try transaction.record(Samples.run("r2"))
                try transaction.checkLease(first)
            }
        }
        #expect(error?.code == "lease-lost" && error?.mayHelpToRetry == false)
        #expect(try ledger.runs(limit: 9).map(\.id) == ["r1"])
    }

    /// The same holder's own second term: its first one is over.
    @Test func anEpochIsATerm() throws {
        let first = try #require(try acquire("one", now: 0))
        let second = try #require(try acquire("one", now: 100))
        #expect(throws: LedgerError.self) { try ledger.transaction { try $0.checkLease(first) } }
        try ledger.transaction { try $0.checkLease(second) }
    }

    @Test func aClockThatIsSetBackLocksNobodyOut() throws {
        _ = try #require(try acquire("one", now: 1_000_000))
        #expect(try acquire("two", now: 1_000_000 - 99) == nil)
        #expect(try acquire("two", now: 5)?.epoch == 2)
        #expect(try acquire("three", now: .max, length: .max)?.expiresAt == .max)
    }
}
