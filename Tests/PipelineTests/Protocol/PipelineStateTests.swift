import Foundation
import GRDB
import Intake
import Tables
import TestSupport
import Testing

@testable import Pipeline

@Suite struct PipelineStateTests {
    private let scratch: Scratch
    private var folder: String { scratch.path("state") }

    init() throws { scratch = try Scratch() }

    private func plan(_ number: Int, files: [IntakeFile] = StoredBatchTests.files) -> BatchPlan {
        BatchPlan(
            number: number, kind: .normal, files: files, schema: KeptSchema(declared: [("id", .int64)]),
            fingerprint: "f",
            clock: 5, lanes: 1)
    }

    private static let watermark = KeyWatermark(column: "at", time: 40, clock: 50)

    private func commit(_ plan: BatchPlan) -> BatchCommit {
        BatchCommit(
            plan: plan, manifest: StoredBatchTests.manifest, watermark: Self.watermark, breaker: CircuitBreaker(),
            milliseconds: 1)
    }

    private func code(_ body: () throws -> Void) -> PipelineError.Code? {
        do { try body() } catch { return (error as? PipelineError)?.code }
        return nil
    }

    @Test func whatIsCommittedIsOnTheDisk() throws {
        let state = try PipelineState(folder: folder)
        let full = 2
        #expect(try state.write { db in try Int.fetchOne(db, sql: "PRAGMA synchronous") } == full)
        try state.close()
    }

    /// Listings and plans come before the first run of a newer Assay, and change nothing.
    @Test(arguments: ["1", "requests", "layers", "upkeep", "memories"]) func olderOnesAreRead(_ migration: String)
        throws
    {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let older = try DatabaseQueue(path: "\(folder)/state.db")
        try StateMigrations.migrator.migrate(older, upTo: migration)
        let state = try #require(try PipelineState(readingFrom: folder))
        #expect(try state.lastBatch() == 0)
        #expect(try state.keyMemories().isEmpty)
        #expect(try state.watermark() == nil)
        _ = try state.overview()
        try state.close()
        #expect(try older.read { db in try StateMigrations.migrator.hasCompletedMigrations(db) } == false)
        try older.close()
        try PipelineState(folder: folder).close()
    }

    @Test func belongsToOneProcessAtATime() throws {
        let state = try PipelineState(folder: folder)
        #expect(code { _ = try PipelineState(folder: folder) } == .isRunning)
        // Whoever only reads is let in.
        #expect(try PipelineState(readingFrom: folder)?.lastBatch() == 0)
        try state.close()
        try PipelineState(folder: folder).close()
    }

    @Test func isNotThereWhereNothingEverRan() throws {
        #expect(try PipelineState(readingFrom: folder) == nil)
    }

    /// A process that was stopped, lost its lock with its machine and woke up again.
    @Test func refusesTheProcessThatWasOvertaken() throws {
        let state = try PipelineState(folder: folder)
        try FileManager.default.removeItem(atPath: folder + "/lock")
        let next = try PipelineState(folder: folder)
        #expect(code { try state.plan(plan(1)) } == .isRunning)
        try next.plan(plan(1))
        #expect(try next.openBatch()?.plan.number == 1)
    }

    @Test func remembersABatchThroughItsLife() throws {
        var state = try PipelineState(folder: folder)
        func reopen() throws {
            try state.close()
            state = try PipelineState(folder: folder)
        }
        let key = try state.hashKey()
        #expect(try state.openBatch() == nil)
        try state.plan(plan(1))
        try reopen()
        #expect(try state.hashKey() == key)
        var open = try #require(try state.openBatch())
        #expect(open.plan.json == plan(1).json)
        #expect(open.manifest == nil && !open.isHeld && open.attempts == 0)
        #expect(try sources(state) == [])
        try state.beginAttempt(of: 1)
        try state.prepare(commit(plan(1)))
        try reopen()
        open = try #require(try state.openBatch())
        #expect(open.manifest?.json == StoredBatchTests.manifest.json)
        #expect(open.attempts == 1)
        #expect(try sources(state) == ["a.jsonl", "é \"b\".csv"])
        #expect(try state.watermark() == Self.watermark)
        // The commit point is passed once.
        #expect(code { try state.prepare(commit(plan(1))) } == .internal)
        try state.finish(1, keepsSources: true)
        try reopen()
        #expect(try state.openBatch() == nil)
        #expect(try state.lastBatch() == 1)
        #expect(try sources(state).count == 2)
    }

    /// What others are told of batches, those among them that came to nothing.
    @Test func tellsWhatBecameOfBatches() throws {
        let state = try PipelineState(folder: folder)
        try state.plan(plan(1))
        try state.prepare(commit(plan(1)))
        try state.finish(1, keepsSources: true)
        try state.plan(plan(2))
        try state.hold(2, reason: "too many", breaker: CircuitBreaker())
        #expect(try state.batches(after: 1, limit: 9).map(\.standing) == [.held(reason: "too many")])
        try state.plan(plan(3))
        let batches = try state.batches(after: 0, limit: 9)
        #expect(batches.map(\.number) == [1, 2, 3])
        #expect(batches.map(\.standing) == [.committed, .abandoned, .open])
        #expect(batches.map(\.clock) == [5, 5, 5])
        #expect(batches[0].counts == StoredBatchTests.manifest.counts)
        #expect(batches[0].rules == StoredBatchTests.manifest.failures)
        #expect(batches[0].written == ["silver": .init(rows: 4, byteCount: 812, files: 1)])
        #expect(batches[2].written.isEmpty)
        #expect(try state.batches(after: 1, limit: 1).map(\.number) == [2])
    }

