import Foundation
import Tables
import TestSupport
import Testing

@testable import Delta

@Suite struct VacuumTests {
    private static let day: Int64 = 86_400_000
    /// Milliseconds.
    private static let now: Int64 = 1_700_000_000_000

    private func table() throws -> LogFixture {
        let log = try LogFixture()
        let old = Self.now - 30 * Self.day
        for (name, age) in [
            ("live.parquet", 30), ("old.parquet", 30), ("fresh-tombstone.parquet", 30), ("timeless.parquet", 30),
            ("orphan.parquet", 30), ("in-flight.parquet", 1), ("_p=1/part orphan.parquet", 30),
            ("_p=1/live é.parquet", 30),
            ("_delta_index/x.parquet", 30), ("sub/.hidden", 30), ("sub/orphan.parquet", 30),
            ("README.md", 30), ("sub/notes.txt", 30), ("sub/vector.bin", 30), ("_change_data/cdc.parquet", 30),
            ("sub/nested/_delta_log/00000000000000000000.json", 30), ("sub/nested/x.parquet", 30),
            ("sub/nested/p=1/x.parquet", 30),
            ("deletion_vector_00070e15-1c23-2a31-383f-464d545b6269.bin", 30),
            ("deletion_vector_10070e15-1c23-2a31-383f-464d545b6269.bin", 30),
        ] {
            try log.folder.file("12345", name)
            try log.folder.touch(name, milliseconds: Self.now - Int64(age) * Self.day)
        }
        let uuid: [UInt8] = (0..<16).map { $0 * 7 }
        let vector =
            #","deletionVector":{"storageType":"u","pathOrInlineDv":\#(JSON.string(Z85.encode(uuid)).text()),"offset":1,"sizeInBytes":1,"cardinality":1}"#
        try log.commit(
            0,
            [
                LogFixture.version(),
                LogFixture.metadata(
                    schema:
                        #"{"type":"struct","fields":[{"name":"_p","type":"integer","nullable":true,"metadata":{}},{"name":"a","type":"integer","nullable":true,"metadata":{}}]}"#,
                    partitions: #"["_p"]"#),
                LogFixture.add("./live.parquet", more: vector), LogFixture.add("_p=1/live%20%C3%A9.parquet"),
                LogFixture.remove("old.parquet", at: Int(old)),
                LogFixture.remove("fresh-tombstone.parquet", at: Int(Self.now - Self.day)),
                #"{"remove":{"path":"timeless.parquet","dataChange":true}}"#,
            ])
        return log
    }

    private static let expected = [
        "_p=1/part orphan.parquet", "deletion_vector_10070e15-1c23-2a31-383f-464d545b6269.bin", "old.parquet",
        "orphan.parquet", "sub/orphan.parquet",
    ]

    @Test func removesWhatNobodyNeeds() throws {
        let log = try table()
        let table = try DeltaTable(log.table)
        func files() throws -> Set<String> {
            Set(try FileManager.default.subpathsOfDirectory(atPath: log.table))
        }
        let before = try files()
        let rehearsal = try table.vacuum(isRehearsal: true, now: Self.now * 1_000)
        #expect(rehearsal == VacuumResult(files: Self.expected, byteCount: 25, isRehearsal: true))
        #expect(try files() == before)
        #expect(try table.vacuum(now: Self.now * 1_000).files == Self.expected)
        #expect(try before.subtracting(files()) == Set(Self.expected))
    }

    @Test func takesAShorterPeriodOnlyByForce() throws {
        let log = try table()
        let table = try DeltaTable(log.table)
        #expect(throws: DeltaError.self) { try table.vacuum(retention: 0, now: Self.now * 1_000) }
        let forced = try table.vacuum(retention: 0, isForced: true, isRehearsal: true, now: Self.now * 1_000)
        #expect(forced.files == (Self.expected + ["fresh-tombstone.parquet", "in-flight.parquet"]).sorted())
    }

    /// A writer may spell a path otherwise than its file is called: the only copy of the rows looks like nobody's.
    @Test(arguments: ["p=x%2Fy/a.parquet", "gone.parquet"]) func removesNothingWhereALiveFileIsMissing(_ path: String)
        throws
    {
        let log = try table()
        for name in ["p=x%2Fy/a.parquet", "orphan.parquet"] {
            try log.folder.file("12345", name)
            try log.folder.touch(name, milliseconds: Self.now - 30 * Self.day)
        }
        try log.commit(1, [LogFixture.add(path)])
        let table = try DeltaTable(log.table)
        for isRehearsal in [true, false] {
            let error = #expect(throws: DeltaError.self) {
                try table.vacuum(isRehearsal: isRehearsal, now: Self.now * 1_000)
            }
            #expect(
                error
                    == DeltaError(
                        .notFound, "a file of the newest version is not there, and nothing is removed",
                        place: "\(log.table)/\(DataPath.decoded(path))",
                        hint:
                            "one that looks like nobody's may be it, under a name that the log spells otherwise: restore it, "
                            + "or have its writer mend the log"))
        }
        #expect(FileManager.default.fileExists(atPath: "\(log.table)/orphan.parquet"))
    }

    /// What a killed rewriting left is nobody's; what a pipeline prepared may be published yet.
    @Test func removesWhatRewritingsLeft() throws {
        let log = try table()
        let names = [
            "optimize-k2-0", "_p=1/a-1-widened-k2-07", "optimize-0000000001-0", "a-widened-0000000001-0",
            "a-0000000001-0",
            "optimize-x-0000000001-0", "optimize-k2-x", "optimize-young-0",
        ].map { name in
            let parts = name.split(separator: "/")
            return (parts.dropLast() + [".part-00000-\(parts.last ?? "").parquet.tmp"]).joined(separator: "/")
        }
        for name in names {
            try log.folder.file("12345", name)
            try log.folder.touch(name, milliseconds: Self.now - (name.contains("young") ? 1 : 30) * Self.day)
        }
        #expect(
            try DeltaTable(log.table).vacuum(now: Self.now * 1_000).files == (Self.expected + names.prefix(2)).sorted())
    }

    @Test(
        arguments: [
            ("interval 1 week", Int64(604_800_000)), ("INTERVAL 2 days 3 hours", 183_600_000),
            ("30 minutes", 1_800_000),
            ("interval", nil), ("interval x days", nil), ("interval -1 days", nil), ("interval 1 month", nil),
        ] as [(String, Int64?)]) func readsPeriods(_ text: String, _ wanted: Int64?)
    {
        #expect(RetentionPeriod.milliseconds(text) == wanted)
    }
}
