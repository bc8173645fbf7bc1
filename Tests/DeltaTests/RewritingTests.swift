import Files
import Parquet
import Tables
import TestSupport
import Testing

@testable import Delta

/// Rows whose files are put together stay what they were to the last byte, whatever judges would make of them.
@Suite struct RewritingTests {
    private let folder: Scratch
    private var path: String { folder.directory + "/t" }

    init() throws { folder = try Scratch() }

    /// A table of files that were written for another schema perhaps, each with its partition's values.
    private func table(
        _ schema: DeltaSchema, written: DeltaSchema? = nil, partitionedBy columns: [String] = [],
        _ files: [(partition: [String: String?], columns: [Column])]
    ) throws -> DeltaTable {
        let table = try DeltaTable.create(path, schema: schema, partitionedBy: columns, now: WrittenTable.now)
        var options = ParquetWriterOptions()
        options.invalidText = .keep
        let stored = written ?? DeltaSchema(schema.fields.filter { !columns.contains($0.name) })
        var transaction = try table.transaction()
        for (number, file) in files.enumerated() {
            let writer = try DataFileWriter(
                table: table, schema: stored, partitionedBy: [], stem: "x\(number)", time: Int64(number),
                options: options)
            try writer.append(Batch(ordinal: 0, rowCount: file.columns[0].count, columns: file.columns))
            let made = try #require(writer.finish().first)
            try made.publish()
            try transaction.append([
                AddFile(
                    path: made.add.path, partitionValues: file.partition, size: made.add.size,
                    modificationTime: Int64(number), stats: made.add.stats)
            ])
        }
        _ = try transaction.commit(now: WrittenTable.now)
        return table
    }

    /// The exact values of the newest version's data files, in order.
    private func values(_ table: DeltaTable) throws -> [[String]] {
        var rows: [[String]] = []
        for file in try table.snapshot().files {
            let path = try DataPath.resolve(file.path, table: table.folder)
            let reader = try ParquetFile(InputFile(path: path, packing: Compression.none)).rows()
            while case let next = try reader.next(), !next.isEmpty { rows += next.map { $0.map(\.asText) } }
        }
        return rows
    }

    private func optimize(_ table: DeltaTable) throws -> OptimizeResult { try table.optimize(now: WrittenTable.now) }

    private static func floats(_ numbers: [Double]) -> Column {
        Column(type: .float64, present: Bitmap(repeating: true, count: numbers.count), values: .float64(numbers))
    }

    private static func texts(_ cells: [[UInt8]]) -> Column {
        var starts: [UInt32] = []
        var bytes: [UInt8] = []
        for cell in cells {
            starts.append(UInt32(bytes.count))
            bytes += cell
        }
        return Column(
            type: .string, present: Bitmap(repeating: true, count: cells.count),
            values: .text(TextCells(bytes: bytes, starts: starts, lengths: cells.map { UInt32($0.count) })))
    }

