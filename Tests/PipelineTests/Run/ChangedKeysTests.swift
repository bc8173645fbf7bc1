import Suites
import TestSupport
import Testing

@testable import Pipeline

/// What is remembered of silver's records when the clock goes back, and when the rules that remember it change.
@Suite struct ChangedKeysTests {
    private static let minute: Int64 = 60_000_000
    private static let hour = 60 * minute
    private static let noon: Int64 = 1_800_000_000_000_000
    private static let unique = "columns: {id: {unique: true}}\n"
    private static let note = "keys are remembered otherwise than before, beginning with those of silver's records: "

    /// Lands records of some numbers and runs, by a clock so far from noon.
    private func land(_ ids: Int..., to pipeline: TestPipeline, at time: Int64 = 0) async throws {
        try pipeline.land(ids.map { #"{"id": \#($0), "part": "a"}"# })
        #expect(try await pipeline.run(now: Self.noon + time) == .caughtUp)
    }

    private func ids(_ pipeline: TestPipeline) throws -> [Int] {
        try pipeline.cells("silver", "id").compactMap { Int($0) }.sorted()
    }

    // MARK: The clock

    /// By deduplication, and by the gate's rule where no record has the key of deduplication.
    @Test(arguments: ["id", "other"]) func tellsRepetitionsWhenTheClockGoesBack(_ key: String) async throws {
        let pipeline = try TestPipeline(
            silver: "deduplicate: {by: \(key), within: 1h}\ngate: {suite: events}", suite: Self.unique)
        try await land(70, to: pipeline)
        for minute: Int64 in 0..<3 { try await land(7, 70, to: pipeline, at: -2 * Self.hour + minute * Self.minute) }
        #expect(try ids(pipeline) == [7, 70])
        // Time goes on from where it stood still: from 17/16 of the time on it is another record.
        try await land(7, to: pipeline, at: -30 * Self.minute)
        #expect(try ids(pipeline) == [7, 7, 70])
    }

    @Test func oneBatchFarAheadHoldsNothingUp() async throws {
        let pipeline = try TestPipeline(silver: "deduplicate: {by: id, within: 1h}")
        try await land(1, to: pipeline)
        let years = 10 * 365 * 24 * Self.hour
        try await land(1, 2, to: pipeline, at: years)
        #expect(try ids(pipeline) == [1, 1, 2])
        for minute: Int64 in 1...3 { try await land(2, 3, to: pipeline, at: minute * Self.minute) }
        #expect(try ids(pipeline) == [1, 1, 2, 3])
        try await land(2, 3, to: pipeline, at: 3 * Self.hour)
        #expect(try ids(pipeline) == [1, 1, 2, 2, 3, 3])
    }

    // MARK: The rules

    @Test func aNewRuleKnowsWhatSilverHas() async throws {
        let pipeline = try TestPipeline(silver: "gate: {suite: events}", suite: "columns: {id: {required: true}}\n")
        try await land(20, 21, to: pipeline)
        try pipeline.change(suite: Self.unique)
        try await land(20, 22, to: pipeline)
        #expect(try ids(pipeline) == [20, 21, 22])
        #expect(pipeline.counts.quarantined == 1)
        #expect(pipeline.notes == [Self.note + "values of id occur once"])
        // It is a memory like any other from now on.
        try await land(21, 22, to: pipeline)
        #expect(try ids(pipeline) == [20, 21, 22])
        #expect(pipeline.notes.count == 1)
    }

    static let sameMemory = [
        "columns: {id: {unique: true}, part: {required: true}}\n",
        "expectations: [{expect_column_values_to_be_unique: {column: id, mostly: 0.99}}]\n",
        "expectations: [{expect_column_values_to_be_unique: {column: id, severity: warning, on_fail: quarantine, id: known}}]\n",
    ]

    @Test(arguments: sameMemory) func aRuleThatIsWrittenOtherwiseKeepsItsMemory(_ suite: String) async throws {
        let pipeline = try TestPipeline(silver: "gate: {suite: events}", suite: Self.unique)
        try await land(1, to: pipeline)
        try pipeline.change(suite: suite)
        try await land(1, 2, to: pipeline)
        #expect(try ids(pipeline) == [1, 2])
        #expect(pipeline.notes.isEmpty)
    }

    @Test func aConditionRemembersTheRecordsThatItIsAbout() async throws {
        let pipeline = try TestPipeline(silver: "gate: {suite: events}", suite: Self.unique)
        try await land(1, 9, to: pipeline)
        try pipeline.change(
            suite: "expectations: [{expect_column_values_to_be_unique: {column: id, row_condition: id < 5}}]\n")
        try await land(1, 9, to: pipeline)
        #expect(try ids(pipeline) == [1, 9, 9])
    }

    /// As keys true and 1 are two, in silver as in a record.
    @Test func aNewRuleKnowsSilversBooleans() async throws {
        let pipeline = try TestPipeline(silver: "gate: {suite: events}", suite: "columns: {id: {required: true}}\n")
        try pipeline.land([#"{"id": 1, "flag": true}"#])
        #expect(try await pipeline.run() == .caughtUp)
        try pipeline.change(
            suite: "expectations: [{expect_compound_columns_to_be_unique: {column_list: [id, flag]}}]\n")
        try pipeline.land([#"{"id": 1, "flag": true}"#, #"{"id": 1, "flag": false}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "flag") == ["true", "false"])
    }

    @Test func theOrderOfColumnsIsNoMatter() async throws {
        let pipeline = try TestPipeline(silver: "deduplicate: {by: [id, part]}")
        try await land(1, to: pipeline)
        try pipeline.change(silver: "deduplicate: {by: [part, id]}")
        try await land(1, 2, to: pipeline)
        #expect(try ids(pipeline) == [1, 2])
        #expect(pipeline.notes.isEmpty)
    }

    /// Two rules that remember the same have one memory, and both see what is in it.
    @Test func rulesThatRememberTheSameShareIt() async throws {
        let pipeline = try TestPipeline(
            silver: "gate: {suite: events}",
            suite: """
                expectations:
                  - expect_column_values_to_be_unique: {column: id, on_fail: warn}
                  - expect_column_values_to_be_unique: {column: id, mostly: 0.5}

                """)
        try await land(1, to: pipeline)
        try await land(1, 2, to: pipeline)
        #expect(try ids(pipeline) == [1, 2])
        let state = try #require(try PipelineState(readingFrom: pipeline.definition.state))
        defer { try? state.close() }
        #expect(try state.keyMemories().count == 1)
        #expect(try state.keyFileNames().count == 2)
    }

    @Test func whatWasNotRememberedMeanwhileIsReadFromSilver() async throws {
        let pipeline = try TestPipeline(silver: "gate: {suite: events}", suite: Self.unique)
        try await land(1, to: pipeline)
        try pipeline.change(suite: "columns: {id: {required: true}}\n")
        try await land(2, to: pipeline)
        let files = try pipeline.files("pipelines/events/keys")
        #expect(files.isEmpty)
        try pipeline.change(suite: Self.unique)
        try await land(1, 2, 3, to: pipeline)
        #expect(try ids(pipeline) == [1, 2, 3])
    }

    @Test func deduplicationThatComesLaterKnowsWhatSilverHasOfItsTime() async throws {
        let pipeline = try TestPipeline()
        try await land(1, to: pipeline)
        try await land(2, to: pipeline, at: 2 * Self.hour)
        try pipeline.change(silver: "deduplicate: {by: id, within: 1h}")
        try await land(1, 2, 3, to: pipeline, at: 2 * Self.hour + Self.minute)
        #expect(try ids(pipeline) == [1, 1, 2, 3])
        #expect(pipeline.notes == [Self.note + "deduplicate"])
    }

    @Test(arguments: [("48h", [1, 2]), ("12h", [1, 1, 2]), (nil, [1, 2])] as [(String?, [Int])])
    func anotherTimeIsAnotherMemory(_ within: String?, _ wanted: [Int]) async throws {
        let pipeline = try TestPipeline(silver: "deduplicate: {by: id, within: 24h}")
        try await land(1, to: pipeline)
        try await land(2, to: pipeline, at: 13 * Self.hour)
        try pipeline.change(silver: "deduplicate: {by: id\(within.map { ", within: \($0)" } ?? "")}")
        // A batch that is given up leaves no trace of it.
        try pipeline.land([#"{"id": 2}"#, #"{"id": 1}"#])
        #expect(try await pipeline.run(now: Self.noon + 14 * Self.hour, stoppingAt: .planned) == .stopped)
        #expect(try await pipeline.run(now: Self.noon + 14 * Self.hour) == .caughtUp)
        #expect(try ids(pipeline) == wanted)
    }

    /// Records that have the key of deduplication are remembered there alone, until there is none.
    @Test func aRuleKnowsWhatDeduplicationKeptForIt() async throws {
        let pipeline = try TestPipeline(
            silver: "deduplicate: {by: id, within: 1h}\ngate: {suite: events}", suite: Self.unique)
        try await land(1, to: pipeline)
        try pipeline.change(silver: "gate: {suite: events}")
        try await land(1, 2, to: pipeline, at: 5 * Self.hour)
        #expect(try ids(pipeline) == [1, 2])
        #expect(pipeline.counts.quarantined == 1)
    }

    // MARK: Another time

    @Test func anotherColumnsTimeIsAnotherWatermark() async throws {
        let stage = "select: {at: timestamp(at)}\n"
        let pipeline = try TestPipeline(silver: stage + "deduplicate: {by: id, within: 1d}")
        func land(_ records: (id: Int, at: String)...) async throws {
            try pipeline.land(records.map { #"{"id": \#($0.id), "at": "\#($0.at)"}"# })
            #expect(try await pipeline.run() == .caughtUp)
        }
        try await land((1, "2026-01-10T00:00:00Z"), (2, "2040-01-01T00:00:00Z"))
        try pipeline.change(silver: stage + "deduplicate: {by: id, within: 1d, column: at}")
        try await land((1, "2026-01-09T12:00:00Z"), (3, "2026-01-09T12:00:00Z"), (4, "2026-01-08T00:00:00Z"))
        #expect(try ids(pipeline) == [1, 2, 3])
        #expect((pipeline.counts.deduplicated, pipeline.counts.late) == (1, 1))
        // And back: time between batches begins anew.
        try pipeline.change(silver: stage + "deduplicate: {by: id, within: 1d}")
        try await land((3, "2026-01-01T00:00:00Z"), (5, "2026-01-01T00:00:00Z"))
        #expect(try ids(pipeline) == [1, 2, 3, 5])
    }

    /// A table whose columns are narrower than silver has them by now is read as silver's.
    @Test func readsWhatBecameWider() async throws {
        let pipeline = try TestPipeline(silver: "gate: {suite: events}", suite: "columns: {id: {required: true}}\n")
        try pipeline.land([#"{"id": 1, "amount": 5}"#, #"{"id": 2, "amount": 1}"#])
        #expect(try await pipeline.run() == .caughtUp)
        try pipeline.change(
            suite: "expectations: [{expect_column_values_to_be_unique: {column: id, row_condition: amount > 2.5}}]\n")
        try pipeline.land([#"{"id": 1, "amount": 5.5}"#, #"{"id": 2, "amount": 5.5}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try ids(pipeline) == [1, 2, 2])
    }
}
