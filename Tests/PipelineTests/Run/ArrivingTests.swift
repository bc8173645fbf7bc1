import Delta
import Foundation
import GRDB
import Intake
import Suites
import Synchronization
import Tables
import TestSupport
import Testing

@testable import Pipeline

/// How a pipeline takes what lands, from batch to batch and from process to process.
@Suite struct ArrivingTests {
    private func lines(_ count: Int, from first: Int) -> [String] {
        (first..<first + count).map { #"{"id": \#($0)}"# }
    }

    /// Each version is read once, however many there were and however long they are, and no restart reads one again.
    @Test func readsAReplacedFileOnce() async throws {
        let pipeline = try TestPipeline()
        var records = 0
        for (place, count) in [2, 5, 1, 3, 0, 4, 1].enumerated() {
            try pipeline.land(lines(count, from: 100 * place), as: "latest.jsonl")
            records += count
            for _ in 0..<3 {
                #expect(try await pipeline.run() == .caughtUp)
                #expect(pipeline.counts.input == records)
            }
        }
        #expect(pipeline.notes.count == 6)
        #expect(try pipeline.cells("silver", "id").count == records)
        #expect(try pipeline.sourceCount() == 1)
    }

    /// A state of older days knows all that a file ever was, in no order.
    @Test func knowsAFileAsItWasLast() async throws {
        let pipeline = try TestPipeline()
        try pipeline.land(lines(1, from: 1), as: "latest.jsonl")
        #expect(try await pipeline.run() == .caughtUp)
        let state = try PipelineState(folder: pipeline.definition.state)
        try state.write { db in
            for (byteCount, batch) in [(0, 0), (1_000, -1)] {
                try db.execute(
                    sql: """
                        INSERT INTO sources SELECT name, device, node, \(byteCount), modified, path, state, \(batch), reason
                        FROM sources WHERE batch = 1
                        """)
            }
        }
        try state.close()
        #expect(try await pipeline.run() == .caughtUp)
        #expect(pipeline.counts.input == 1)
        #expect(try pipeline.sourceCount() == 1)
    }

    @Test func tellsOfEachChange() async throws {
        let pipeline = try TestPipeline()
        try pipeline.land(lines(1, from: 1), as: "latest.jsonl")
        let ending = try await pipeline.run { point, batch in
            guard point == .finished, batch < 4 else { return }
            do { try pipeline.land(lines(1, from: batch), as: "latest.jsonl") } catch { Issue.record(error) }
        }
        #expect(ending == .caughtUp)
        #expect(pipeline.counts.input == 4)
        let note = "latest.jsonl: it was read before and has changed since; it is read again [changed]"
        #expect(pipeline.notes == [note, note, note])
    }

    @Test func looksAtNoMoreThanABatchTakes() async throws {
        let pipeline = try TestPipeline()
        for number in 0..<20 { try pipeline.land(lines(1, from: number)) }
        for _ in 0..<5 { try pipeline.land([]) }
        #expect(try await pipeline.run() == .caughtUp)
        #expect(pipeline.counts.input == 20)
        #expect(pipeline.handedOut.withLock { $0 } == 25)
        let backlogs = pipeline.events.compactMap { event -> Int? in
            if case .committed(let summary) = event { summary.backlog.files } else { nil }
        }
        // Files without a byte are among them until they are looked at.
        #expect(backlogs == Array((5..<25).reversed()))
    }

    /// A batch that can't be run makes no table, whose columns would be those of nobody.
    @Test func makesTablesWhenABatchIsCommitted() async throws {
        let pipeline = try TestPipeline()
        let scratch = pipeline.scratch
        let layers = ["bronze", "silver", "kept"]
        let early = Mutex<[String]>([])
        try pipeline.land([#"{"id": 1}"#])
        let ending = try await pipeline.run { point, _ in
            guard point == .ran else { return }
            early.withLock { $0 += layers.filter { DeltaTable.isTable(scratch.path($0)) } }
        }
        #expect(ending == .caughtUp)
        #expect(early.withLock { $0 }.isEmpty)
        #expect(try pipeline.cells("silver", "id") == ["1"])
        for layer in layers {
            let table = try DeltaTable(pipeline.scratch.path(layer))
            #expect(try table.snapshot(.version(0)).schema == table.snapshot().schema)
            #expect(try pipeline.files(layer).keys.allSatisfy { !$0.contains("/.") && !$0.hasPrefix(".") })
        }
    }

    /// What was made before the process ended is there, and what wasn't is made by the next one.
    @Test func makesTablesThatADeadProcessDidNot() async throws {
        let pipeline = try TestPipeline(silver: "partition_by: id")
        try pipeline.land(lines(2, from: 1))
        // The last table can't be made.
        let kept = pipeline.scratch.path("kept")
        let error = await #expect(throws: PipelineError.self) {
            try await pipeline.run { point, _ in
                if point == .prepared { _ = FileManager.default.createFile(atPath: kept, contents: nil) }
            }
        }
        #expect(error?.code == .unwritable)
        let state = try PipelineState(folder: pipeline.definition.state)
        let manifest = try #require(try state.openBatch()?.manifest)
        try state.close()
        #expect(manifest.layers.map(\.name) == ["bronze", "silver", "quarantine"])
        #expect(manifest.layers[1].created == BatchManifest.NewTable(name: "silver", partitionColumns: ["id"]))
        try FileManager.default.removeItem(atPath: kept)
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("bronze", "id") == ["1", "2"])
        #expect(try pipeline.cells("silver", "id") == ["1", "2"])
        #expect(try pipeline.rows("kept").isEmpty)
    }

    /// Event time is told by batches and by the state alike.
    @Test(arguments: [("", "2026-01-01T01:50:00Z"), (", column: at, lateness: 2h", "2026-01-01T00:00:00Z")])
    func tellsHowFarEventTimeHasGot(_ deduplication: String, _ watermark: String) async throws {
        let pipeline = try TestPipeline(
            silver: "select: {at: timestamp(at)}\ndeduplicate: {by: id, within: 1d\(deduplication)}",
            beside: """
                gold:
                  - asset: gold
                    window: {column: at, size: 1m, lateness: 10m}
                    aggregate: {records: "count(*)"}
                """)
        try pipeline.land([#"{"id": 1, "at": "2026-01-01T02:00:00Z"}"#])
        #expect(try await pipeline.run() == .caughtUp)
        let state = try #require(try PipelineState(readingFrom: pipeline.definition.state))
        defer { try? state.close() }
        #expect(try state.eventTime(of: pipeline.definition).map { CivilTime.format(microseconds: $0) } == watermark)
        let told = pipeline.events.compactMap { event -> Int64? in
            if case .committed(let summary) = event { summary.watermark } else { nil }
        }
        #expect(told == [try state.eventTime(of: pipeline.definition)])
    }

    /// What came too late for silver lies in quarantine until something becomes of it.
    @Test func countsLateRecordsAsKeptApart() async throws {
        let pipeline = try TestPipeline(
            silver: "select: {at: timestamp(at)}\ndeduplicate: {by: id, within: 1d, column: at, lateness: 10m}")
        try pipeline.land([#"{"id": 1, "at": "2026-01-03T02:00:00Z"}"#])
        #expect(try await pipeline.run() == .caughtUp)
        try pipeline.land([#"{"id": 2, "at": "2026-01-01T02:00:00Z"}"#, #"{"id": 3, "at": "2026-01-03T02:00:00Z"}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.rows("kept").count == 1)
        let state = try #require(try PipelineState(readingFrom: pipeline.definition.state))
        defer { try? state.close() }
        #expect(try state.overview().unresolved == 1)
    }

    /// Nothing that arrives makes a machine better that is in the way, nor a batch that is held.
    @Test(arguments: [true, false]) func waitsForItsTimeAndNotForArrivals(_ isHeld: Bool) async throws {
        let pipeline = try TestPipeline(
            silver: "gate: {suite: events, stop_above: 0.1}", suite: "columns: {id: {required: true}}\n")
        if isHeld {
            try pipeline.land([#"{"id": null}"#])
            guard case .held = try await pipeline.run() else {
                Issue.record("it is not held")
                return
            }
        }
        let state = try PipelineState(folder: pipeline.definition.state)
        defer { try? state.close() }
        let arrivals = ObservedArrivals(BrokenArrivals())
        let running = Mutex<PipelineDriver?>(nil)
        let told = Mutex(0)
        var options = PipelineOptions(
            clock: { TestPipeline.machineNow }, machineClock: { TestPipeline.machineNow })
        options.report = { event in
            switch event {
            case .held, .retrying: told.withLock { $0 += 1 }
            default: return
            }
            // It is about to wait.
            running.withLock { $0 }?.stop()
        }
        let driver = PipelineDriver(pipeline.definition, state: state, arrivals: arrivals, options: options)
        running.withLock { $0 = driver }
        #expect(try await driver.run(once: false) == .stopped)
        running.withLock { $0 = nil }
        #expect(told.withLock { $0 } == 1)
        #expect(arrivals.waits == 0)
    }

    /// What the process is asked for meanwhile is done, and the batch waits for its time as before.
    @Test func keepsABatchHeldWhileSomethingIsAskedFor() async throws {
        let pipeline = try TestPipeline(
            silver: "gate: {suite: events, stop_above: {share: 0.5, min_rows: 2}}",
            suite: "columns: {id: {required: true}}\n")
        try pipeline.land([#"{"id": null}"#])
        #expect(try await pipeline.run() == .caughtUp)
        try pipeline.land([#"{"id": null}"#, #"{"id": null}"#])
        let reason = "2 of 2 records would be quarantined, more than the share 0.5"
        #expect(try await pipeline.run() == .held(reason: reason))
        func breaker() throws -> CircuitBreaker? {
            let state = try PipelineState(readingFrom: pipeline.definition.state)
            defer { try? state?.close() }
            #expect(try state?.heldBatch()?.plan.number == 2)
            #expect(try state?.waitingRequestCount() == 0)
            return try state?.breaker()
        }
        let held = try breaker()
        let version = try #require(try QuarantineTable(pipeline.definition.quarantine)).version
        let request = QuarantineRequest(
            kind: .replay, selector: QuarantineSelector(), version: version, actor: "a", reason: "r", time: 1)
        _ = try PipelineState.leave(request, in: pipeline.definition.state)
        #expect(try await pipeline.run(now: TestPipeline.machineNow + 1_000_000) == .held(reason: reason))
        #expect(try breaker() == held)
        #expect(try pipeline.overview().judgedAgain.map(\.input) == [1])
    }

    /// A disk without room is no reason to end.
    @Test func waitsUntilThereIsRoomForTheState() async throws {
        let pipeline = try TestPipeline(
            silver: "gate: {suite: events, stop_above: 0.1}", suite: "columns: {id: {required: true}}\n")
        try pipeline.land(["{}"])
        #expect(
            try await pipeline.run()
                == .held(reason: "1 of 1 records would be quarantined, more than the share 0.1"))
        try pipeline.letPass()
        @Sendable func write(_ state: PipelineState, _ sql: String) {
            do { try state.write { try $0.execute(sql: sql) } } catch { Issue.record(error) }
        }
        let codes = Mutex<[PipelineError.Code]>([])
        let hearing: @Sendable (PipelineEvent, PipelineState) -> Void = { event, state in
            switch event {
            case .recovering:
                // A change of the breaker takes more room than there is.
                write(
                    state,
                    """
                    CREATE TABLE padding (bytes BLOB);
                    CREATE TRIGGER pad AFTER UPDATE OF breaker ON pipeline
                    BEGIN INSERT INTO padding VALUES (zeroblob(1000000)); END
                    """)
                write(state, "PRAGMA max_page_count = 1")
            case .retrying(let error, _):
                codes.withLock { $0.append(error.code) }
                write(state, "PRAGMA max_page_count = 1000000")
            default: break
            }
        }
        #expect(try await pipeline.run(once: false, stoppingAt: .finished, hearing: hearing) == .stopped)
        #expect(codes.withLock { $0 } == [.diskFull])
    }
}
