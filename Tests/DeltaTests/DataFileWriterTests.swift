import Files
import Foundation
import Tables
import TestSupport
import Testing

@testable import Delta

@Suite struct DataFileWriterTests {
    private static let now: Int64 = 1_700_000_000_000_000
    private static let schema = DeltaSchema([
        DeltaField("id", .long, isNullable: false), DeltaField("p q", .string), DeltaField("x", .double),
        DeltaField("t", .timestamp), DeltaField("s", .string),
    ])

    private func batch(_ rows: [[Value]]) -> Batch {
        Batch(
            ordinal: 0, rowCount: rows.count,
            columns: Self.schema.fields.enumerated().map { index, field in
                Column(field.type.logical, rows.map { $0[index] })
            })
    }

    private let folder: Scratch
    private let table: DeltaTable

    init() throws {
        folder = try Scratch()
        table = try DeltaTable.create(
            "\(folder.directory)/t", schema: Self.schema, partitionedBy: ["p q"], now: Self.now)
    }

    private static let rows: [[Value]] = [
        [.integer(1), .text("a/b"), .float(1.5), .timestamp(microseconds: 1_500), .text("é")],
        [.integer(2), .missing, .missing, .missing, .missing],
        [
            .integer(-3), .text("a/b"), .float(-2), .timestamp(microseconds: 999),
            .text(String(repeating: "z", count: 40)),
        ],
    ]

    private func write(_ stem: String = "batch-1") throws -> [DataFile] {
        let writer = try DataFileWriter(
            table: table, schema: Self.schema, partitionedBy: ["p q"], stem: stem, time: 77)
        try writer.append(batch(Self.rows))
        return try writer.finish()
    }

