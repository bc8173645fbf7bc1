import Expectations
import Ledger
import Tables
import TestSupport
import Testing

@Suite struct HistoryTests {
    private let scratch: Scratch
    private let ledger: Ledger
    private let orders = Validation(suite: "orders", asset: "silver.orders")

    init() throws {
        scratch = try Scratch()
        ledger = try Ledger(path: scratch.path())
    }

    /// Records a run per letter: p(assed), f(ailed), e(rrored), a(bsent from the suite).
    private func record(_ outcomes: String) throws {
        for (index, letter) in outcomes.enumerated() {
            let outcome: Outcome = letter == "p" ? .passed : letter == "e" ? .errored(reason: "why") : .failed
            let results = letter == "a" ? [] : [Samples.result(outcome: outcome)]
            try ledger.record(Samples.run("r\(index)", at: Int64(index), results: results))
        }
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let runs: String
        let since: String?
        var testDescription: String { runs }
    }

    static let cases = [
        Case(runs: "p", since: nil), Case(runs: "f", since: "r0"), Case(runs: "pf", since: "r1"),
        Case(runs: "ffpf", since: "r3"), Case(runs: "pfef", since: "r1"), Case(runs: "fp", since: nil),
        Case(runs: "pffa", since: nil), Case(runs: "pfaf", since: "r1"),
    ]

    @Test(arguments: cases) func knowsSinceWhenItFails(_ c: Case) throws {
        try record(c.runs)
        #expect(try ledger.failingSince("e1", in: orders)?.id == c.since)
    }

    @Test func listsAnExpectationsVerdictsNewestFirst() throws {
        try record("pfe")
        let history = try ledger.history(ofExpectation: "e1", in: orders, limit: 2)
        #expect(history.map(\.outcome) == [.errored(reason: "why"), .failed])
        #expect(history.map(\.run) == [RunReference(id: "r2", startedAt: 2), RunReference(id: "r1", startedAt: 1)])
    }

    @Test func keepsExpectationsOfDifferentAssetsApart() throws {
        try record("f")
        try ledger.record(Samples.run("x", asset: "gold.orders"))
        #expect(try ledger.failingSince("e1", in: Validation(suite: "orders", asset: "gold.orders")) == nil)
        #expect(try ledger.history(ofExpectation: "e1", in: orders, limit: 9).count == 1)
    }

    @Test func remembersMetrics() throws {
        for (index, mean) in [1.5, .nan, 2.5].enumerated() {
            let metrics = [
                MetricReading(name: "mean", column: "amount", value: mean),
                MetricReading(name: "row_count", column: nil, condition: "id > 1", value: 3),
            ]
            try ledger.record(Samples.run("r\(index)", at: Int64(index), metrics: metrics))
        }
        let means = try ledger.metricHistory(asset: "silver.orders", column: "amount", name: "mean", limit: 9).map(
            \.value)
        #expect(means.count == 3 && means[0] == 2.5 && means[1].isNaN && means[2] == 1.5)
        #expect(
            try ledger.metricHistory(
                asset: "silver.orders", column: nil, name: "row_count", condition: "id > 1", limit: 1
            ).map(\.run.id) == ["r2"])
        #expect(try ledger.metricHistory(asset: "silver.orders", column: nil, name: "row_count", limit: 9).isEmpty)
    }

    @Test func notesASchemaOnlyWhenItChanges() throws {
        let wider = Schema(Samples.schema.fields + [Field("price", .decimal(precision: 12, scale: 2))])
        let schemas = [Samples.schema, Samples.schema, wider, Schema([]), wider]
        #expect(try ledger.latestSchema(ofAsset: "silver.orders") == nil)
        for (index, schema) in schemas.enumerated() {
            try ledger.record(Samples.run("r\(index)", at: Int64(index), schema: schema))
        }
        let observed = try ledger.schemas(ofAsset: "silver.orders", limit: 9)
        #expect(observed.map(\.schema) == [wider, Samples.schema])
        #expect(observed.map(\.firstSeen.id) == ["r2", "r0"] && observed.map(\.lastSeen.id) == ["r4", "r1"])
        #expect(try ledger.latestSchema(ofAsset: "silver.orders") == wider)
    }

    @Test func everyTypeComesBack() throws {
        let simple: [LogicalType] = [
            .boolean, .int64, .uint64, .float64, .string, .binary, .date, .time, .timestamp, .duration,
            .decimal(precision: 38, scale: 0), .decimal(precision: 12, scale: 2),
        ]
        let nested: [LogicalType] = [
            .list(.list(.decimal(precision: 3, scale: 1))), .map(key: .string, value: .list(.date)),
            .structure([Field("a \"quoted\" name", .int64, isNullable: false), Field("b", .structure([]))]),
        ]
        let schema = Schema((simple + nested).enumerated().map { Field("c\($0.offset)", $0.element) })
        try ledger.record(Samples.run("r1", schema: schema))
        #expect(try ledger.latestSchema(ofAsset: "silver.orders") == schema)
    }
}
