import Foundation
import Tables
import TestSupport
import Testing

@testable import Delta

@Suite struct SnapshotTests {
    private func table(_ commits: [[String]]) throws -> LogFixture {
        let log = try LogFixture()
        for (version, lines) in commits.enumerated() { try log.commit(version, lines) }
        return log
    }

    private func paths(_ snapshot: Snapshot) -> [String] { snapshot.files.map(\.path) }

    private static let head = [LogFixture.version(), LogFixture.metadata()]

    @Test func replaysAddsAndRemoves() throws {
        let log = try table([
            Self.head + [LogFixture.add("a")], [LogFixture.add("b", time: 2)],
            [LogFixture.remove("a"), LogFixture.add("c", time: 3), #"{"txn":{"appId":"x","version":7}}"#],
        ])
        let table = try DeltaTable(log.table)
        let newest = try table.snapshot()
        #expect(newest.version == 2)
        #expect(paths(newest) == ["b", "c"])
        #expect(newest.removed.map(\.path) == ["a"])
        #expect(newest.transactionVersion(of: "x") == 7)
        #expect(try paths(table.snapshot(.version(1))) == ["a", "b"])
        #expect(try paths(table.snapshot(.version(0))) == ["a"])
        #expect(throws: DeltaError(.noSuchVersion, "there is no version 3; the newest is 2", place: log.table)) {
            try table.snapshot(.version(3))
        }
    }

    @Test func knowsAFileByItsDecodedPath() throws {
        let log = try table([Self.head + [LogFixture.add("p=a%2520b/x%20y")], [LogFixture.remove("p=a%2520b/x y")]])
        #expect(try DeltaTable(log.table).snapshot().files.isEmpty)
    }

