import Pipeline
import Testing

/// Rules about the table as a whole, which are asked of each batch.
@Suite struct WholeBatchTests {
    private static let wanted = "row_count: [1, null]\ncolumns: {id: {required: true}, amount: {mean: [0, 10]}}\n"

    /// What was delivered before was judged before.
    @Test(arguments: [
        [#"{"id": 1, "amount": 5}"#, #"{"id": 2, "amount": 6}"#],
        [#"{"id": 2, "amount": 500}"#],
        [#"{"id": 1, "amount": 5}"#, #"{"amount": 5}"#, #"{"id": 9, "amount": 5, "kind": "out"}"#],
    ]) func aFileThatIsDeliveredAgainHoldsNothing(_ again: [String]) async throws {
        let pipeline = try TestPipeline(
            silver: """
                filter: "kind IS NULL OR kind <> 'out'"
                deduplicate: {by: [id], within: 24h}
                gate: {suite: events}
                """, suite: Self.wanted)
        try pipeline.land([#"{"id": 1, "amount": 5}"#, #"{"id": 2, "amount": 6}"#])
        try pipeline.land(again)
        try pipeline.land([#"{"id": 3, "amount": 7}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "id") == ["1", "2", "3"])
    }

    /// Whether they repeat anything isn't known of records that come too late, and nothing of them goes on.
    @Test func aFileThatComesTooLateHoldsNothing() async throws {
        let pipeline = try TestPipeline(
            silver: """
                select: {at: timestamp(at)}
                deduplicate: {by: [id], within: 1h, column: at, lateness: 1h}
                gate: {suite: events}
                """, suite: Self.wanted)
        try pipeline.land([#"{"id": 1, "amount": 5, "at": "2027-01-15T04:00:00Z"}"#])
        try pipeline.land([#"{"id": 2, "amount": 5, "at": "2027-01-15T08:00:00Z"}"#])
        try pipeline.land([#"{"id": 1, "amount": 5, "at": "2027-01-15T04:00:00Z"}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect((pipeline.counts.output, pipeline.counts.late) == (2, 1))
    }

    /// Where none of the records is good enough, or the filter wants none, there is a batch that isn't as it should be.
    @Test(arguments: [
        [#"{"amount": 5}"#],
        [#"{"id": 1, "amount": 5, "kind": "out"}"#],
        [#"{"id": 1, "amount": 5}"#, #"{"id": 7, "amount": 500}"#],
    ]) func aBatchOfNothingGoodIsHeld(_ records: [String]) async throws {
        let pipeline = try TestPipeline(
            silver: """
                filter: "kind IS NULL OR kind <> 'out'"
                deduplicate: {by: [id], within: 24h}
                gate: {suite: events}
                """, suite: Self.wanted)
        try pipeline.land([#"{"id": 1, "amount": 5}"#])
        try pipeline.land(records)
        guard case .held(let reason) = try await pipeline.run() else {
            Issue.record("it is not held")
            return
        }
        #expect(reason.hasPrefix("the batch as a whole is not as expected: "))
    }
}