    private func names() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: table.folder)
            .filter { $0.contains("part-") }.sorted()
    }

    @Test func writesAFileAPartition() throws {
        let files = try write()
        #expect(
            files.map(\.add.path) == [
                "p%2520q=__HIVE_DEFAULT_PARTITION__/part-00001-batch-1.parquet",
                "p%2520q=a%252Fb/part-00000-batch-1.parquet",
            ])
        #expect(files.map { $0.add.partitionValues["p q"] } == [.some(nil), "a/b"])
        #expect(files.allSatisfy { $0.add.modificationTime == 77 && $0.add.size > 0 })
        #expect(
            try names() == [
                "p%20q=__HIVE_DEFAULT_PARTITION__/.part-00001-batch-1.parquet.tmp",
                "p%20q=a%2Fb/.part-00000-batch-1.parquet.tmp",
            ])
        for file in files { try file.publish() }
        for file in files { try file.publish() }
        #expect(
            try names() == [
                "p%20q=__HIVE_DEFAULT_PARTITION__/part-00001-batch-1.parquet", "p%20q=a%2Fb/part-00000-batch-1.parquet",
            ])
        for file in files {
            #expect(try FileManager.default.fileExists(atPath: DataPath.resolve(file.add.path, table: table.folder)))
        }
    }

    @Test func tellsOfItsValues() throws {
        let stats = try #require(try write().last?.add.stats.flatMap { JSON(text: $0) })
        #expect(stats["numRecords"] == .integer(2))
        #expect(stats["minValues"]?["id"] == .integer(-3))
        #expect(stats["maxValues"]?["id"] == .integer(1))
        #expect(stats["minValues"]?["t"] == .string("1970-01-01T00:00:00.000Z"))
        #expect(stats["maxValues"]?["t"] == .string("1970-01-01T00:00:00.002Z"))
        #expect(stats["minValues"]?["s"] == .string(String(repeating: "z", count: 32)))
        #expect(stats["maxValues"]?["s"] == .string("é"))
        #expect(stats["nullCount"]?["s"] == .integer(0))
        #expect(stats["nullCount"]?["p q"] == nil)
    }

    /// Bounds that can't be raised, have no number in JSON, or are of a type of two values.
    @Test func tellsOfExtremes() throws {
        let last: Int64 = 253_402_300_799_999_999
        let whole = String(repeating: "\u{10FFFF}", count: 40)
        let cases: [(DeltaType, Value, JSON, JSON)] = [
            (.boolean, .boolean(true), .boolean(true), .boolean(true)),
            (.double, .float(.infinity), .string("Infinity"), .string("Infinity")),
            (.float, .float(-.infinity), .string("-Infinity"), .string("-Infinity")),
            (
                .timestamp, .timestamp(microseconds: last), .string("9999-12-31T23:59:59.999Z"),
                .string("9999-12-31T23:59:59.999999Z")
            ),
            (
                .timestampNtz, .timestamp(microseconds: last), .string("9999-12-31T23:59:59.999"),
                .string("9999-12-31T23:59:59.999999")
            ),
            // The file's own bounds have 64 bytes.
            (.string, .text(whole), .string(String(repeating: "\u{10FFFF}", count: 16)), .string(whole)),
        ]
        let schema = DeltaSchema(cases.enumerated().map { DeltaField("c\($0.offset)", $0.element.0) })
        let table = try DeltaTable.create("\(folder.directory)/e", schema: schema, now: Self.now)
        let writer = try DataFileWriter(table: table, schema: schema, partitionedBy: [], stem: "b", time: 1)
        try writer.append(WrittenTable.batch([cases.map(\.1)], schema))
        let stats = try #require(try writer.finish().first?.add.stats.flatMap { JSON(text: $0) })
        for (index, (type, _, least, greatest)) in cases.enumerated() {
            #expect(stats["minValues"]?["c\(index)"] == least, "\(type)")
            #expect(stats["maxValues"]?["c\(index)"] == greatest, "\(type)")
        }
    }

    /// The least and the greatest value that a column of each type can have.
    private static let extremes: [(DeltaType, Value, Value, JSON?, JSON?)] = [
        (.byte, .integer(-128), .integer(127), .integer(-128), .integer(127)),
        (.short, .integer(-32_768), .integer(32_767), .integer(-32_768), .integer(32_767)),
        (
            .integer, .integer(Int128(Int32.min)), .integer(Int128(Int32.max)), .integer(Int64(Int32.min)),
            .integer(Int64(Int32.max))
        ),
        (.long, .integer(Int128(Int64.min)), .integer(Int128(Int64.max)), .integer(Int64.min), .integer(Int64.max)),
        (
            .float, .float(Double(-Float.greatestFiniteMagnitude)), .float(Double(Float.greatestFiniteMagnitude)),
            .number("-3.4028235e+38"), .number("3.4028235e+38")
        ),
        (
            .double, .float(-.greatestFiniteMagnitude), .float(.greatestFiniteMagnitude),
            .number("-1.7976931348623157e+308"), .number("1.7976931348623157e+308")
        ),
        (
            .decimal(precision: 38, scale: 0), .decimal(DecimalNumber(unscaled: -greatest, scale: 0)),
            .decimal(DecimalNumber(unscaled: greatest, scale: 0)), .number("-\(greatest)"), .number("\(greatest)")
        ),
        (.boolean, .boolean(false), .boolean(true), .boolean(false), .boolean(true)),
        (
            .string, .text(""), .text(String(repeating: "\u{10FFFF}", count: 3)), .string(""),
            .string(String(repeating: "\u{10FFFF}", count: 3))
        ),
        (.date, .date(days: Int(Int32.min)), .date(days: Int(Int32.max)), nil, nil),
        (.timestamp, .timestamp(microseconds: .min), .timestamp(microseconds: .max), nil, nil),
        (.timestampNtz, .timestamp(microseconds: .min + 807), .timestamp(microseconds: .max - 807), nil, nil),
        (.timestamp, .timestamp(microseconds: .min + 808), .timestamp(microseconds: .max - 808), nil, nil),
    ]
    private static let greatest = DecimalNumber.powerOfTen(38) - 1

    @Test(arguments: extremes) func writesAllThatATypeHas(
        _ type: DeltaType, _ least: Value, _ greatest: Value, _ low: JSON?, _ high: JSON?
    ) throws {
        let schema = DeltaSchema([DeltaField("c", type)])
        let table = try DeltaTable.create("\(folder.directory)/x", schema: schema, now: Self.now)
        let writer = try DataFileWriter(table: table, schema: schema, partitionedBy: [], stem: "b", time: 1)
        try writer.append(WrittenTable.batch([[greatest], [least]], schema))
        let stats = try #require(try writer.finish().first?.add.stats.flatMap { JSON(text: $0) })
        #expect(stats["minValues"]?["c"] == low)
        #expect(stats["maxValues"]?["c"] == high)
    }

    /// Of values that readers would not read again, a table is not told.
    @Test func refusesPartitionsThatNobodyReads() throws {
        let schema = DeltaSchema([DeltaField("id", .long), DeltaField("c", .date), DeltaField("n", .byte)])
        let folder = "\(folder.directory)/r"
        let table = try DeltaTable.create(folder, schema: schema, partitionedBy: ["c", "n"], now: Self.now)
        let wide = DeltaSchema([DeltaField("id", .long), DeltaField("c", .date), DeltaField("n", .long)])
        let cases: [(Value, Value, String)] = [
            (
                .date(days: 2_932_897), .integer(1),
                "the value \"+10000-01-01\" of the partition column \"c\" would be no date to readers"
            ),
            (
                .date(days: 0), .integer(128),
                "the value \"128\" of the partition column \"n\" would be no byte to readers"
            ),
        ]
        for (day, number, message) in cases {
            let writer = try DataFileWriter(
                table.snapshot(), schema: wide, partitionedBy: ["c", "n"], stem: "b", time: 1)
            let error = #expect(throws: DeltaError.self) {
                try writer.append(WrittenTable.batch([[.integer(1), day, number]], wide))
            }
            #expect(error?.summary == "\(folder): \(message) [schema-mismatch]")
        }
    }

    @Test func writesPartitionsOfLongValues() throws {
        let long = String(repeating: "é/", count: 200)
        let writer = try DataFileWriter(
            table: table, schema: Self.schema, partitionedBy: ["p q"], stem: "long", time: 77)
        try writer.append(batch([[.integer(1), .text(long), .missing, .missing, .missing]]))
        let file = try #require(try writer.finish().first)
        try file.publish()
        #expect(file.add.partitionValues == ["p q": long])
        #expect(try FileManager.default.fileExists(atPath: DataPath.resolve(file.add.path, table: table.folder)))
        #expect(Leftovers.sweepDataFiles(of: table.folder) { $0 == "long" } == 0)
    }

    @Test func writesTheSameAgain() throws {
        let first = try write()
        let bytes = try first.map { try Data(contentsOf: URL(fileURLWithPath: $0.file.temporaryPath)) }
        #expect(try write() == first)
        #expect(try first.map { try Data(contentsOf: URL(fileURLWithPath: $0.file.temporaryPath)) } == bytes)
    }

    @Test func survivesStorage() throws {
        for file in try write() {
            let stored = file.json.text()
            #expect(try DataFile(json: #require(JSON(text: stored))) == file)
        }
    }

    @Test func leavesNothingBehindWhenItFails() throws {
        let writer = try DataFileWriter(
            table: table, schema: Self.schema, partitionedBy: ["p q"], stem: "b", time: 1)
        try writer.append(batch(Self.rows))
        let error = #expect(throws: DeltaError.self) {
            try writer.append(batch([[.missing, .text("c"), .missing, .missing, .missing]]))
        }
        #expect(error?.code == .schemaMismatch)
        #expect(throws: DeltaError.self) {
            try DataFileWriter(table: table, schema: Self.schema, partitionedBy: [], stem: "../x", time: 1)
        }
    }

    @Test func writesIntegersWithoutASign() throws {
        let logical = Schema([Field("u", .uint64), Field("x", .int64)])
        let schema = try DeltaSchema(logical)
        #expect(schema.fields[0].type == .decimal(precision: 20, scale: 0))
        let table = try DeltaTable.create("\(folder.directory)/u", schema: schema, now: Self.now)
        let writer = try DataFileWriter(table: table, schema: schema, partitionedBy: [], stem: "b", time: 1)
        let values: [Value] = [.integer(Int128(UInt64.max)), .missing]
        try writer.append(
            Batch(ordinal: 0, rowCount: 2, columns: [Column(.uint64, values), Column(missing: .int64, count: 2)]))
        let files = try writer.finish()
        for file in files { try file.publish() }
        _ = try table.commit(files.map(\.add), of: AppTransaction(appID: "a", version: 1), now: Self.now)
        #expect(try ReadRows(table.snapshot()).rows.map { $0[0] } == ["18446744073709551615", nil])
        #expect(throws: DeltaError.self) { try DeltaSchema(Schema([Field("t", .time)])) }
    }

    @Test func keepsTextsApartThatLookAlike() throws {
        let writer = try DataFileWriter(
            table: table, schema: Self.schema, partitionedBy: ["p q"], stem: "b", time: 1)
        try writer.append(
            batch(["\u{E9}", "e\u{301}"].map { [.integer(1), .text($0), .missing, .missing, .missing] }))
        #expect(try writer.finish().count == 2)
    }

    private func interleaved(_ count: Int, _ rounds: Int, _ limits: DataFileWriter.Limits) throws -> [DataFile] {
        let writer = try DataFileWriter(
            table: table, schema: Self.schema, partitionedBy: ["p q"], stem: "many", time: 1, limits: limits)
        for round in 0..<rounds {
            try writer.append(
                batch((0..<count).map { [.integer(Int128(round)), .text("p\($0)"), .missing, .missing, .missing] }))
        }
        return try writer.finish()
    }

    /// As many files as partitions, though few are open at once.
    @Test func writesAFileForEachOfManyPartitions() throws {
        let few = DataFileWriter.Limits(descriptors: 3)
        let files = try interleaved(100, 4, few)
        #expect(files.count == 100)
        #expect(files.allSatisfy { $0.add.numRecords == 4 })
        for file in files { try file.publish() }
        _ = try table.commit(files.map(\.add), of: AppTransaction(appID: "a", version: 1), now: Self.now)
        let rows = try ReadRows(table.snapshot()).rows
        #expect(rows.count == 400)
        #expect(Set(rows.map { $0[1] ?? "" }).count == 100)
        #expect(try interleaved(100, 4, DataFileWriter.Limits()) == files)
    }

    /// Memory is bounded by ending row groups, not files.
    @Test func endsRowGroupsToSaveMemory() throws {
        let files = try interleaved(10, 5, DataFileWriter.Limits(descriptors: 2, heldBytes: 1))
        #expect(files.count == 10)
        #expect(files.allSatisfy { $0.add.numRecords == 5 })
        for file in files { try file.publish() }
        _ = try table.commit(files.map(\.add), of: AppTransaction(appID: "a", version: 1), now: Self.now)
        #expect(try ReadRows(table.snapshot()).rows.count == 50)
    }

    @Test func endsTheLargestFileOfTooMany() throws {
        let files = try interleaved(5, 3, DataFileWriter.Limits(partitions: 4))
        #expect(files.reduce(0) { $0 + ($1.add.numRecords ?? 0) } == 15)
        #expect(Set(files.map(\.add.path)).count == files.count)
    }

    static let indexed: [([String: String], Set<String>)] = [
        ([:], ["id", "x", "t", "s"]), (["delta.dataSkippingNumIndexedCols": "2"], ["id", "x"]),
        (["delta.dataSkippingNumIndexedCols": "0"], []),
        (["delta.dataSkippingNumIndexedCols": "-1"], ["id", "x", "t", "s"]),
        (["delta.dataSkippingStatsColumns": "S, `x`", "delta.dataSkippingNumIndexedCols": "0"], ["s", "x"]),
    ]

    /// The properties are the table's, whoever writes.
    @Test(arguments: indexed) func tellsOfTheColumnsThatTheTableNames(
        _ properties: [String: String], _ names: Set<String>
    ) throws {
        let table = try DeltaTable.create(
            "\(folder.directory)/i", schema: Self.schema, partitionedBy: ["p q"], properties: properties, now: Self.now)
        let writer = try DataFileWriter(
            table: table, schema: Self.schema, partitionedBy: ["p q"], stem: "b", time: 1)
        try writer.append(batch(Self.rows))
        let stats = try #require(try writer.finish().last?.add.stats.flatMap { JSON(text: $0) })
        #expect(stats["numRecords"] == .integer(2))
        #expect(Set(stats["nullCount"]?.members?.map(\.name) ?? []) == names)
    }

    @Test func readsQuotedNamesOfColumns() {
        let fields = ["a,b", "c`d", "e"].map { DeltaField($0, .long) }
        let indexed = IndexedColumns(["delta.dataSkippingStatsColumns": "`a,b`, `c``d`"], fields: fields)
        #expect(fields.map { indexed.contains($0.name) } == [true, true, false])
    }

    @Test func namesPartitionColumnsInJSON() throws {
        let schema = DeltaSchema([DeltaField("a\"b", .long), DeltaField("c", .long)])
        let table = try DeltaTable.create(
            "\(folder.directory)/q", schema: schema, partitionedBy: ["a\"b"], now: Self.now)
        let text = try String(contentsOfFile: LogListing.commitPath(0, table: table.folder), encoding: .utf8)
        let info = text.split(separator: "\n").compactMap { JSON(text: String($0))?["commitInfo"] }.first
        let parameter = info?["operationParameters"]?["partitionBy"]?.string
        #expect(parameter.flatMap { JSON(text: $0) } == .array([.string("a\"b")]))
    }
}
