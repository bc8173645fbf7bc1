import Expectations
import Foundation
import Ledger
import Tables
import TestSupport
import Testing

@Suite struct PruningTests {
    private let scratch: Scratch
    private let ledger: Ledger

    init() throws {
        scratch = try Scratch()
        ledger = try Ledger(path: scratch.path())
    }

    private func count(_ table: String) throws -> Int { try Peek(scratch.path()).count(table) }

    private var tables: [String: Int] {
        get throws {
            try ["runs", "files", "results", "findings", "metrics", "series", "expectations", "sentences"]
                .reduce(into: [:]) { $0[$1] = try count($1) }
        }
    }

    @Test func oldRunsGoWithAllThatBelongsToThem() throws {
        try ledger.record(
            Samples.run(
                "old", at: 1, results: [Samples.failing(email: "a@b.c"), Samples.result("gone", sentence: "once")],
                metrics: [MetricReading(name: "mean", column: "id", condition: nil, value: 3)]))
        try ledger.record(Samples.run("new", at: 10))
        let pruned = try ledger.prune(PruningPlan(resultsBefore: 10))
        #expect(pruned.runs == 1 && pruned.transactions == 1)
        #expect(try ledger.runs(limit: 9).map(\.id) == ["new"])
        #expect(
            try tables == [
                "runs": 1, "files": 1, "results": 1, "findings": 0, "metrics": 0, "series": 0, "expectations": 1,
                "sentences": 1,
            ])
        #expect(try ledger.results(ofRun: "new").map(\.sentence) == ["every email is present"])
    }

    @Test func theNewestRunOfEachValidationStaysWhateverItsAge() throws {
        try ledger.record(Samples.run("orders-1", at: 1))
        try ledger.record(Samples.run("orders-2", at: 2))
        try ledger.record(Samples.run("orders-other", asset: "gold.orders", at: 1))
        try ledger.record(Samples.run("clicks", suite: "clicks", asset: "clicks", at: 1))
        try ledger.prune(PruningPlan(resultsBefore: 1_000))
        #expect(Set(try ledger.runs(limit: 9).map(\.id)) == ["orders-2", "orders-other", "clicks"])
    }

    @Test func whatIsAsOldAsTheLimitStays() throws {
        for time in 1...3 { try ledger.record(Samples.run("r\(time)", at: Int64(time))) }
        try ledger.prune(PruningPlan(resultsBefore: 2))
        #expect(try ledger.runs(limit: 9).map(\.id) == ["r3", "r2"])
    }

    /// No transaction takes longer than a few runs would: whoever waits to write gets its turn in between.
    @Test func transactionsAreSmall() throws {
        for index in 0..<60 {
            try ledger.record(
                Samples.run(
                    "r\(index)", at: Int64(index),
                    results: (0..<20).map { Samples.result("e\($0)", sentence: "run \(index), sentence \($0)") }))
        }
        var steps: [Int] = []
        var previous = 0
        let pruned = try ledger.prune(PruningPlan(resultsBefore: 1_000, rowsPerTransaction: 100)) { so in
            steps.append(so.rows - previous)
            previous = so.rows
            try ledger.record(Samples.run("between-\(steps.count)", suite: "other", at: 5_000))
        }
        #expect(pruned.runs == 59)
        #expect(pruned.transactions == steps.count && steps.count == 15)
        // A run has 22 rows, and 20 sentences go with it; and the schema is first seen later, and the last success remembered anew.
        #expect(steps.allSatisfy { $0 <= 4 * 42 + 3 })
        #expect(try count("runs") == 1 + steps.count)
        #expect(try count("sentences") == 21)
    }

    @Test func aRunBeyondTheLimitGoesWhole() throws {
        try ledger.record(Samples.run("large", at: 1, results: (0..<500).map { Samples.result("e\($0)") }))
        try ledger.record(Samples.run("new", at: 2))
        let pruned = try ledger.prune(PruningPlan(resultsBefore: 2, rowsPerTransaction: 10))
        #expect(pruned.runs == 1 && pruned.transactions == 1 && pruned.rows > 500)
    }

    @Test func endingItKeepsWhatWasDone() throws {
        for index in 0..<10 { try ledger.record(Samples.run("r\(index)", at: Int64(index))) }
        #expect(throws: CancellationError.self) {
            try ledger.prune(PruningPlan(resultsBefore: 100, rowsPerTransaction: 1)) { so in
                if so.runs == 3 { throw CancellationError() }
            }
        }
        #expect(try count("runs") == 7)
    }

    @Test func samplesGoAndVerdictsStay() throws {
        try ledger.record(Samples.run("old", at: 1, results: [Samples.failing(email: "a@b.c")]))
        try ledger.record(
            Samples.run(
                "told", at: 2,
                results: [
                    Samples.result("e3", outcome: .failed, counts: nil, details: [JSON.Member("groups", .integer(3))])
                ]))
        try ledger.record(Samples.run("new", at: 3, results: [Samples.failing(email: "d@e.f")]))
        let pruned = try ledger.prune(PruningPlan(samplesBefore: 3, rowsPerTransaction: 1))
        #expect(pruned.samples == 2 && pruned.transactions == 2 && pruned.runs == 0)
        let old = try #require(try ledger.results(ofRun: "old").first)
        #expect(old.unexpectedRows.isEmpty && old.unexpectedCounts == [])
        #expect(old.verdict.rows?.unexpectedCount == 1 && old.verdict.outcome == .failed)
        #expect(try ledger.results(ofRun: "told").first?.details == [JSON.Member("groups", .number("3"))])
        #expect(try ledger.results(ofRun: "new").first?.unexpectedRows.count == 1)
        #expect(try count("findings") == 2)
        #expect(try ledger.prune(PruningPlan(samplesBefore: 3)).transactions == 0)
    }

    @Test func reportsAreNoLongerNamed() throws {
        for time in 1...3 { try ledger.record(Samples.run("r\(time)", at: Int64(time)), report: "r\(time).html") }
        let pruned = try ledger.prune(PruningPlan(reportsBefore: 100))
        #expect(pruned.reports == 2)
        #expect(try ledger.runs(limit: 9).map(\.report) == ["r3.html", nil, nil])
    }

    @Test func schemasKeepTheirTimesAsFarAsRunsRememberThem() throws {
        let wide = Schema(Samples.schema.fields + [Field("city", .string)])
        for (time, schema) in [Samples.schema, Samples.schema, wide, wide].enumerated() {
            try ledger.record(Samples.run("r\(time)", at: Int64(time), schema: schema))
        }
        try ledger.prune(PruningPlan(resultsBefore: 1))
        var schemas = try ledger.schemas(ofAsset: "silver.orders", limit: 9)
        #expect(schemas.map(\.firstSeen.id) == ["r2", "r1"])
        try ledger.prune(PruningPlan(resultsBefore: 3))
        schemas = try ledger.schemas(ofAsset: "silver.orders", limit: 9)
        #expect(schemas.map(\.schema) == [wide])
        #expect(schemas.map(\.firstSeen.id) == ["r3"] && schemas.map(\.lastSeen.id) == ["r3"])
    }

    /// Runs that could read nothing must not push out what the asset's columns were.
    @Test func theLatestSchemaStaysThoughItsRunIsOld() throws {
        try ledger.record(Samples.run("readable", at: 1))
        for time in 2...4 {
            try ledger.record(
                Samples.run(
                    "r\(time)", at: Int64(time), results: [], schema: Schema([]),
                    failure: RunFailure(code: "not-found", message: "gone", hint: nil)))
        }
        try ledger.prune(PruningPlan(resultsBefore: 100))
        #expect(try ledger.latestSchema(ofAsset: "silver.orders") == Samples.schema)
        #expect(Set(try ledger.runs(limit: 9).map(\.id)) == ["readable", "r4"])
    }

    @Test func whatWouldGoIsCountedAndStays() throws {
        for time in 1...4 {
            try ledger.record(
                Samples.run("r\(time)", at: Int64(time), results: [Samples.failing(email: "a@b.c")]),
                report: "r\(time).html")
        }
        let plan = PruningPlan(resultsBefore: 2, samplesBefore: 4, reportsBefore: 3)
        let before = try tables
        let expected = try ledger.wouldPrune(plan)
        #expect(try tables == before)
        let pruned = try ledger.prune(plan)
        #expect((expected.runs, expected.samples, expected.reports) == (1, 2, 1))
        #expect((pruned.runs, pruned.samples, pruned.reports) == (1, 2, 1))
    }

    /// What the indexes are for: removing a sentence looks it up, and doesn't read all results.
    @Test func lookupsUseIndexes() throws {
        let peek = try Peek(scratch.path())
        let plans = try [
            "SELECT 1 FROM results WHERE sentence = 1", "SELECT 1 FROM results WHERE reason = 1",
            "SELECT 1 FROM results WHERE discreet = 1 AND discreet > 0",
            "SELECT rowid FROM findings WHERE run < 9 AND (unexpected_rows IS NOT NULL OR unexpected_counts IS NOT NULL)",
        ].map { try peek.plan(of: $0) }
        #expect(plans[0].contains("results_by_sentence"))
        #expect(plans[1].contains("results_by_reason"))
        #expect(plans[2].contains("results_by_discreet"))
        #expect(plans[3].contains("findings_with_samples"))
    }

    /// Pages that were freed are used again: a store from which as much goes as comes doesn't grow.
    @Test func theFileStopsGrowing() throws {
        var sizes: [Int] = []
        for round in 0..<6 {
            for index in 0..<20 {
                let results = (0..<50).map {
                    Samples.result("e\($0)", sentence: "run \(round)-\(index), sentence \($0)")
                }
                try ledger.record(Samples.run("r\(round)-\(index)", at: Int64(round * 20 + index), results: results))
            }
            try ledger.prune(PruningPlan(resultsBefore: Int64(round * 20)))
            sizes.append(try ledger.space().byteCount)
        }
        #expect(sizes[5] < sizes[2] * 11 / 10)
    }

    @Test func compactingGivesRoomBack() throws {
        for index in 0..<40 {
            let results = (0..<100).map { Samples.result("e\($0)", sentence: "run \(index), sentence \($0)") }
            try ledger.record(Samples.run("r\(index)", at: Int64(index), results: results))
        }
        let full = try ledger.space()
        try ledger.prune(PruningPlan(resultsBefore: 100))
        let pruned = try ledger.space()
        #expect(pruned.byteCount == full.byteCount && pruned.freeByteCount > full.byteCount / 2)
        try ledger.compact()
        let compact = try ledger.space()
        #expect(compact.byteCount < full.byteCount / 2 && compact.freeByteCount == 0)
        #expect(try ledger.runs(limit: 9).map(\.id) == ["r39"])
    }
}
