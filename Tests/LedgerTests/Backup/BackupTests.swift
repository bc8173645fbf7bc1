import Expectations
import Foundation
import Ledger
import Synchronization
import TestSupport
import Testing

@Suite struct BackupTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func filled(_ runs: Int, results: Int = 40) throws -> Ledger {
        let ledger = try Ledger(path: scratch.path())
        for index in 0..<runs {
            try ledger.record(
                Samples.run("r\(index)", at: Int64(index), results: (0..<results).map { Samples.result("e\($0)") }))
        }
        return ledger
    }

    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: scratch.directory).sorted() }
    }

    @Test func theCopyHasEverythingAndIsOneFile() throws {
        let ledger = try filled(5)
        let backup = try ledger.backup(to: scratch.path("copy.db"))
        #expect(backup.runCount == 5)
        #expect(try names.filter { $0.contains("copy") } == ["copy.db"])
        #expect(try Data(contentsOf: URL(fileURLWithPath: backup.path)).count == Int(backup.byteCount))
        let copy = try Ledger(readingFrom: backup.path)
        #expect(try copy.runs(limit: 9) == ledger.runs(limit: 9))
        #expect(try copy.results(ofRun: "r3") == ledger.results(ofRun: "r3"))
        // A restored one is written to like any other.
        try copy.close()
        try Ledger(path: backup.path).record(Samples.run("after", at: 99))
    }

    @Test func permissionsAreThoseOfTheOriginal() throws {
        let ledger = try filled(1)
        for mode in [0o600, 0o640] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: ledger.path)
            let path = scratch.path("copy-\(mode)")
            _ = try ledger.backup(to: path)
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == mode)
        }
    }

    @Test func nothingIsReplaced() throws {
        let ledger = try filled(1)
        try Data("mine".utf8).write(to: URL(fileURLWithPath: scratch.path("copy.db")))
        let error = #expect(throws: LedgerError.self) { try ledger.backup(to: scratch.path("copy.db")) }
        #expect(error?.code == "name-taken")
        #expect(try String(contentsOfFile: scratch.path("copy.db"), encoding: .utf8) == "mine")
        #expect(try names.filter { $0.contains("copy") } == ["copy.db"])
    }

    /// What is written between two steps neither shows nor has the copying begin again.
    @Test func aCopyIsOfOneInstant() throws {
        let ledger = try Ledger(path: scratch.path())
        let long = String(repeating: "x", count: 3_900)
        for index in 0..<8 {
            let results = (0..<300).map { Samples.result("e\($0)", sentence: "\(index)-\($0)-" + long) }
            try ledger.record(Samples.run("r\(index)", at: Int64(index), results: results))
        }
        let other = try Ledger(path: scratch.path())
        var steps: [BackupProgress] = []
        let backup = try ledger.backup(to: scratch.path("copy.db")) { progress in
            let run = Samples.run(
                "during-\(steps.count)", at: 1_000, results: (0..<400).map { Samples.result("n\($0)") })
            try (steps.count.isMultiple(of: 2) ? ledger : other).record(run)
            steps.append(progress)
        }
        try #require(steps.count > 1, "the ledger must be larger than a step")
        #expect(steps.map(\.copiedPages) == steps.map(\.copiedPages).sorted())
        #expect(Set(steps.map(\.totalPages)).count == 1)
        #expect(backup.runCount == 8)
        #expect(try ledger.runs(limit: 999).count == 8 + steps.count)
    }

    @Test func copiesInAStormOfWritesHoldWholeRuns() async throws {
        _ = try filled(1)
        let path = scratch.path()
        let end = End()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<3 {
                group.addTask { @concurrent in
                    let ledger = try Ledger(path: path, timeoutSeconds: 30)
                    for index in 0..<10_000 where !end.isHere {
                        try ledger.record(
                            Samples.run(
                                "\(task)-\(index)", at: Int64(index), results: (0..<30).map { Samples.result("e\($0)") }
                            ))
                    }
                }
            }
            let ledger = try Ledger(readingFrom: path)
            var previous = 0
            for number in 0..<8 {
                let backup = try ledger.backup(to: scratch.path("copy-\(number)"))
                #expect(backup.runCount >= previous)
                previous = backup.runCount
                let copy = try Ledger(readingFrom: backup.path)
                for run in try copy.runs(limit: 100_000) where run.id != "r0" {
                    #expect(try copy.results(ofRun: run.id).count == 30)
                }
            }
            end.come()
            try await group.waitForAll()
        }
    }

    @Test func whoeverEndsItLeavesNothing() throws {
        let ledger = try filled(2)
        #expect(throws: CancellationError.self) {
            try ledger.backup(to: scratch.path("copy.db")) { _ in throw CancellationError() }
        }
        #expect(try names.allSatisfy { !$0.contains("copy") })
    }

    @Test func aKilledBackupHasNoName() async throws {
        _ = try filled(60, results: 400)
        let (path, target) = (scratch.path(), scratch.path("copy.db"))
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, target = target as String] in
            _ = try Ledger(readingFrom: path).backup(to: target) { _ in kill(getpid(), SIGKILL) }
        }
        #expect(!FileManager.default.fileExists(atPath: target))
        let left = try names.filter { $0.hasPrefix(".copy.db.") && $0.hasSuffix(".backup-tmp") }
        #expect(left.count == 1)
        #expect(try Ledger(readingFrom: path).backup(to: target).runCount == 60)
    }

    @Test func aDamagedStoreIsNoBackup() throws {
        let ledger = try filled(20, results: 200)
        try ledger.close()
        // In the middle are pages of tables: what they hold no longer is what the indexes say.
        var data = try Data(contentsOf: URL(fileURLWithPath: scratch.path()))
        for index in data.count / 2..<data.count / 2 + 4_096 { data[index] = 0xA5 }
        try data.write(to: URL(fileURLWithPath: scratch.path()))
        let error = #expect(throws: LedgerError.self) {
            try Ledger(readingFrom: scratch.path()).backup(to: scratch.path("copy.db"))
        }
        #expect(error?.code == "corrupt")
        #expect(try names.allSatisfy { !$0.contains("copy") })
    }

    @Test func anOlderStoreCanBeCopiedBeforeItIsBroughtUpToDate() throws {
        try filled(2).close()
        // As a program left it that knew only the first step.
        try Peek(scratch.path()).execute("DELETE FROM grdb_migrations WHERE identifier <> '1'")
        let ledger = try Ledger(readingFrom: scratch.path(), acceptsOlderVersions: true)
        #expect(try ledger.backup(to: scratch.path("copy.db")).runCount == 2)
    }
}

private final class End: Sendable {
    private let state = Mutex(false)
    var isHere: Bool { state.withLock { $0 } }
    func come() { state.withLock { $0 = true } }
}

@Suite(.enabled(if: SmallDisk.isPossible, "mounting needs root")) struct BackupDiskTests {
    @Test func aFullDiskLeavesNoFile() throws {
        let scratch = try Scratch()
        let ledger = try Ledger(path: scratch.path())
        try ledger.record(
            Samples.run("r", results: (0..<5_000).map { Samples.result("e\($0)", sentence: "number \($0)") }))
        let disk = try SmallDisk(scratch.path("small"), kilobytes: 256)
        defer { disk.unmount() }
        let error = #expect(throws: LedgerError.self) { try ledger.backup(to: disk.path + "/copy.db") }
        #expect(error?.code == "disk-full")
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path).isEmpty)
    }
}
