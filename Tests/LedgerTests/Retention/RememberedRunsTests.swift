import Expectations
import Ledger
import TestSupport
import Testing

/// Since when something fails stays true when the run goes that began it.
@Suite struct RememberedRunsTests {
    private let validation = Validation(suite: "orders", asset: "silver.orders")

    /// `p` for a success, `f` for a failure, `u` for data that could not be read.
    private func record(_ course: String, in ledger: Ledger, from first: Int = 0) throws {
        for (index, letter) in course.enumerated() {
            let id = "r\(first + index)"
            let results = letter == "u" ? [] : [letter == "p" ? Samples.result("e2") : Samples.failing(email: "x")]
            let failure = letter == "u" ? RunFailure(code: "not-found", message: "no such file", hint: nil) : nil
            try ledger.record(Samples.run(id, at: Int64(first + index), results: results, failure: failure))
        }
    }

    /// What is told now: the first failing run, the last success, and since when the expectation fails.
    private func told(_ ledger: Ledger, now: Int64 = 100) throws -> [String?] {
        let standing = try ledger.standing(of: validation, recent: 1, now: now)
        return [
            standing?.failingSince?.id, standing?.lastSuccess?.id,
            try ledger.failingSince("e2", in: validation)?.id,
        ]
    }

    @Test func theFirstFailureAndTheLastSuccessAreRemembered() throws {
        let scratch = try Scratch()
        let ledger = try Ledger(path: scratch.path())
        try record("ppfff", in: ledger)
        try ledger.prune(PruningPlan(resultsBefore: 4, rowsPerTransaction: 1))
        #expect(try ledger.runs(limit: 9).map(\.id) == ["r4"])
        #expect(try told(ledger) == ["r2", "r1", "r2"])
        let standing = try #require(try ledger.standings(recent: 1, now: 100).first)
        #expect(standing.failingSince == RunReference(id: "r2", startedAt: 2, isKept: false))
        #expect(standing.lastSuccess?.isKept == false)
        // It ends with the series.
        try record("p", in: ledger, from: 5)
        #expect(try told(ledger) == [nil, "r5", nil])
        try record("f", in: ledger, from: 6)
        try ledger.prune(PruningPlan(resultsBefore: 6))
        #expect(try told(ledger) == ["r6", "r5", "r6"])
    }

    /// Whatever was removed when: the same is told as where nothing ever was.
    @Test(arguments: 0..<40) func retentionChangesNothingOfIt(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let scratch = try Scratch()
        let (pruned, whole) = (try Ledger(path: scratch.path()), try Ledger(path: scratch.path("whole.db")))
        for time in 0..<14 {
            let letter = random.pick(["p", "f", "f", "u"])
            for ledger in [pruned, whole] { try record(letter, in: ledger, from: time) }
            if random.chance(40) {
                let limit = Int64.random(in: 0...Int64(time + 1), using: &random)
                try pruned.prune(PruningPlan(resultsBefore: limit, rowsPerTransaction: random.pick([1, 5, 100])))
            }
            #expect(try told(pruned) == told(whole), "seed \(seed), after run \(time)")
        }
    }
}
