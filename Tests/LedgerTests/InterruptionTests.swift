import GRDB
import Synchronization
import TestSupport
import Testing

@testable import Ledger

@Suite struct InterruptionTests {
    private static let endless =
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

    @Test func readingEndsWhenNobodyWaitsForItAnyMore() throws {
        let scratch = try Scratch()
        let ledger = try Ledger(path: scratch.path())
        try ledger.record(Samples.run("r1"))
        let questions = Mutex(0)
        let isUnwanted: @Sendable () -> Bool = {
            questions.withLock { count in
                count += 1
                return count > 3
            }
        }
        let error = #expect(throws: LedgerError.self) {
            try Ledger.reading(unless: isUnwanted) { try ledger.read { db in try Int.fetchOne(db, sql: Self.endless) } }
        }
        #expect(error?.code == "interrupted")
        #expect(questions.withLock { $0 } == 4)
        // Its connection serves others.
        #expect(try ledger.runs(limit: 9).map(\.id) == ["r1"])
        #expect(try Ledger.reading(unless: { false }) { try ledger.runs(limit: 9).map(\.id) } == ["r1"])
    }
}