    /// Batches have the values inside of nested columns as columns of their own.
    @Test func keepsColumnsBehindNestedOnes() throws {
        let schema = DeltaSchema([
            DeltaField("s", .structure([DeltaField("a", .string), DeltaField("b", .long)])), DeltaField("z", .string),
            DeltaField("n", .long),
        ])
        let table = try table(
            schema,
            (0..<2).map { number in
                (
                    [:],
                    [
                        Column(.string, [.text(#"{"a":"inner \#(number)","b":\#(number)}"#)]),
                        Column(.string, [.text("z \(number)")]), Column(.int64, [.integer(Int128(number + 7))]),
                    ]
                )
            })
        let before = try values(table)
        #expect(before == [[#"{"a":"inner 0","b":0}"#, "z 0", "7"], [#"{"a":"inner 1","b":1}"#, "z 1", "8"]])
        #expect(try optimize(table).addedFiles == 1)
        #expect(try values(table) == before)
    }

    @Test(arguments: [DeltaType.float, .double], [true, false])
    func keepsNaN(_ type: DeltaType, _ isNullable: Bool) throws {
        let schema = DeltaSchema([DeltaField("v", type, isNullable: isNullable)])
        let numbers = [1.5, .nan, -0.0, .infinity]
        let table = try table(schema, [([:], [Self.floats(numbers)]), ([:], [Self.floats(numbers)])])
        let once = [["1.5"], ["NaN"], ["-0.0"], ["inf"]]
        #expect(try values(table) == once + once)
        #expect(try optimize(table).addedFiles == 1)
        #expect(try values(table) == once + once)
        // Where rows are judged, NaN is a missing value still.
        #expect(try ReadRows(table.snapshot()).rows[1] == [nil])
    }

    /// Texts of partitions are not read and written again: some stand for the same value, and some for none.
    @Test func keepsPartitionsAsTheLogHasThem() throws {
        let schema = DeltaSchema([DeltaField("p", .double), DeltaField("n", .long)])
        let texts: [String?] = ["NaN", nil, "1.50", "1.5", "-0.0", "1e300", ""]
        let table = try table(
            schema, partitionedBy: ["p"],
            (texts + texts).map { text in
                (["p": text], [Column(.int64, [.integer(Int128(text?.utf8.count ?? -1))])])
            })
        #expect(try optimize(table).addedFiles == texts.count)
        let files = try table.snapshot().files
        #expect(Set(files.map(\.partitionValues)) == Set(texts.map { ["p": $0] }))
        #expect(files.allSatisfy { $0.numRecords == 2 })
    }

    @Test func keepsTextsThatAreNoUTF8() throws {
        let schema = DeltaSchema([DeltaField("s", .string)])
        let cells: [[UInt8]] = [[0x61], [0xFF, 0x62], []]
        let table = try table(schema, [([:], [Self.texts(cells)]), ([:], [Self.texts(cells)])])
        #expect(try values(table) == [["a"], ["ff62"], [""], ["a"], ["ff62"], [""]])
        #expect(try optimize(table).addedFiles == 1)
        #expect(try values(table) == [["a"], ["ff62"], [""], ["a"], ["ff62"], [""]])
    }

    /// A number of 64 bits that its column has no place for is not rounded: what lies before its file and behind it is put together
    /// all the same, and so are other partitions.
    @Test func leavesFilesWithValuesThatDoNotFit() throws {
        let schema = DeltaSchema([DeltaField("p", .string), DeltaField("v", .float)])
        func file(_ partition: String, _ numbers: [Double]) -> (partition: [String: String?], columns: [Column]) {
            (["p": partition], [Self.floats(numbers)])
        }
        let table = try table(
            schema, written: DeltaSchema([DeltaField("v", .double)]), partitionedBy: ["p"],
            [
                file("a", [1]), file("a", [2]), file("a", [0.5, 0.1]), file("a", [3]), file("a", [4]), file("b", [0.5]),
                file("b", [.nan]),
            ])
        let before = try values(table)
        let name = try table.snapshot().files[2].path
        let result = try optimize(table)
        #expect((result.removedFiles, result.addedFiles, result.version) == (6, 3, 2))
        let failures = [
            DeltaError(
                .schemaMismatch,
                "the file \(name) was left as it is: column 'v', row 2: the value is none of the type that the file's schema has",
                place: path)
        ]
        #expect(result.failures == failures)
        #expect(try values(table) == before)
        #expect(before == [["1.0"], ["2.0"], ["0.5"], ["0.1"], ["3.0"], ["4.0"], ["0.5"], ["NaN"]])
        // There is nothing else to be done, and nothing is committed.
        let again = try optimize(table)
        #expect((again.version, again.failures) == (nil, failures))
        #expect(try table.snapshot().version == 2)
    }

    @Test func makesFilesAsLargeAsTheyAreWanted() throws {
        let version = try DeltaTable.create(path, schema: DeltaSchema([DeltaField("n", .long)]), now: 1).snapshot()
        func limit(_ bytes: Int64) throws -> Int64 {
            try DataFileWriter(moving: version, as: version.schema, of: [:], stem: "x", time: 0, fileBytes: bytes)
                .limits.fileBytes
        }
        #expect(try limit(1 << 20) == 512 << 20)
        #expect(try limit(2 << 30) == 2 << 30)
    }

    /// Nested values become JSON on the way, which has no spelling for such bytes.
    @Test func leavesNestedTextsThatAreNoUTF8() throws {
        let table = try table(DeltaSchema([DeltaField("l", .structure([DeltaField("x", .string)]))]), [])
        var options = ParquetWriterOptions()
        options.invalidText = .keep
        let rows = ([[0x61], [0xFF]] as [[UInt8]]).map { bytes in
            let inner = ParquetValue.structure([.init(name: "x", value: .binary(bytes))])
            return ParquetValue.structure([.init(name: "l", value: inner)])
        }
        let file = (schema: [SchemaNode.structure("l", [.leaf("x", .string)])], rows: rows)
        try table.append([file, file], options: options)
        let result = try optimize(table)
        #expect(result.version == nil)
        #expect(
            result.failures.map(\.message) == [
                "the file f0.parquet was left as it is: column 'l', row 2: the value is none of the column's type"
            ])
    }
}
