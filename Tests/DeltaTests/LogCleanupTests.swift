import Foundation
import Tables
import TestSupport
import Testing

@testable import Delta

/// A log gets shorter, and the table stays readable whatever its checkpoints are like.
@Suite struct LogCleanupTests {
    private let folder: Scratch
    private var path: String { folder.directory + "/t" }
    private var log: String { path + "/_delta_log" }

    init() throws { folder = try Scratch() }

    /// A table of versions 0 through 6 with checkpoints of some of them, all older than the log is kept.
    private func table(checkpoints: [Int], properties: [String: String] = [:]) throws -> WrittenTable {
        let none = ["delta.checkpointInterval": "1000"]
        var written = try WrittenTable(path, properties: none.merging(properties) { $1 })
        for version in 1...6 {
            try written.append(version * 10..<version * 10 + 2, stem: "part-\(version)")
            if checkpoints.contains(version) { try written.table.checkpoint(now: WrittenTable.now) }
        }
        return written
    }

    private func age(_ names: [String]? = nil) throws {
        for name in try names ?? FileManager.default.contentsOfDirectory(atPath: log) {
            try folder.touch("t/_delta_log/\(name)", milliseconds: WrittenTable.now / 1_000 - 60 * 86_400_000)
        }
    }

    private func versions() throws -> (commits: [Int], checkpoints: [Int]) {
        let listing = try LogListing(table: path)
        return (listing.commits, listing.checkpoints.map(\.version))
    }

    private func clean(_ written: WrittenTable) throws -> Int { try written.table.cleanLog(now: WrittenTable.now) }

    private func damage(_ version: Int, keeping share: Int) throws {
        let place = URL(fileURLWithPath: LogListing.checkpointPath(version, table: path))
        let bytes = try Data(contentsOf: place)
        try bytes.prefix(bytes.count * share / 100).write(to: place)
    }

    /// Readers pass over the checkpoint as long as there are the commits before it.
    @Test(arguments: [0, 50, 99]) func keepsWhatADamagedCheckpointStandsFor(_ share: Int) throws {
        let written = try table(checkpoints: [5])
        try damage(5, keeping: share)
        try age()
        #expect(try clean(written) == 0)
        #expect(try ReadRows(written.table.snapshot()).rows.count == 12)
    }

    @Test func beginsWithTheNewestCheckpointThatCanBeRead() throws {
        let written = try table(checkpoints: [2, 3, 5])
        try damage(5, keeping: 50)
        try age()
        #expect(try clean(written) == 4)
        #expect(try versions() == ([3, 4, 5, 6], [3, 5]))
        #expect(try ReadRows(written.table.snapshot()).rows.count == 12)
    }

    /// Readable, and of another table.
    @Test func keepsWhatACheckpointContradicts() throws {
        let written = try table(checkpoints: [4, 5])
        let places = [4, 5].map { LogListing.checkpointPath($0, table: path) }
        try FileManager.default.removeItem(atPath: places[1])
        try FileManager.default.copyItem(atPath: places[0], toPath: places[1])
        try age()
        let error = #expect(throws: DeltaError.self) { try clean(written) }
        #expect(
            error?.summary
                == "\(places[1]): the checkpoint of version 5 makes another table than the log before it [corrupt]")
        #expect(try versions() == ([0, 1, 2, 3, 4, 5, 6], [4, 5]))
    }

    @Test func leavesNoGaps() throws {
        let written = try table(checkpoints: [5])
        try age()
        try folder.touch("t/" + LogFixture.name(2), milliseconds: WrittenTable.now / 1_000)
        #expect(try clean(written) == 2)
        #expect(try versions() == ([2, 3, 4, 5, 6], [5]))
    }

    static let protections: [(version: String, removed: Int)] = [
        ("0", 5), ("3", 5), ("5", 5), ("6", 0), ("9", 0), ("soon", 0),
    ]

    /// Up to the version that the table names, everything goes at once or nothing.
    @Test(arguments: protections) func keepsProtectedCheckpoints(_ test: (version: String, removed: Int)) throws {
        let written = try table(checkpoints: [2, 5])
        let first = "\(path)/\(LogFixture.name(0))"
        var text = try String(contentsOfFile: first, encoding: .utf8)
        text = text.replacing(
            #""writerFeatures":["appendOnly""#, with: #""writerFeatures":["checkpointProtection","appendOnly""#)
        text = text.replacing(
            #""configuration":{"#,
            with: #""configuration":{"delta.requireCheckpointProtectionBeforeVersion":"\#(test.version)","#)
        try Data(text.utf8).write(to: URL(fileURLWithPath: first))
        // Of the table as it is now.
        for version in [2, 5] {
            try FileManager.default.removeItem(atPath: LogListing.checkpointPath(version, table: path))
        }
        try written.table.writeCheckpoint(of: 5)
        try age()
        #expect(try clean(written) == test.removed)
    }
}

extension DeltaTable {
    /// One of an older version.
    fileprivate func writeCheckpoint(of version: Int) throws {
        try CheckpointWriter.write(snapshot(.version(version)), horizon: .min)
    }
}
