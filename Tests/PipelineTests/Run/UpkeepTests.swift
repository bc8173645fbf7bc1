import Delta
import Expectations
import Foundation
import Pipeline
import TestSupport
import Testing

/// What is done now and then changes nothing of what batches do.
@Suite struct UpkeepTests {
    private static let lines = (0..<5).map { #"{"id": \#($0), "amount": 1}"# }

    private func files(_ pipeline: TestPipeline) throws -> Int {
        try DeltaTable(pipeline.scratch.path("silver")).snapshot().files.count
    }

    @Test func putsSmallFilesTogether() async throws {
        let pipeline = try TestPipeline(beside: "optimize: {every: 1h}")
        for _ in 0..<6 { try pipeline.land(Self.lines) }
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try files(pipeline) == 6)
        #expect(try await pipeline.run(machine: TestPipeline.machineNow + 3_600_000_000) == .caughtUp)
        #expect(try files(pipeline) == 1)
        // Batches are known still: what follows goes on where the others ended.
        try pipeline.land([#"{"id": 9, "amount": 1}"#])
        #expect(try await pipeline.run(machine: TestPipeline.machineNow + 3_700_000_000) == .caughtUp)
        #expect(try pipeline.cells("silver", "id").count == 31)
        #expect(try pipeline.cells("bronze", "id").contains("9"))
        #expect(try files(pipeline) == 2)
    }

    /// Old batches are forgotten but for their sums; files that lie there still aren't read again.
    @Test func forgetsOldBatches() async throws {
        let rule = "expect_column_values_to_be_between: {column: amount, max_value: 0, on_fail: warn}"
        let pipeline = try TestPipeline(
            silver: "deduplicate: {by: id}\ngate: {suite: events}", suite: "expectations:\n  - \(rule)\n",
            beside: "retention: 10d")
        let paths = try (0..<4).map { _ in try pipeline.land(Self.lines) }
        #expect(try await pipeline.run() == .caughtUp)
        let before = try pipeline.overview()
        #expect(before.batchCount == 4)
        #expect(before.rules.map(\.count) == [20])
        #expect(before.rules.map(\.action) == [.warn])
        try FileManager.default.removeItem(atPath: paths[0])
        let later = TestPipeline.machineNow + 20 * 86_400_000_000
        #expect(try await pipeline.run(machine: later) == .caughtUp)
        let after = try pipeline.overview()
        #expect(after.arrived == before.arrived)
        #expect(after.rules == before.rules)
        #expect(after.batchCount == 4)
        #expect(after.last?.number == 4)
        #expect(try pipeline.sourceCount() == 3)
        // The keys outlive the batches.
        try pipeline.land(Self.lines)
        #expect(try await pipeline.run(machine: later) == .caughtUp)
        #expect(try pipeline.cells("silver", "id").count == 5)
        #expect(try pipeline.overview().arrived.first { $0.hop == "silver" }?.deduplicated == 20)
    }
}
