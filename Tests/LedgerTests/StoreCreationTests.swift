import Foundation
import TestSupport
import Testing

@testable import Ledger

/// What processes that create or upgrade a store do to each other, and what one that is killed meanwhile leaves.
@Suite struct StoreCreationTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func expectWhole(_ path: String) throws {
        let ledger = try Ledger(path: path)
        try ledger.record(Samples.run("r1"))
        try ledger.close()
        #expect(try Ledger.health(at: path).damages.isEmpty)
        #expect(try Ledger(readingFrom: path).runs(limit: 9).map(\.id) == ["r1"])
    }

    @Test func aCreationThatIsKilledCanBeRepeated() async throws {
        for attempt in 0..<12 {
            let path = scratch.path("\(attempt).db")
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [path = path as String, attempt = attempt as Int] in
                let begun = DispatchSemaphore(value: 0)
                Thread.detachNewThread {
                    begun.wait()
                    usleep(UInt32(attempt) * 3_000)
                    kill(getpid(), SIGKILL)
                }
                begun.signal()
                let ledger = try Ledger(path: path)
                withExtendedLifetime(ledger) { while true { pause() } }
            }
            try expectWhole(path)
        }
    }

    @Test(.enabled(if: OtherProcess.tool != nil)) func whatAKilledWriterBeganIsTakenBack() throws {
        let path = scratch.path()
        let other = try OtherProcess(path)
        // The pages don't fit into so small a cache: they reach the file before the commit that never comes.
        try other.execute("PRAGMA cache_size = 2; BEGIN; CREATE TABLE t (x); INSERT INTO t VALUES (zeroblob(50000));")
        other.kill()
        #expect(FileManager.default.fileExists(atPath: path + "-journal"))
        try expectWhole(path)
    }

    @Test(.enabled(if: OtherProcess.tool != nil)) func anEmptyTableOfStepsIsNotAnotherProgramsDatabase() throws {
        let path = scratch.path()
        let other = try OtherProcess(path)
        try other.execute("PRAGMA journal_mode = WAL; CREATE TABLE grdb_migrations (identifier TEXT PRIMARY KEY);")
        try other.finish()
        try expectWhole(path)
    }

    @Test(.enabled(if: OtherProcess.tool != nil)) func anUpgradeIsMadeWholeOrNotAtAll() throws {
        let path = scratch.path()
        try OldStore.create(at: path, steps: 2)
        let other = try OtherProcess(path)
        // The last step can't make this table any more.
        try other.execute("CREATE TABLE run_totals (x);")
        try other.finish()
        #expect(throws: LedgerError.self) { _ = try Ledger(path: path) }
        let later = try OtherProcess(path)
        #expect(try later.execute("SELECT group_concat(identifier) FROM grdb_migrations;") == "1,2-alerts")
        #expect(try later.execute("SELECT count(*) FROM sqlite_master WHERE name = 'outbox';") == "0")
        try later.finish()
    }

    /// With steps of an older version, or none: then the stores are new.
    @Test(.enabled(if: OtherProcess.tool != nil), arguments: [0, 1, 5])
    func processesThatOpenAStoreAtOnceTakeTurns(_ steps: Int) async throws {
        let paths = (0..<15).map { scratch.path("\($0).db") }
        if steps > 0 { for path in paths { try OldStore.create(at: path, steps: steps) } }
        // The first store brings the processes into step.
        let list = paths.joined(separator: "\n")
        await withTaskGroup(of: Void.self) { group in
            for process in 0..<4 {
                group.addTask {
                    await #expect(processExitsWith: .success) { [list = list as String, process = process as Int] in
                        for path in list.split(separator: "\n") {
                            let ledger = try Ledger(path: String(path), timeoutSeconds: 30)
                            try ledger.record(Samples.run("r\(process)"))
                            try ledger.close()
                        }
                    }
                }
            }
        }
        for path in paths {
            #expect(Set(try Ledger(readingFrom: path).runs(limit: 9).map(\.id)) == ["r0", "r1", "r2", "r3"])
        }
    }
}

extension StoreCreationTests {
    @Test(.enabled(if: OtherProcess.tool != nil)) func runsThatOlderVersionsCalledErroredAreFailedWhereSomethingFailed()
        throws
    {
        let path = scratch.path()
        let known = LedgerMigrations.steps.count { $0.name < "7" }
        try OldStore.create(at: path, steps: known)
        let other = try OtherProcess(path)
        for (number, failed, code) in [(1, 2, "NULL"), (2, 0, "NULL"), (3, 0, "'not-found'")] {
            try other.execute(
                """
                INSERT INTO runs VALUES (\(number), 'r\(number)', 's', 'a', \(number), 1, '0', 'f', 'd', 0, 0, 3, 0, 0, \(failed),
                    0, 1, 'errored', 0, \(code), NULL, NULL, NULL);
                """)
        }
        try other.finish()
        let ledger = try Ledger(path: path)
        #expect(try ledger.runs(limit: 9).map(\.outcomeName) == ["errored", "errored", "failed"])
        // What was counted stays counted.
        #expect(try ledger.runTotals().map(\.outcomeName) == ["errored"])
    }
}

/// A store as an older version left it.
enum OldStore {
    static func create(at path: String, steps: Int) throws {
        let process = try OtherProcess(path)
        try process.execute("PRAGMA journal_mode = WAL; CREATE TABLE grdb_migrations (identifier TEXT PRIMARY KEY);")
        for step in LedgerMigrations.steps.prefix(steps) {
            try process.execute("\(step.sql); INSERT INTO grdb_migrations VALUES ('\(step.name)');")
        }
        try process.finish()
    }
}
