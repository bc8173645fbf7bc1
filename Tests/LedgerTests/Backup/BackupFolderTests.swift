import Foundation
import Ledger
import TestSupport
import Testing

@Suite struct BackupFolderTests {
    private let scratch: Scratch
    private let ledger: Ledger

    init() throws {
        scratch = try Scratch()
        ledger = try Ledger(path: scratch.path())
        try ledger.record(Samples.run("r1"))
    }

    private func folder() throws -> BackupFolder { try BackupFolder(scratch.path("backups"), of: ledger.path) }

    private func write(_ text: String, _ name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: scratch.path("backups/" + name)))
    }

    @Test func isForItsUserAlone() throws {
        _ = try folder()
        let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path("backups"))
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o700)
    }

    @Test func namesSayTheTimeAndSortByIt() throws {
        let folder = try folder()
        let name = { (time: Int64) in String(folder.path(at: time).split(separator: "/").last ?? "") }
        #expect(name(1_793_527_200_000_000) == "assay-20261101T100000.000000Z.db")
        #expect(name(1_793_527_200_000_042) == "assay-20261101T100000.000042Z.db")
    }

    @Test func theNewestStay() throws {
        let folder = try folder()
        for time in [3, 1, 2] as [Int64] { _ = try ledger.backup(to: folder.path(at: time * 1_000_000)) }
        #expect(
            folder.keepNewest(2) == ["assay-19700101T000001.000000Z.db"])
        #expect(folder.names() == ["assay-19700101T000002.000000Z.db", "assay-19700101T000003.000000Z.db"])
    }

    @Test func whatIsNoBackupStaysAndCountsForNothing() throws {
        let folder = try folder()
        _ = try ledger.backup(to: folder.path(at: 1_000_000))
        let others = [
            "assay-19700101T000000.000000Z.db", "assay-notes.db", "other-19700101T000000.000000Z.db",
            "assay-19700101T000000.000000Z.db.old",
        ]
        for name in others { try write("not a ledger", name) }
        #expect(folder.keepNewest(1).isEmpty)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(Set(names) == Set(others + ["assay-19700101T000001.000000Z.db"]))
    }

    @Test func whatAKilledBackupLeftIsRemovedAfterADay() throws {
        let folder = try folder()
        let left = ".assay-19700101T000000.000000Z.db.0000.backup-tmp"
        for name in [left, left + "-journal", ".assay-mine"] { try write("half", name) }
        let now = Int64(Date().timeIntervalSince1970 * 1_000_000)
        folder.removeAbandoned(now: now + 23 * 3_600 * 1_000_000)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 3)
        folder.removeAbandoned(now: now + 25 * 3_600 * 1_000_000)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [".assay-mine"])
    }
}
