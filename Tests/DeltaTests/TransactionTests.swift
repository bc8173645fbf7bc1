import Foundation
import Tables
import TestSupport
import Testing

@testable import Delta

@Suite struct TransactionTests {
    static let now: Int64 = 1_700_000_000_000_000
    static let schema = DeltaSchema([DeltaField("a", .long), DeltaField("p", .string)])

    private let folder: Scratch
    private let table: DeltaTable

    init() throws {
        folder = try Scratch()
        table = try DeltaTable.create(
            "\(folder.directory)/deep/table", schema: Self.schema, partitionedBy: ["p"], now: Self.now)
    }

    private func file(_ path: String, _ partition: String? = "x", rows: Int = 3) -> AddFile {
        AddFile(
            path: path, partitionValues: ["p": partition], size: 10, modificationTime: 1,
            stats: "{\"numRecords\":\(rows)}")
    }

    private func append(_ paths: String...) throws -> CommitResult {
        var transaction = try table.transaction()
        try transaction.append(paths.map { file($0) })
        return try transaction.commit(now: Self.now)
    }

    private func paths() throws -> [String] { try table.snapshot().files.map(\.path) }

    private func lines(_ version: Int) throws -> [JSON] {
        try String(contentsOfFile: LogListing.commitPath(version, table: table.folder), encoding: .utf8)
            .split(separator: "\n").map { try #require(JSON(text: String($0))) }
    }

    @Test func createsOnce() throws {
        let snapshot = try table.snapshot()
        #expect(snapshot.version == 0)
        #expect(snapshot.schema == Self.schema)
        #expect(snapshot.metadata.partitionColumns == ["p"])
        #expect(throws: DeltaError(.tableExists, "there is a table already", place: table.folder)) {
            try DeltaTable.create(table.folder, schema: Self.schema, now: Self.now)
        }
    }

    @Test func appendsAndTellsOfIt() throws {
        #expect(try append("a", "b") == CommitResult(version: 1, isNew: true, checkpointFailure: nil))
        #expect(try paths() == ["a", "b"])
        let entry = try #require(try table.history().first)
        #expect(entry.version == 1)
        #expect(entry.operation == "WRITE")
        #expect(entry.addedFiles == 2)
        #expect(entry.addedRows == 6)
        let info = try #require(try lines(1).first?["commitInfo"])
        #expect(info["isBlindAppend"] == .boolean(true))
        #expect(info["timestamp"] == .integer(Self.now / 1_000))
    }

    @Test func appendsFollowEachOther() throws {
        var (first, second) = (try table.transaction(), try table.transaction())
        try first.append([file("a")])
        try second.append([file("b")])
        #expect(try first.commit(now: Self.now).version == 1)
        #expect(try second.commit(now: Self.now).version == 2)
        #expect(try paths() == ["a", "b"])
    }

    @Test func replacesEverything() throws {
        _ = try append("a", "b")
        var transaction = try table.transaction()
        try transaction.overwrite(with: [file("c")], at: 5)
        _ = try transaction.commit(now: Self.now)
        #expect(try paths() == ["c"])
        #expect(try table.snapshot().removed.map(\.deletionTimestamp) == [5, 5])
        #expect(try table.snapshot(.version(1)).files.count == 2)
    }

    @Test func replacesPartitions() throws {
        var transaction = try table.transaction()
        try transaction.append([file("x1"), file("y1", "y"), file("z1", nil)])
        _ = try transaction.commit(now: Self.now)
        transaction = try table.transaction()
        try transaction.overwritePartitions([["p": nil]], with: [file("y2", "y")], at: 5)
        // Meanwhile somebody adds to a partition that stays.
        _ = try append("x2")
        _ = try transaction.commit(now: Self.now)
        #expect(try paths() == ["x1", "x2", "y2"])
    }