    private func sources(_ state: PipelineState) throws -> [String] {
        var names: [String] = []
        try state.forEachSource { names.append($0.name) }
        return names.sorted()
    }

    @Test func givesThePlannedFilesBack() throws {
        let state = try PipelineState(folder: folder)
        let files = StoredBatchTests.files
        try state.plan(plan(1))
        try state.abandon(plan(1), settingAside: [(files[1], "it is no text [bad-encoding]")])
        #expect(try state.openBatch() == nil)
        #expect(try sources(state) == [files[1].name])
        try state.setAside([(files[0], "no permission [unreadable]")], batch: 2)
        #expect(try sources(state).count == 2)
        // The next process tries them again.
        try state.forgetSetAside()
        #expect(try sources(state).isEmpty)
    }

    @Test func remembersWhyABatchIsHeld() throws {
        let state = try PipelineState(folder: folder)
        var breaker = CircuitBreaker()
        breaker.trip("too many", at: 5, wait: 10)
        try state.plan(plan(1))
        try state.hold(1, reason: "too many", breaker: breaker)
        #expect(try state.openBatch()?.isHeld == true)
        #expect(try state.breaker() == breaker)
    }

    /// Who may only read it asks it nevertheless.
    @Test(.enabled(if: geteuid() != 0, "the superuser writes everywhere"))
    func isReadWhereNothingMayBeWritten() throws {
        let state = try PipelineState(folder: folder)
        try state.plan(plan(1))
        try state.close()
        try FileManager.default.setAttributes([.posixPermissions: 0o500], ofItemAtPath: folder)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder) }
        #expect(try PipelineState(readingFrom: folder)?.lastBatch() == 1)
    }

    /// What people ask for may be at hand beside it; what it is planned as anew ends it.
    @Test func keepsAHeldBatchUntilItIsPlannedAnew() throws {
        let state = try PipelineState(folder: folder)
        var breaker = CircuitBreaker()
        breaker.trip("too many", at: 5, wait: 10)
        let replay = BatchPlan(
            number: 2, kind: .replay, files: StoredBatchTests.files, schema: nil, fingerprint: "f", clock: 5, lanes: 1,
            order: ReplayOrder(request: 1, form: .raw, actor: "", reason: "", time: 1, next: .beginning, stayed: 0))
        try state.plan(plan(1))
        try state.hold(1, reason: "too many", breaker: breaker)
        try state.plan(replay)
        #expect(try state.openBatch()?.plan.number == 2)
        #expect(try state.heldBatch()?.plan.number == 1)
        try state.abandon(replay, settingAside: [])
        #expect(try state.openBatch()?.plan.number == 1)
        try state.abandon(plan(1), settingAside: [], isHeld: true)
        #expect(try state.heldBatch()?.plan.files.count == 2)
        try state.plan(plan(3))
        #expect(try state.heldBatch() == nil)
        #expect(try state.openBatch()?.plan.number == 3)
    }

    @Test func forgetsFilesOfASpoolWithTheirBatch() throws {
        let state = try PipelineState(folder: folder)
        try state.plan(plan(1))
        try state.prepare(commit(plan(1)))
        try state.finish(1, keepsSources: false)
        #expect(try sources(state) == [])
    }

    @Test func refusesAStateOfANewerAssay() throws {
        let state = try PipelineState(folder: folder)
        try state.write { db in
            try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('99')")
        }
        try state.close()
        #expect(code { _ = try PipelineState(folder: folder) } == .newerVersion)
        // Nobody took it: it is released.
        #expect(code { _ = try PipelineState(folder: folder) } == .newerVersion)
    }

    @Test(arguments: ["UPDATE batches SET plan = '{'", "UPDATE batches SET plan = replace(plan, 'int64', 'int65')"])
    func saysWhereAPlanIsDamaged(_ damage: String) throws {
        let state = try PipelineState(folder: folder)
        try state.plan(plan(1))
        try state.write { db in try db.execute(sql: damage) }
        #expect(code { _ = try state.openBatch() } == .corrupt)
    }

    @Test func saysWhereTheManifestIsDamaged() throws {
        let state = try PipelineState(folder: folder)
        try state.plan(plan(1))
        try state.prepare(commit(plan(1)))
        try state.write { db in try db.execute(sql: "UPDATE batches SET manifest = NULL") }
        #expect(code { _ = try state.openBatch() } == .corrupt)
    }

    @Test(arguments: [
        "", "no database at all, but long enough to have a header of a hundred bytes: ............................",
    ])
    func refusesADamagedFile(_ text: String) throws {
        try PipelineState(folder: folder).close()
        let path = "\(folder)/state.db"
        if text.isEmpty {
            // Pages in the middle of the file.
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
            try handle.seek(toOffset: 4_096)
            try handle.write(contentsOf: Data(repeating: 0xA5, count: 16_384))
            try handle.close()
        } else {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        }
        #expect(code { _ = try PipelineState(folder: folder) } == .corrupt)
    }

    @Test func keepsEverythingWhereTheDiskIsFull() throws {
        try PipelineState(folder: folder).close()
        let size = try #require(
            FileManager.default.attributesOfItem(atPath: "\(folder)/state.db")[.size] as? Int)
        let state = try PipelineState(folder: folder, pageLimit: size / 4_096 + 4)
        let many = (0..<5_000).map {
            IntakeFile(path: "/l/\($0)", name: "\($0)", device: 1, node: UInt64($0), byteCount: 1, modified: 1)
        }
        #expect(code { try state.plan(plan(1, files: many)) } == .diskFull)
        #expect(try state.lastBatch() == 0)
        try state.plan(plan(1, files: Array(many.prefix(3))))
        #expect(try state.openBatch()?.plan.files.count == 3)
    }
}
