import Foundation
import Tables
import TestSupport
import Testing

@testable import Ledger

@Suite struct LedgerErrorTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func opening(_ path: String, timeoutSeconds: Double = 0.2) -> LedgerError? {
        #expect(throws: LedgerError.self) { _ = try Ledger(path: path, timeoutSeconds: timeoutSeconds) }
    }

    private func reading(_ path: String) -> LedgerError? {
        #expect(throws: LedgerError.self) { _ = try Ledger(readingFrom: path) }
    }

    @Test func aTextFileIsNoLedger() throws {
        let path = scratch.path("notes.txt")
        try "the quick brown fox jumps over the lazy dog".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(
            opening(path)?.summary
                == "\(path): the file is no SQLite database; wanted an Assay results store [not-a-database]")
        #expect(reading(path)?.code == "not-a-database")
        #expect(try String(contentsOfFile: path, encoding: .utf8).count == 43)
    }

    @Test func aDirectoryIsNoLedger() throws {
        #expect(opening(scratch.directory)?.code == "not-a-database")
    }

    static let foreign = [
        "CREATE TABLE theirs (x);", "PRAGMA application_id = 5; CREATE TABLE theirs (x);", "PRAGMA application_id = 5;",
    ]

    @Test(.enabled(if: OtherProcess.tool != nil), arguments: foreign)
    func anotherProgramsDatabaseIsLeftAlone(_ sql: String) throws {
        let path = scratch.path()
        let other = try OtherProcess(path)
        try other.execute(sql)
        try other.finish()
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(opening(path)?.message == "this is the database of another program; wanted an Assay results store")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.directory) == ["assay.db"])
    }

    @Test func anEmptyFileBecomesALedgerButIsNoneToRead() throws {
        let path = scratch.path()
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        #expect(reading(path)?.code == "not-a-database")
        try Ledger(path: path).record(Samples.run("r1"))
        #expect(try Ledger(readingFrom: path).runs(limit: 1).map(\.id) == ["r1"])
    }

    @Test func anAbsentFileIsNotFoundForReading() {
        #expect(reading(scratch.path())?.code == "not-found")
        #expect(!FileManager.default.fileExists(atPath: scratch.path()))
    }

    /// A slip in a path makes no folders.
    @Test func anAbsentDirectoryIsNamedAndNotMade() {
        let error = opening(scratch.path("absent/assay.db"))
        #expect(error?.code == "unwritable-directory")
        #expect(
            error?.message == "the results store can't be created: there is no directory \(scratch.path("absent"))")
        #expect(!FileManager.default.fileExists(atPath: scratch.path("absent")))
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: "/proc/self")))
    func aDirectoryThatTakesNoFilesIsUnwritable() {
        let error = opening("/proc/assay.db")
        #expect(error?.code == "unwritable-directory")
        #expect(error?.fault == .outside && error?.mayHelpToRetry == false)
    }

    @Test func aLedgerOpenedForReadingRefusesToWrite() throws {
        try Ledger(path: scratch.path()).record(Samples.run("r1"))
        let ledger = try Ledger(readingFrom: scratch.path())
        let error = #expect(throws: LedgerError.self) { try ledger.record(Samples.run("r2")) }
        #expect(error?.code == "read-only")
    }

    @Test(.enabled(if: OtherProcess.tool != nil)) func aNewerLedgerIsRefused() throws {
        let path = scratch.path()
        try Ledger(path: path).close()
        let other = try OtherProcess(path)
        try other.execute("INSERT INTO grdb_migrations VALUES ('99');")
        try other.finish()
        #expect(
            opening(path)?.message == "the results store was written by a newer Assay (unknown migration \"99\")")
        #expect(reading(path)?.code == "newer-version")
    }

    @Test(arguments: [5_000, 9_000]) func aTruncatedFileIsCorrupt(_ bytes: Int) throws {
        let path = scratch.path()
        try Ledger(path: path).close()
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        try data.prefix(bytes).write(to: URL(fileURLWithPath: path))
        #expect(opening(path)?.code == "corrupt")
        #expect(reading(path)?.code == "corrupt")
    }

    @Test func garbageInsideIsCorrupt() throws {
        let path = scratch.path()
        let ledger = try Ledger(path: path)
        try ledger.record(Samples.run("r1"))
        try ledger.close()
        var data = try Data(contentsOf: URL(fileURLWithPath: path))
        data.replaceSubrange(200..<data.count, with: Data(repeating: 0xA5, count: data.count - 200))
        try data.write(to: URL(fileURLWithPath: path))
        #expect(opening(path)?.code == "corrupt")
    }

    @Test func aFullDiskLeavesNothingHalfWritten() throws {
        let path = scratch.path()
        try Ledger(path: path).record(Samples.run("r1", at: 1))
        let full = try Ledger(path: path, timeoutSeconds: 1, pageLimit: 200)
        let results = (0..<3_000).map { Samples.result("e\($0)", sentence: "sentence number \($0)") }
        let error = #expect(throws: LedgerError.self) { try full.record(Samples.run("r2", at: 2, results: results)) }
        #expect(error?.code == "disk-full" && error?.mayHelpToRetry == true)
        #expect(try full.runs(limit: 9).map(\.id) == ["r1"])
        #expect(try full.results(ofRun: "r2").isEmpty)
        try full.record(Samples.run("r3", at: 3))
        #expect(try full.runs(limit: 9).map(\.id) == ["r3", "r1"])
    }
}