    @Test func seesWhoWasFirst() throws {
        _ = try append("a")
        func conflicting(
            _ code: DeltaError.Code, _ message: String, _ mine: (inout Transaction) throws -> Void,
            _ other: (inout Transaction) throws -> Void
        ) throws {
            var (first, second) = (try table.transaction(), try table.transaction())
            try other(&first)
            try mine(&second)
            let version = try first.commit(now: Self.now).version
            #expect(
                throws: DeltaError(
                    code, "\(message) by version \(version), after version \(version - 1) was read",
                    place: table.folder,
                    hint: "nothing was committed; begin again with the newest version")
            ) { try second.commit(now: Self.now) }
            #expect(try table.snapshot().version == version)
        }
        try conflicting(
            .concurrentAppend, "rows were added to what is to be replaced",
            { try $0.overwrite(with: [], at: 1) }, { try $0.append([file("b")]) })
        try conflicting(
            .concurrentDelete, "a file that is to be removed was removed already",
            { try $0.overwritePartitions(with: [file("c")], at: 1) },
            { try $0.remove($0.base.files.filter { $0.path == "a" }, at: 1) })
        try conflicting(
            .concurrentChange, "the table's schema or properties were changed",
            { try $0.append([file("d")]) }, { try $0.addColumns([DeltaField("new", .double)]) })
        try conflicting(
            .concurrentTransaction, "the application \"app\" committed its batch 1",
            { $0.setApplication("app", version: 2) }, { $0.setApplication("app", version: 1) })
    }

    @Test func commitsABatchOnce() throws {
        let batch = AppTransaction(appID: "pipeline", version: 4)
        let files = [file("a")]
        #expect(try table.commit(files, of: batch, now: Self.now).isNew)
        #expect(
            try table.commit(files, of: batch, now: Self.now)
                == CommitResult(version: 1, isNew: false, checkpointFailure: nil))
        // Somebody who read the table before the batch was there.
        var (late, other) = (try table.transaction(), try table.transaction())
        late.setApplication("pipeline", version: 5)
        other.setApplication("pipeline", version: 5)
        try late.append([file("b")])
        try other.append([file("b")])
        #expect(try late.commit(now: Self.now).isNew)
        #expect(try other.commit(now: Self.now).isNew == false)
        #expect(try paths() == ["a", "b"])
        #expect(try table.snapshot().transactionVersion(of: "pipeline") == 5)
    }

    @Test func replacesByABatchOnce() throws {
        _ = try append("a")
        let batch = AppTransaction(appID: "gold", version: 1)
        let mode = WriteMode.overwritePartitions()
        let column = DeltaField("later", .date)
        for isNew in [true, false] {
            let result = try table.commit([file("b")], mode: mode, adding: [column], of: batch, now: Self.now)
            #expect(result.isNew == isNew)
        }
        #expect(try paths() == ["b"])
        #expect(try table.snapshot().schema.fields.map(\.name) == ["a", "p", "later"])
        let again = AppTransaction(appID: "gold", version: 2)
        _ = try table.commit([file("c")], mode: .overwrite, adding: [column], of: again, now: Self.now)
        #expect(try paths() == ["c"])
    }

    /// Texts that only look alike are different partitions.
    @Test func tellsPartitionsApartByTheirBytes() throws {
        let (composed, decomposed) = ("\u{E9}", "e\u{301}")
        var transaction = try table.transaction()
        try transaction.append([file("x", composed), file("y", decomposed)])
        _ = try transaction.commit(now: Self.now)
        transaction = try table.transaction()
        try transaction.overwritePartitions(with: [file("z", composed)], at: 1)
        _ = try transaction.commit(now: Self.now)
        #expect(try paths() == ["y", "z"])
    }

    @Test func keepsActionsForLater() throws {
        let made = file("p=%20/a.parquet", " é\"")
        let stored = Action.add(made).json.text()
        let read = try Action(json: try #require(JSON(text: stored)))
        #expect(read == .add(made))
    }

    @Test func addsColumns() throws {
        var transaction = try table.transaction()
        try transaction.addColumns([DeltaField("b", .date)])
        _ = try transaction.commit(now: Self.now)
        #expect(try table.snapshot().schema.fields.map(\.name) == ["a", "p", "b"])
        #expect(try table.snapshot().metadata.partitionColumns == ["p"])
        transaction = try table.transaction()
        for field in [
            DeltaField("B", .date), DeltaField("", .date), DeltaField("c", .date, isNullable: false),
            DeltaField("n", .timestampNtz),
        ] { #expect(throws: DeltaError.self, "\(field.name)") { try transaction.addColumns([field]) } }
    }

    @Test func refusesFilesOfOtherPartitions() throws {
        var transaction = try table.transaction()
        #expect(throws: DeltaError.self) {
            try transaction.append([AddFile(path: "a", partitionValues: [:], size: 1, modificationTime: 1)])
        }
    }

    @Test func honoursAppendOnly() throws {
        let table = try DeltaTable.create(
            "\(folder.directory)/log", schema: Self.schema, properties: ["delta.appendOnly": "true"], now: Self.now)
        var transaction = try table.transaction()
        try transaction.append([AddFile(path: "a", partitionValues: [:], size: 1, modificationTime: 1)])
        _ = try transaction.commit(now: Self.now)
        transaction = try table.transaction()
        #expect(
            throws: DeltaError(
                .appendOnly, "rows can't be removed from the table: its property delta.appendOnly is true",
                place: table.folder)
        ) { try transaction.overwrite(with: [], at: 1) }
    }

    static let unwritable: [(String, String, String)] = [
        (LogFixture.version(1, 8), "{}", "the table needs writer version 8, and 7 is the newest here"),
        (
            LogFixture.version(1, 3), #"{"delta.constraints.positive":"a > 0"}"#,
            "writing to the table needs the feature checkConstraints, which is not supported here"
        ),
        (
            LogFixture.version(2, 5), #"{"delta.columnMapping.mode":"name"}"#,
            "writing to the table needs the feature columnMapping, which is not supported here"
        ),
        (
            LogFixture.version(1, 7).replacingOccurrences(
                of: "}}", with: #","writerFeatures":["rowTracking","zeta"]}}"#),
            "{}", "writing to the table needs the features rowTracking, zeta, which are not supported here"
        ),
    ]

    @Test(arguments: unwritable) func refusesToWrite(_ version: String, _ properties: String, _ message: String) throws
    {
        let log = try LogFixture()
        try log.commit(0, [version, LogFixture.metadata(properties)])
        let table = try DeltaTable(log.table)
        _ = try table.snapshot()
        let found = #expect(throws: DeltaError.self) { try table.transaction() }
        #expect(found?.message == message)
        #expect(found?.code == .unsupportedFeature)
    }

    @Test(arguments: [
        (LogFixture.version(1, 6), LogFixture.metadata(), true),
        (
            LogFixture.version(),
            LogFixture.metadata(
                schema:
                    #"{"type":"struct","fields":[{"name":"a","type":"long","nullable":true,"metadata":{"delta.invariants":"{}"}}]}"#
            ),
            false
        ),
    ]) func looksAtWhatIsInUse(_ version: String, _ metadata: String, _ isWritable: Bool) throws {
        let log = try LogFixture()
        try log.commit(0, [version, metadata])
        #expect(((try? DeltaTable(log.table).transaction()) != nil) == isWritable)
    }

    @Test func writesTimesIntoCommitsWhereTheTableWantsThem() throws {
        let log = try LogFixture()
        try log.commit(
            0,
            [
                #"{"commitInfo":{"inCommitTimestamp":2000000000000000,"operation":"CREATE TABLE"}}"#,
                LogFixture.version(1, 7).replacingOccurrences(
                    of: "}}", with: #","writerFeatures":["inCommitTimestamp"]}}"#),
                LogFixture.metadata(#"{"delta.enableInCommitTimestamps":"true"}"#),
            ])
        let table = try DeltaTable(log.table)
        var transaction = try table.transaction()
        try transaction.append([AddFile(path: "a", partitionValues: [:], size: 1, modificationTime: 1)])
        _ = try transaction.commit(now: Self.now)
        // The clock is behind: the next millisecond after the version before.
        #expect(try table.snapshot().timestamp == 2_000_000_000_000_001)
    }

    @Test func neverGivesANumberAgain() throws {
        let transaction = try table.transaction()
        for path in ["a", "b", "c"] { _ = try append(path) }
        try FileManager.default.removeItem(atPath: LogListing.commitPath(1, table: table.folder))
        #expect(throws: DeltaError.self) { try transaction.commit(now: Self.now) }
        #expect(!FileManager.default.fileExists(atPath: LogListing.commitPath(1, table: table.folder)))
    }

    @Test func losesNothingInARace() async throws {
        let table = table
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    for number in 0..<25 {
                        var transaction = try table.transaction()
                        try transaction.append([
                            AddFile(
                                path: "\(writer)-\(number)", partitionValues: ["p": nil], size: 1, modificationTime: 1)
                        ])
                        _ = try transaction.commit(now: Self.now)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try Set(paths()).count == 100)
        #expect(try table.snapshot().version == 100)
    }
}
