import Foundation
import TestSupport
import Testing

@testable import Ledger

/// What a quick look at a store that is in use finds in the way.
@Suite struct ObstacleTests {
    private let scratch: Scratch
    private let ledger: Ledger

    init() throws {
        scratch = try Scratch()
        ledger = try Ledger(path: scratch.path(), timeoutSeconds: 0.1)
        try ledger.record(Samples.run("r1"))
    }

    private var obstacle: String? { ledger.obstacle()?.message }

    @Test func thereIsNone() throws {
        #expect(obstacle == nil)
        #expect(try Ledger(readingFrom: scratch.path()).obstacle() == nil)
    }

    @Test func theFileIsMovedAway() throws {
        try FileManager.default.moveItem(atPath: scratch.path(), toPath: scratch.path("away.db"))
        #expect(ledger.obstacle()?.code == "not-found")
        try FileManager.default.moveItem(atPath: scratch.path("away.db"), toPath: scratch.path())
        #expect(obstacle == nil)
    }

    @Test func anotherFileHasItsName() throws {
        try Ledger(path: scratch.path("other.db")).close()
        try FileManager.default.moveItem(atPath: scratch.path(), toPath: scratch.path("away.db"))
        try FileManager.default.moveItem(atPath: scratch.path("other.db"), toPath: scratch.path())
        #expect(obstacle == "the results store that was opened is gone, and another file has its name")
    }

    @Test func theFileIsOverwritten() throws {
        try ledger.checkpoint()
        let file = try #require(FileHandle(forUpdatingAtPath: scratch.path()))
        try file.write(contentsOf: Data(repeating: 0xA5, count: 50_000))
        try file.close()
        #expect(obstacle == "the file is no SQLite database; wanted an Assay results store")
    }

    @Test(.enabled(if: OtherProcess.tool != nil)) func aWriterNeverLetsGo() throws {
        let other = try OtherProcess(scratch.path())
        try other.execute("BEGIN IMMEDIATE;")
        #expect(obstacle == nil)
        #expect(throws: LedgerError.self) { try ledger.record(Samples.run("r2", at: 1)) }
        #expect(obstacle == "another process kept the results store locked")
        try other.execute("COMMIT;")
        try other.finish()
        try ledger.record(Samples.run("r3", at: 2))
        #expect(obstacle == nil)
    }

    @Test func whatIsRefusedForItselfIsNoObstacle() throws {
        #expect(throws: LedgerError.self) { try ledger.record(Samples.run("r1")) }
        #expect(obstacle == nil)
    }
}
