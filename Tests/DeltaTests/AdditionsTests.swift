import Tables
import Testing

@testable import Delta

/// Which commits brought data, when, and how much of it.
@Suite struct AdditionsTests {
    private static let second: Int64 = 1_000_000

    private static func info(_ operation: String?, at milliseconds: Int, metrics: String = "{}") -> String {
        let name = operation.map { ",\"operation\":\"\($0)\"" } ?? ""
        return #"{"commitInfo":{"timestamp":\#(milliseconds)\#(name),"operationMetrics":\#(metrics)}}"#
    }

    private static func add(_ path: String, rows: Int?, time: Int = 1, dataChange: Bool = true, vector: String = "")
        -> String
    {
        let stats = rows.map { #","stats":"{\"numRecords\":\#($0)}""# } ?? ""
        return
            #"{"add":{"path":"\#(path)","partitionValues":{},"size":1,"modificationTime":\#(time),"dataChange":\#(dataChange)\#(stats)\#(vector)}}"#
    }

    private static func remove(_ path: String, dataChange: Bool = true) -> String {
        #"{"remove":{"path":"\#(path)","deletionTimestamp":1,"dataChange":\#(dataChange)}}"#
    }

    private static let vector =
        #","deletionVector":{"storageType":"i","pathOrInlineDv":"abcde","sizeInBytes":4,"cardinality":1}"#

    private static let cases: [(name: String, lines: [String], bringsData: Bool, rows: Int?)] = [
        ("append", [info("WRITE", at: 1), add("a", rows: 3), add("b", rows: 4)], true, 7),
        ("statistics are missing", [info("WRITE", at: 1), add("a", rows: nil), add("b", rows: 4)], true, nil),
        (
            "told by the writer", [info("WRITE", at: 1, metrics: #"{"numOutputRows":"9"}"#), add("a", rows: nil)], true,
            9
        ),
        ("overwrite", [info("WRITE", at: 1), remove("o"), add("a", rows: 3)], true, 3),
        (
            "optimize",
            [info("OPTIMIZE", at: 1), remove("o", dataChange: false), add("a", rows: 3, dataChange: false)],
            false, 0
        ),
        ("properties", [info("SET TBLPROPERTIES", at: 1), LogFixture.metadata()], false, 0),
        ("delete that rewrites", [info("DELETE", at: 1), remove("o"), add("a", rows: 3)], false, 0),
        ("delete by a vector", [info(nil, at: 1), remove("o"), add("o", rows: 3, vector: vector)], false, 0),
        ("restore", [info("RESTORE", at: 1), remove("o"), add("a", rows: 3)], false, 0),
        ("update", [info("UPDATE", at: 1), remove("o"), add("a", rows: 3)], true, 0),
        (
            "merge",
            [info("MERGE", at: 1, metrics: #"{"numTargetRowsInserted":"2"}"#), remove("o"), add("a", rows: 9)],
            true, 2
        ),
        ("merge that doesn't tell", [info("MERGE", at: 1), remove("o"), add("a", rows: 9)], true, nil),
        ("merge that only inserts", [info("MERGE", at: 1), add("a", rows: 9)], true, 9),
        ("nameless rewriting", [info(nil, at: 1), remove("o"), add("a", rows: 9)], true, nil),
        ("nameless append", [add("a", rows: 9)], true, 9),
        ("a file without rows", [info("WRITE", at: 1), add("a", rows: 0)], false, 0),
        ("a file with deleted rows", [info("WRITE", at: 1), add("a", rows: 5, vector: vector)], true, 4),
    ]

    @Test(arguments: cases.map(\.name)) func judgesCommits(_ name: String) throws {
        let (_, lines, bringsData, rows) = try #require(Self.cases.first { $0.name == name })
        let log = try LogFixture()
        try log.commit(0, [LogFixture.version(), LogFixture.metadata(), Self.add("o", rows: 5)])
        try log.commit(1, lines)
        let entry = try #require(try DeltaTable(log.table).history(limit: 1).first)
        #expect(entry.bringsData == bringsData)
        #expect(entry.newRows == rows)
    }

    /// Who removes again what was removed, and adds, may have doubled rows; who only removes again has not.
    @Test func noticesRepeatedRemovals() throws {
        let log = try LogFixture()
        try log.commit(
            0, [LogFixture.version(), LogFixture.metadata(), Self.add("a", rows: 5), Self.add("b", rows: 5)])
        try log.commit(1, [Self.remove("a"), Self.remove("b"), Self.add("c", rows: 10)])
        try log.commit(2, [Self.remove("a")])
        try log.commit(3, [Self.remove("a", dataChange: false), Self.remove("b"), Self.add("d", rows: 10)])
        try log.commit(4, [Self.add("a", rows: 5)])
        try log.commit(5, [Self.remove("a"), Self.add("e", rows: 5)])
        let table = try DeltaTable(log.table)
        #expect(try table.snapshot().repeatedRemovals == [RepeatedRemoval(version: 3, fileCount: 2)])
        #expect(try table.snapshot(.version(2)).repeatedRemovals.isEmpty)
        #expect(try table.history().map(\.repeatedRemovals) == [0, 0, 2, 0, 0, 0])
        #expect(try table.history(through: 3, limit: 1).map(\.repeatedRemovals) == [0], "the log at hand doesn't tell")
    }

    private func table() throws -> LogFixture {
        let log = try LogFixture()
        try log.commit(0, [Self.info("CREATE TABLE", at: 1_000), LogFixture.version(), LogFixture.metadata()])
        try log.commit(1, [Self.info("WRITE", at: 2_000), Self.add("a", rows: 3)])
        try log.commit(2, [Self.info("WRITE", at: 3_000), Self.add("b", rows: 4)])
        try log.commit(
            3,
            [Self.info("OPTIMIZE", at: 9_000), Self.remove("a", dataChange: false)]
                + [Self.add("c", rows: 3, dataChange: false)])
        return log
    }

    private func additions(_ log: LogFixture, after seconds: Int64) throws -> TableAdditions {
        // Its files aren't there: only the log is asked.
        try DeltaHistory(DeltaTable(log.table).snapshot()).additions(after: seconds * Self.second)
    }

    @Test func goesBackToTheTime() throws {
        let log = try table()
        let (one, two) = (
            TableAddition(version: 1, time: 2 * Self.second, rowCount: 3),
            TableAddition(version: 2, time: 3 * Self.second, rowCount: 4)
        )
        #expect(try additions(log, after: 5) == TableAdditions(commits: [two], isComplete: true, isWhole: true))
        #expect(try additions(log, after: 2) == TableAdditions(commits: [two, one], isComplete: true, isWhole: true))
        #expect(try additions(log, after: 0) == TableAdditions(commits: [two, one], isComplete: true, isWhole: true))
    }

    /// What the log's writer says counts, not when its files were copied here.
    @Test func goesByTheStatedTime() throws {
        let log = try table()
        for version in 0...3 {
            try log.folder.touch(LogFixture.name(version), milliseconds: 1_000_000 + Int64(version))
        }
        let table = try DeltaTable(log.table)
        #expect(try table.history().map(\.timestamp) == [1_000_003, 1_000_002, 1_000_001, 1_000_000])
        #expect(try table.history().map(\.statedTime) == [9_000, 3_000, 2_000, 1_000])
        #expect(try additions(log, after: 5).commits.map(\.time) == [3 * Self.second])
    }

    /// Behind a log that was cleaned up, files tell when they were written.
    @Test func saysWhereTheLogEnds() throws {
        let log = try LogFixture()
        try log.commit(0, [LogFixture.version(), LogFixture.metadata(), Self.add("a", rows: 3, time: 2_500)])
        try log.commit(1, [Self.info("SET TBLPROPERTIES", at: 7_000), LogFixture.metadata()])
        let table = try DeltaTable(log.table)
        try table.checkpoint(now: 1)
        try log.commit(2, [Self.info("SET TBLPROPERTIES", at: 8_000), LogFixture.metadata()])
        for version in 0...1 { try log.remove(LogFixture.name(version)) }
        let untold = try additions(log, after: 5)
        #expect(untold == TableAdditions(commits: [], isComplete: false, isWhole: false, untold: 2_500_000))
        #expect(try additions(log, after: 8).isComplete)
    }

    /// Copied files have any time; history tells the same as time travel goes by.
    @Test func tellsTimesThatTimeTravelKnows() throws {
        let log = try table()
        for (version, time) in [5_000, 4_000, 3_000, 9_000].enumerated() {
            try log.folder.touch(LogFixture.name(version), milliseconds: Int64(time))
        }
        let table = try DeltaTable(log.table)
        for entry in try table.history() {
            #expect(try table.snapshot(.timestamp(microseconds: entry.timestamp * 1_000)).version == entry.version)
            #expect(try table.snapshot(.version(entry.version)).timestamp == entry.timestamp)
        }
    }
}
