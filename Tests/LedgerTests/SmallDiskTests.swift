import Expectations
import Foundation
import Ledger
import TestSupport
import Testing

/// Real disks that are full or read-only; only where the tests may mount some, as root on Linux.
@Suite(.enabled(if: SmallDisk.isPossible, "mounting needs root")) struct SmallDiskTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func aFullDiskLeavesNothingHalfWritten() throws {
        let disk = try SmallDisk(scratch.path("small"), kilobytes: 1_024)
        defer { disk.unmount() }
        let ledger = try Ledger(path: disk.path + "/assay.db")
        try ledger.record(Samples.run("r1", at: 1))
        let results = (0..<5_000).map { Samples.result("e\($0)", sentence: "sentence number \($0)") }
        let error = #expect(throws: LedgerError.self) { try ledger.record(Samples.run("r2", at: 2, results: results)) }
        #expect(error?.code == "disk-full")
        #expect(try ledger.runs(limit: 9).map(\.id) == ["r1"])
        try ledger.record(Samples.run("r3", at: 3))
        try ledger.close()
        #expect(try Ledger(readingFrom: disk.path + "/assay.db").runs(limit: 9).map(\.id) == ["r3", "r1"])
    }

    @Test func aReadOnlyDiskIsReported() throws {
        let disk = try SmallDisk(scratch.path("sealed"), kilobytes: 1_024)
        defer { disk.unmount() }
        let path = disk.path + "/assay.db"
        let ledger = try Ledger(path: path)
        try ledger.record(Samples.run("r1"))
        try ledger.close()
        try disk.seal()
        let old = #expect(throws: LedgerError.self) { _ = try Ledger(path: path) }
        #expect(old?.code == "read-only" && old?.message == "the results store can't be written")
        let new = #expect(throws: LedgerError.self) { _ = try Ledger(path: disk.path + "/new.db") }
        #expect(new?.code == "unwritable-directory")
        #expect(new?.message == "the results store can't be created: \(disk.path) is not writable")
    }
}