    @Test func saysThatThereIsNoTable() throws {
        let folder = try Scratch()
        #expect(!DeltaTable.isTable(folder.directory))
        #expect(
            throws: DeltaError(
                .notATable, "there is no Delta table: the folder _delta_log is missing", place: folder.directory)
        ) { try DeltaTable(folder.directory) }
        try folder.file("x", "_delta_log/notes.txt")
        #expect(
            throws: DeltaError(.notATable, "there is no Delta table: the log has no commit", place: folder.directory)
        ) {
            try DeltaTable(folder.directory)
        }
    }

    @Test func seesGaps() throws {
        let log = try LogFixture()
        try log.commit(0, Self.head)
        try log.commit(1, [LogFixture.add("a")])
        try log.commit(3, [LogFixture.add("b")])
        let table = try DeltaTable(log.table)
        #expect(
            throws: DeltaError(
                .logGap, "version 3 can't be put together: commit 2 is missing from the log", place: log.table)
        ) { try table.snapshot() }
        #expect(try table.snapshot(.version(1)).files.count == 1)
    }

    /// What a crash between the creation of a file and its writing leaves behind.
    @Test(arguments: ["", "\n"]) func refusesCommitsOfNothing(_ text: String) throws {
        let log = try table([Self.head, [LogFixture.add("a")]])
        try log.folder.file(text, LogFixture.name(2))
        let table = try DeltaTable(log.table)
        let place = "\(log.table)/\(LogFixture.name(2))"
        #expect(throws: DeltaError(.corrupt, "the commit has no action", place: place)) { try table.snapshot() }
        #expect(try paths(table.snapshot(.version(1))) == ["a"])
    }

    @Test func travelsInTime() throws {
        let log = try table([Self.head, [LogFixture.add("a")], [LogFixture.add("b")], [LogFixture.add("c")]])
        for (version, time) in [(0, 1_000), (1, 5_000), (2, 3_000), (3, 9_000)] {
            try log.folder.touch(LogFixture.name(version), milliseconds: Int64(time))
        }
        let table = try DeltaTable(log.table)
        // The file of version 2 is older than the one before it: it counts as a millisecond younger.
        for (milliseconds, version) in [(1_000, 0), (4_999, 0), (5_000, 1), (5_001, 2), (8_999, 2), (90_000, 3)] {
            let snapshot = try table.snapshot(.timestamp(microseconds: Int64(milliseconds) * 1_000))
            #expect(snapshot.version == version, "at \(milliseconds)")
        }
        #expect(throws: DeltaError.self) { try table.snapshot(.timestamp(microseconds: 999_000)) }
    }

    @Test func travelsByTimesInCommits() throws {
        func info(_ time: Int) -> String { #"{"commitInfo":{"inCommitTimestamp":\#(time),"operation":"WRITE"}}"# }
        let log = try table([
            [info(1_000), LogFixture.version(), LogFixture.metadata(#"{"delta.enableInCommitTimestamps":"true"}"#)],
            [info(2_000), LogFixture.add("a")], [info(3_000), LogFixture.add("b")],
        ])
        let table = try DeltaTable(log.table)
        #expect(try table.snapshot(.timestamp(microseconds: 2_999_999)).version == 1)
        #expect(try table.snapshot().timestamp == 3_000)
        #expect(try table.history().map(\.timestamp) == [3_000, 2_000, 1_000])
    }

    static let refused: [(String, String, String)] = [
        (LogFixture.version(4), LogFixture.metadata(), "the table needs reader version 4, and 3 is the newest here"),
        (
            LogFixture.version(3, 7, features: ["catalogManaged"]), LogFixture.metadata(),
            "reading the table needs the feature catalogManaged, which is not supported here"
        ),
        (
            LogFixture.version(3, 7, features: ["zeta", "deletionVectors", "alpha"]), LogFixture.metadata(),
            "reading the table needs the features alpha, zeta, which are not supported here"
        ),
    ]

    @Test(arguments: refused) func refusesWhatItCannotRead(_ version: String, _ metadata: String, _ message: String)
        throws
    {
        let log = try table([[version, metadata]])
        #expect(throws: DeltaError(.unsupportedFeature, message, place: log.table)) {
            try DeltaTable(log.table).snapshot()
        }
    }

    static let damaged: [([String], String)] = [
        (["{"], "line 1 of the commit is no JSON"),
        (["", "[]"], "line 2 of the commit can't be read: it is no JSON object"),
        ([#"{"add":{"path":1}}"#], "line 1 of the commit can't be read: add.path is no text"),
        (
            [#"{"add":{"path":"a","partitionValues":{"p":1},"size":1}}"#],
            "line 1 of the commit can't be read: add.partitionValues.p is no text"
        ),
        ([#"{"add":{"path":"a","size":-1}}"#], "line 1 of the commit can't be read: add.size is below 0"),
        (
            [#"{"txn":{"appId":"a","version":1.5}}"#],
            "line 1 of the commit can't be read: txn.version is no whole number"
        ),
    ]

    @Test(arguments: damaged) func namesTheLine(_ lines: [String], _ message: String) throws {
        let log = try table([lines])
        let path = LogListing.commitPath(0, table: log.table)
        #expect(throws: DeltaError(.corrupt, message, place: path)) { try DeltaTable(log.table).snapshot() }
    }

    @Test func passesOverNamesThatAreNoVersions() throws {
        let log = try table([Self.head])
        for name in [
            "09223372036854775807.json", "99999999999999999999.json", "-0000000000000000001.json", "1.json",
            "00000000000000000001.json.tmp", ".00000000000000000001.json", "00000000000000000001.crc",
            "00000000000000000001.checkpoint.0000000001.0000000000.parquet",
            "00000000000000000001.checkpoint.x.parquet",
            "00000000000000000000.00000000000000000009.compacted.json", "_staged_commits",
        ] { try log.folder.file("{", "_delta_log/\(name)") }
        let listing = try LogListing(table: log.table)
        #expect(listing.commits == [0])
        #expect(listing.checkpoints.isEmpty)
    }

    /// Sizes and times that nothing can have are no reason to fail.
    @Test func bearsNumbersThatAreTooLarge() throws {
        let huge = ",\"stats\":\"{\\\"numRecords\\\":\(Int64.max)}\""
        let log = try table([
            Self.head + ["a", "b"].map { LogFixture.add($0, size: .max, time: .max, more: huge) }
                + [#"{"commitInfo":{"inCommitTimestamp":\#(Int64.max)}}"#]
        ])
        let table = try DeltaTable(log.table)
        let snapshot = try table.snapshot()
        #expect(snapshot.byteCount == .max)
        #expect(snapshot.rowCount == .max)
        #expect(snapshot.timestamp == .max)
        #expect(try table.history().first?.addedBytes == .max)
        #expect(throws: SourceError.self) { try DeltaSource(snapshot) }
    }

    @Test func neverFailsOnDamage() throws {
        let lines =
            Self.head + [
                LogFixture.add(
                    "a", more: #","stats":"{\"numRecords\":3,\"minValues\":{\"a\":1},\"nullCount\":{\"a\":1}}""#),
                LogFixture.add(
                    "b",
                    more:
                        #","deletionVector":{"storageType":"u","pathOrInlineDv":"ab^-aqEH.-t@S}K{vb[*k^","offset":4,"sizeInBytes":40,"cardinality":6}"#
                ),
                LogFixture.remove("a"),
            ]
        let bytes = Array(lines.joined(separator: "\n").utf8)
        var random = SeededGenerator(seed: 7)
        for _ in 0..<5_000 {
            var damaged = bytes
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                damaged[Int.random(in: damaged.indices, using: &random)] = UInt8.random(in: 0x20...0x7E, using: &random)
            }
            guard let actions = try? CommitReader.actions(damaged, place: "x") else { continue }
            var replay = Replay()
            replay.apply(actions, of: 0)
            guard let snapshot = try? Snapshot(replay, table: "x", version: 0, timestamp: 0) else { continue }
            _ = (snapshot.rowCount, snapshot.byteCount)
            for file in snapshot.files {
                _ = snapshot.statistics(of: file)
                _ = try? DataPath.resolve(file.path, table: "x")
                _ = try? file.deletionVector?.path(table: "x")
            }
            for action in actions {
                if case .other = action { continue }
                let again = try Action(json: action.json)
                #expect(again == action)
            }
        }
    }
}
