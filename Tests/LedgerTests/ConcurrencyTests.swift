import Expectations
import Foundation
import Ledger
import Tables
import TestSupport
import Testing

@Suite struct ConcurrencyTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test(.enabled(if: OtherProcess.tool != nil)) func anotherProcessReadsWhileWeWrite() throws {
        let ledger = try Ledger(path: scratch.path())
        try ledger.record(Samples.run("r1", at: 1))
        let other = try OtherProcess(scratch.path())
        #expect(try other.execute("BEGIN; SELECT count(*) FROM runs;") == "1")
        try ledger.record(Samples.run("r2", at: 2))
        #expect(try other.execute("SELECT count(*) FROM runs;") == "1")
        #expect(try other.execute("COMMIT; SELECT count(*) FROM runs;") == "2")
        try other.finish()
    }

    @Test(.enabled(if: OtherProcess.tool != nil)) func aWriterThatNeverLetsGoIsReported() throws {
        let ledger = try Ledger(path: scratch.path(), timeoutSeconds: 0.1)
        let other = try OtherProcess(scratch.path())
        try other.execute("BEGIN IMMEDIATE;")
        let error = #expect(throws: LedgerError.self) { try ledger.record(Samples.run("r1")) }
        #expect(error?.code == "locked" && error?.mayHelpToRetry == true)
        #expect(error?.message == "another process kept the results store locked")
        #expect(try ledger.runs(limit: 1).isEmpty)
        try other.execute("COMMIT;")
        try ledger.record(Samples.run("r1"))
        try other.finish()
    }

    @Test(.enabled(if: OtherProcess.tool != nil)) func aKilledWriterLeavesThePreviousState() throws {
        let ledger = try Ledger(path: scratch.path())
        try ledger.record(Samples.run("r1", results: (0..<2_000).map { Samples.result("e\($0)") }))
        let other = try OtherProcess(scratch.path())
        // With a tiny cache the changes reach the WAL long before the commit that never comes.
        try other.execute("PRAGMA cache_size = 5; BEGIN; UPDATE results SET success = 0; DELETE FROM files;")
        other.kill()
        #expect(try ledger.results(ofRun: "r1").filter(\.verdict.success).count == 2_000)
        #expect(try ledger.files(ofRun: "r1").count == 1)
        try ledger.record(Samples.run("r2", at: 1))
        #expect(try Ledger(readingFrom: scratch.path()).runs(limit: 9).map(\.id) == ["r2", "r1"])
    }

    /// Kills a process of ours in the midst of recording, several times over the same file.
    @Test func aKilledRecordingLeavesWholeRuns() async throws {
        let path = scratch.path()
        for (attempt, milliseconds) in [40, 65, 90].enumerated() {
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [path = path as String, attempt = attempt as Int, milliseconds = milliseconds as Int] in
                let ledger = try Ledger(path: path)
                Thread.detachNewThread {
                    Thread.sleep(forTimeInterval: Double(milliseconds) / 1_000)
                    kill(getpid(), SIGKILL)
                }
                let results = (0..<500).map { Samples.result("e\($0)") }
                for index in 0... {
                    try ledger.record(
                        Samples.run("\(attempt)-\(index)", at: Int64(attempt * 1_000_000 + index), results: results))
                }
            }
        }
        let ledger = try Ledger(path: path)
        for run in try ledger.runs(limit: 10_000) {
            #expect(try ledger.results(ofRun: run.id).count == 500)
            #expect(try ledger.files(ofRun: run.id).count == 1)
        }
        try ledger.record(Samples.run("after", at: 9_000_000))
    }

    @Test func runsRecordedAtOnceAllLand() async throws {
        let path = scratch.path()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask { @concurrent in
                    // Each opens the file itself: the first one creates it.
                    let ledger = try Ledger(path: path, timeoutSeconds: 30)
                    for index in 0..<10 {
                        try ledger.record(Samples.run("\(task)-\(index)", at: Int64(index)))
                    }
                }
            }
            try await group.waitForAll()
        }
        let runs = try Ledger(readingFrom: path).runs(limit: 1_000)
        #expect(runs.count == 80)
        #expect(Set(runs.map(\.id)).count == 80)
    }
}
