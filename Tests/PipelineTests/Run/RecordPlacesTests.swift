import Foundation
import Pipeline
import Testing

/// Each record is in exactly one place, and the first thing that is wrong with it says in which.
@Suite struct RecordPlacesTests {
    private static let suite = """
        columns:
          id: {required: true}
          amount: {type: int64, between: [0, 100]}
          kind: {in: [a, b], on_fail: drop}
        """

    private static let silver = """
        filter: "note is null or note <> 'test'"
        deduplicate: {by: id}
        gate: {suite: events}
        """

    @Test func putsEachRecordIntoOnePlace() async throws {
        let pipeline = try TestPipeline(silver: Self.silver, suite: Self.suite)
        try pipeline.land([
            #"{"id": 1, "amount": 5, "kind": "a"}"#,
            #"{"id": 2, "amount": "#,
            #"{"id": 3, "amount": 500, "kind": "a"}"#,
            #"{"id": 4, "amount": 5, "kind": "z"}"#,
            #"{"id": 5, "amount": 5, "kind": "a", "note": "test"}"#,
            #"{"id": 1, "amount": 6, "kind": "b"}"#,
            // Broken for two reasons: what is to be kept apart is not dropped.
            #"{"id": 7, "amount": -1, "kind": "z"}"#,
            // The filter comes before the rules.
            #"{"id": 8, "amount": -1, "kind": "z", "note": "test"}"#,
            #"{"amount": 1, "kind": "a"}"#,
        ])
        #expect(try await pipeline.run() == .caughtUp)
        let counts = pipeline.counts
        #expect(counts.input == 9)
        #expect((counts.output, counts.quarantined, counts.dropped) == (1, 4, 1))
        #expect((counts.filtered, counts.deduplicated, counts.late) == (2, 1, 0))
        #expect(counts.imbalance == 0)
        #expect(try pipeline.cells("silver", "id") == ["1"])
        #expect(try pipeline.cells("kept", "source_row") == ["2", "3", "7", "9"])
        #expect(try pipeline.cells("bronze", "_source_row") == (1...9).map { String($0) })
        // A second look finds nothing new.
        #expect(try await pipeline.run() == .caughtUp)
        #expect(pipeline.counts == counts)
    }

    @Test func letsAGoodCopyPassBehindABadOne() async throws {
        let pipeline = try TestPipeline(silver: Self.silver, suite: Self.suite)
        try pipeline.land([
            #"{"id": 1, "amount": 500, "kind": "a"}"#,
            #"{"id": 1, "amount": 1, "kind": "z"}"#,
            #"{"id": 1, "amount": 1, "kind": "a", "note": "test"}"#,
            #"{"id": 1, "amount": 2, "kind": "a"}"#,
            #"{"id": 1, "amount": 3, "kind": "a"}"#,
        ])
        try pipeline.land([#"{"id": 1, "amount": 4, "kind": "a"}"#, #"{"id": 2, "amount": 500, "kind": "a"}"#])
        try pipeline.land([#"{"id": 2, "amount": 7, "kind": "a"}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "amount") == ["2", "7"])
        #expect(pipeline.counts.deduplicated == 2)
    }

    /// The rule about uniqueness remembers what went on, also across batches and processes.
    @Test func letsAGoodCopyPassARuleOfUniqueness() async throws {
        let pipeline = try TestPipeline(
            silver: "gate: {suite: events}",
            suite: "columns: {id: {unique: true}, amount: {type: int64, between: [0, 100]}}")
        try pipeline.land([#"{"id": 1, "amount": 500}"#, #"{"id": 1, "amount": 1}"#, #"{"id": 1, "amount": 2}"#])
        #expect(try await pipeline.run() == .caughtUp)
        try pipeline.land([#"{"id": 1, "amount": 3}"#, #"{"id": 2, "amount": 4}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "amount") == ["1", "4"])
        #expect(try pipeline.cells("kept", "source_row") == ["1", "3", "1"])
    }

    @Test func neverTakesRecordsWithoutAKeyForRepetitions() async throws {
        let pipeline = try TestPipeline(silver: "deduplicate: {by: [id, part]}")
        try pipeline.land([
            #"{"id": 1, "part": 1}"#, #"{"id": 1}"#, #"{"id": 1}"#, #"{"id": null, "part": null}"#,
            #"{"part": null}"#, #"{"id": 1, "part": 1}"#, #"{"id": 11, "part": null}"#,
        ])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(pipeline.counts.output == 6)
        #expect(pipeline.counts.deduplicated == 1)
    }

    @Test func warnsWithoutKeepingAnythingBack() async throws {
        let pipeline = try TestPipeline(
            silver: "gate: {suite: events, on_fail: warn}",
            suite:
                "columns: {a: {type: int64, between: [0, 5]}, b: {type: int64, between: [0, 5], on_fail: quarantine}}")
        try pipeline.land([#"{"a": 9, "b": 1}"#, #"{"a": 1, "b": 9}"#, #"{"a": 9, "b": 9}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "b") == ["1"])
        #expect(try pipeline.cells("kept", "source_row") == ["2", "3"])
    }

    @Test func dropsWhereTheGateSaysSo() async throws {
        let pipeline = try TestPipeline(
            silver: "gate: {suite: events, on_fail: drop}", suite: "columns: {a: {type: int64, between: [0, 5]}}")
        // A value that is none can't be judged: it is kept apart whatever the gate says.
        try pipeline.land([#"{"a": 9}"#, #"{"a": 1}"#, #"{"a": "x"}"#, #"{"a""#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(pipeline.counts.dropped == 1)
        #expect(try pipeline.cells("kept", "source_row") == ["3", "4"])
        #expect(try pipeline.cells("silver", "a") == ["1"])
    }

    @Test func keepsACastThatFailsApartWithItsReason() async throws {
        let pipeline = try TestPipeline(
            silver: "select: {at: timestamp(at), cents: \"int64(price * 100)\"}",
            source: "columns: {price: float64}")
        try pipeline.land([
            #"{"at": "2026-11-20T10:00:00Z", "price": 1.5}"#, #"{"at": "yesterday", "price": 1.5}"#,
            #"{"at": "2026-11-20T10:00:00Z", "price": 1e300}"#, #"{"price": 2}"#,
        ])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "cents") == ["150", "200"])
        #expect(try pipeline.cells("kept", "rules") == [#"["select.at"]"#, #"["select.cents"]"#])
        #expect(try pipeline.cells("kept", "errors").allSatisfy { $0.contains("\"message\":") })
    }

    @Test func holdsABatchThatARuleStops() async throws {
        let pipeline = try TestPipeline(
            silver: "gate: {suite: events, retry_after: 10m}",
            suite: "columns: {a: {type: int64, between: [0, 5], on_fail: stop}}")
        let bad = try pipeline.land([#"{"a": 1}"#, #"{"a": 9}"#])
        try pipeline.land([#"{"a": 2}"#])
        let now: Int64 = 1_800_000_000_000_000
        let minute: Int64 = 60_000_000
        guard case .held(let reason) = try await pipeline.run(now: now) else {
            Issue.record("it went on")
            return
        }
        #expect(reason.hasPrefix("a record breaks a rule that stops the pipeline: "))
        // Nothing of it was seen, nothing is left of it, and nothing behind it was read.
        #expect(try pipeline.rows("silver").isEmpty && pipeline.rows("bronze").isEmpty)
        #expect(try pipeline.files("silver").isEmpty && pipeline.files("bronze").isEmpty)
        // Before its time nobody looks at it, and the next process tells of it as well.
        #expect(try await pipeline.run(now: now + 9 * minute) == .held(reason: reason))
        // It waits twice as long after it was tried in vain.
        #expect(try await pipeline.run(now: now + 10 * minute) == .held(reason: reason))
        var untils: [Int64] = []
        for case .held(_, _, let until) in pipeline.events { untils.append((until - now) / minute) }
        #expect(untils == [10, 10, 30])
        // What is put right goes through.
        try #"{"a": 1}"#.write(toFile: bad, atomically: true, encoding: .utf8)
        #expect(try await pipeline.run(now: now + 31 * minute) == .caughtUp)
        #expect(try pipeline.cells("silver", "a").sorted() == ["1", "2"])
    }

    @Test func holdsABatchWithTooManyBadRecords() async throws {
        let pipeline = try TestPipeline(
            silver: "gate: {suite: events, stop_above: {share: 0.5, min_rows: 4}}",
            suite: "columns: {a: {type: int64, between: [0, 5]}}")
        // Too few to tell; just not too many; too many.
        try pipeline.land([#"{"a": 9}"#, #"{"a": 9}"#, #"{"a": 9}"#])
        try pipeline.land([#"{"a": 9}"#, #"{"a": 1}"#, #"{"a": 1}"#, #"{"a": 9}"#])
        try pipeline.land([#"{"a": 9}"#, #"{"a": 9}"#, #"{"a": 1}"#, #"{"a": 9}"#])
        #expect(
            try await pipeline.run()
                == .held(reason: "3 of 4 records would be quarantined, more than the share 0.5"))
        #expect(pipeline.counts.input == 7)
    }

    @Test func judgesTheBatchAsAWhole() async throws {
        let pipeline = try TestPipeline(
            silver: "gate: {suite: events}",
            suite: """
                columns: {a: {type: int64}}
                expectations:
                  - expect_table_row_count_to_be_between: {min_value: 2}
                  - expect_column_max_to_be_between: {column: a, max_value: 3, severity: warning}
                """)
        try pipeline.land([#"{"a": 7}"#, #"{"a": 1}"#])
        try pipeline.land([#"{"a": 7}"#])
        guard case .held(let reason) = try await pipeline.run() else {
            Issue.record("it went on")
            return
        }
        #expect(reason.hasPrefix("the batch as a whole is not as expected: "))
        #expect(try pipeline.cells("silver", "a") == ["7", "1"])
    }

    /// What is too long for memory is kept apart alone, with its place and its beginning; bronze has a row of it, too.
    @Test func keepsRecordsApartThatAreTooLong() async throws {
        let pipeline = try TestPipeline(
            silver: Self.silver, suite: Self.suite, source: "max_row_bytes: 10000")
        let long = #"{"id": 2, "amount": 5, "kind": "a", "note": "\#(String(repeating: "x", count: 30_000))"}"#
        try pipeline.land([
            #"{"id": 1, "amount": 5, "kind": "a"}"#, long, #"{"id": 3, "amount": 5, "kind": "a"}"#, long,
        ])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(pipeline.counts.imbalance == 0)
        #expect((pipeline.counts.input, pipeline.counts.output, pipeline.counts.quarantined) == (4, 2, 2))
        #expect(try pipeline.cells("silver", "id") == ["1", "3"])
        #expect(try pipeline.cells("kept", "rules").allSatisfy { $0.hasPrefix(#"["row-too-long""#) })
        #expect(try pipeline.cells("kept", "source_row") == ["2", "4"])
        #expect(try pipeline.cells("kept", "source_offset") == ["36", "\(36 + long.utf8.count + 37)"])
        let errors = try pipeline.cells("kept", "errors")
        #expect(errors[0].contains("the row has \(long.utf8.count) bytes, more than 10000"))
        #expect(try pipeline.cells("kept", "raw") == [String(long.prefix(4_096)), String(long.prefix(4_096))])
        let rescued = try pipeline.cells("bronze", "_rescued")
        #expect(rescued[1].hasPrefix(#"{"_corrupt_record_beginning":"{\"id\": 2"#))
        #expect(try pipeline.cells("bronze", "_source_row") == ["1", "2", "3", "4"])
    }
}
