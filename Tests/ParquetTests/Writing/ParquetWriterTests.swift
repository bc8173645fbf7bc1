import Files
import Foundation
import Tables
import TestSupport
import Testing

@testable import Parquet

@Suite struct ParquetWriterTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test(arguments: 0..<6) func batchesAndRowsGiveTheSameBytes(seed: Int) throws {
        let table = RandomTable(seed: UInt64(seed), rowCount: 2_500, isFlat: true)
        var options = ParquetWriterOptions.small()
        if seed == 5 { options.dictionaryByteLimit = 0 }
        let expected = try scratch.bytes(ofRows: table.rows, table.fields, options: options)
        var generator = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<3 {
            try scratch.write("batches", table.fields, options: options) { writer in
                var row = 0
                while row < table.rows.count {
                    let end = min(
                        table.rows.count,
                        row + Int.random(in: 1...generator.pick([1, 70, 900, 3_000]), using: &generator))
                    try writer.append(columns: table.columns(row..<end), rowCount: end - row)
                    row = end
                }
            }
            #expect(try scratch.bytes("batches") == expected)
        }
    }

    @Test func writesNestedColumnsOfBatches() throws {
        let fields: [SchemaNode] = [
            .field("l", .list(.int64)), .field("m", .map(key: .string, value: .float64)),
            .field(
                "s",
                .structure([Field("d", .date), Field("t", .timestamp), Field("x", .decimal(precision: 9, scale: 2))])),
        ]
        let rows: [ParquetValue] = [
            .structure([
                .init(name: "l", value: .list([.int64(1), .null])),
                .init(name: "m", value: .map([.init(key: .text("a"), value: .double(1.5))])),
                .init(
                    name: "s",
                    value: .structure([
                        .init(name: "d", value: .date(days: 1)),
                        .init(name: "t", value: .timestamp(ticks: 1_500_000, unit: .microseconds, isUTC: true)),
                        .init(name: "x", value: .decimal(unscaled: 150, scale: 2)),
                    ])),
            ]),
            .structure([.init(name: "l", value: .list([])), .init(name: "m", value: .map([]))]),
            .structure([]),
        ]
        let texts: [[String?]] = [
            ["[1, null]", "[]", nil], [#"{"a": 1.5}"#, "{}", nil],
            [#"{"d": "1970-01-02", "t": "1970-01-01T00:00:01.5Z", "x": 1.5}"#, nil, nil],
        ]
        let summary = try scratch.write("batch", fields) { writer in
            let columns = zip(fields, texts).map { _, texts in
                Column(type: .string, present: Bitmap(texts.map { $0 != nil }), values: .text(TextCells(texts)))
            }
            try writer.append(columns: columns, rowCount: 3)
        }
        #expect(try scratch.bytes("batch") == scratch.bytes(ofRows: rows, fields))
        #expect(
            summary.columns.map(\.leaf.dottedPath) == [
                "l.list.element", "m.key_value.key", "m.key_value.value", "s.d", "s.t", "s.x",
            ])
        #expect(summary.columns.map(\.nullCount) == [3, 2, 2, 2, 2, 2])
        #expect(summary.columns[4].greatest == .timestamp(ticks: 1_500_000, unit: .microseconds, isUTC: true))
    }

    @Test func sumsUpWhatItWrote() throws {
        let long = String(repeating: "z", count: 100)
        let values: [(Double?, String?)] = [(1.5, "b"), (nil, long), (.nan, "a"), (-0.0, nil)]
        let fields: [SchemaNode] = [.leaf("x", .double), .leaf("t", .string), .leaf("none", .int32)]
        var options = ParquetWriterOptions()
        options.rowGroupRowLimit = 2
        let summary = try scratch.write("a", fields, options: options) { writer in
            try writer.append(
                rows: values.map { number, text in
                    .structure([
                        .init(name: "x", value: number.map { .double($0) } ?? .null),
                        .init(name: "t", value: text.map { .text($0) } ?? .null),
                    ])
                })
        }
        #expect(summary.rowCount == 4 && summary.metadata.rowGroups.map(\.rowCount) == [2, 2])
        #expect(try summary.byteCount == Int64(scratch.bytes("a").count))
        #expect(summary.columns.map(\.nullCount) == [1, 1, 4])
        #expect(summary.columns.map(\.nanCount) == [1, 0, 0])
        #expect(summary.columns.map(\.least) == [.double(-0.0), .text("a"), nil])
        let cut = String(repeating: "z", count: 63) + "{"
        #expect(summary.columns.map(\.greatest) == [.double(1.5), .text(cut), nil])
        #expect(summary.columns.map(\.isGreatestExact) == [true, false, false])
    }

    @Test func writesAnEmptyFile() throws {
        let summary = try scratch.write("a", RandomTable(seed: 1, rowCount: 0).fields) { _ in }
        #expect(summary.rowCount == 0 && summary.metadata.rowGroups == [])
        let file = try ParquetFile(InputFile(path: scratch.path("a")))
        #expect(file.metadata == summary.metadata)
        #expect(try file.schema == ParquetSchema(writing: RandomTable(seed: 1, rowCount: 0).fields))
    }

    @Test func keepsRowGroupsWithinTheirBytes() throws {
        var options = ParquetWriterOptions()
        options.codec = .uncompressed
        options.rowGroupByteLimit = 1 << 20
        let summary = try scratch.write("a", [.leaf("t", .string)], options: options) { writer in
            for batch in 0..<50 {
                let texts = (0..<1_000).map { "\(batch) \($0) " + String(repeating: "x", count: 100) }
                let column = Column(
                    type: .string, present: Bitmap(repeating: true, count: 1_000), values: .text(TextCells(texts)))
                try writer.append(columns: [column], rowCount: 1_000)
            }
        }
        let sizes = summary.metadata.rowGroups.compactMap(\.compressedSize)
        #expect(sizes.count == 5 && sizes.allSatisfy { $0 < 1_200_000 })
    }

    @Test func makesNoDictionariesWhereItMayNot() throws {
        var options = ParquetWriterOptions()
        options.dictionaryByteLimit = 0
        let table = RandomTable(seed: 1, rowCount: 500)
        let summary = try scratch.write("a", table.fields, options: options) { try $0.append(rows: table.rows) }
        let offsets = summary.metadata.rowGroups[0].columns.compactMap { $0.metadata?.dictionaryPageOffset }
        #expect(offsets == [])
    }

    @Test func dropsDictionariesThatDoNotPay() throws {
        var options = ParquetWriterOptions.small(pageRows: 1_000, groupRows: 100_000)
        options.pageByteLimit = 1 << 20
        let summary = try scratch.write(
            "a", [.leaf("id", .int64), .leaf("few", .int64), .leaf("grows", .int64)], options: options
        ) { writer in
            let values: [[Int64]] = [(0..<5_000).map { $0 }, (0..<5_000).map { $0 % 7 }, (0..<5_000).map { $0 / 2 }]
            let columns = values.map {
                Column(type: .int64, present: Bitmap(repeating: true, count: 5_000), values: .int64($0))
            }
            try writer.append(columns: columns, rowCount: 5_000)
        }
        let chunks = summary.metadata.rowGroups[0].columns.compactMap(\.metadata)
        #expect(chunks.map { $0.dictionaryPageOffset != nil } == [false, true, true])
        let pages = chunks.map {
            ($0.encodingStatistics ?? []).map { "\($0.pageType.rawValue) \($0.encoding.name) \($0.count)" }
        }
        #expect(
            pages == [
                ["0 PLAIN 5"], ["2 PLAIN 1", "0 RLE_DICTIONARY 5"], ["2 PLAIN 1", "0 RLE_DICTIONARY 1", "0 PLAIN 4"],
            ])
    }
}

@Suite struct ParquetWriterErrorTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func error(_ field: SchemaNode, _ column: Column, options: ParquetWriterOptions = ParquetWriterOptions())
        -> String?
    {
        do {
            try scratch.write("a", [field], options: options) { writer in
                try writer.append(columns: [column], rowCount: column.count)
            }
            return nil
        } catch let error as OutputError {
            return error.summary.replacingOccurrences(of: scratch.directory + "/", with: "")
        } catch { return "\(error)" }
    }

    private func column(_ type: LogicalType, _ values: [Value]) -> Column { Column(type, values) }

    @Test func namesTheCellThatDoesNotFit() {
        #expect(
            error(.leaf("n", .int8), column(.int64, [.integer(127), .missing, .integer(128)]))
                == "a: column 'n', row 3: the value is none of the type that the file's schema has [unfit-value]")
        #expect(
            error(
                .leaf("n", .decimal(precision: 3, scale: 1)),
                column(.decimal(precision: 9, scale: 1), [.integer(99), .integer(100)]))
                == "a: column 'n', row 2: the value is none of the type that the file's schema has [unfit-value]")
        #expect(
            error(
                .leaf("n", .decimal(precision: 4, scale: 1)), column(.decimal(precision: 9, scale: 1), [.integer(100)]))
                == nil)
        #expect(
            error(.leaf("n", .int64, isNullable: false), column(.int64, [.integer(1), .missing]))
                == "a: column 'n', row 2: a value is missing where the file's schema requires one [missing-value]")
        #expect(
            error(.leaf("n", .string), column(.int64, [.integer(1)]))
                == "a: column 'n': the file's schema has no place for values of type int64 [wrong-type]")
        #expect(
            error(.field("n", .list(.int64)), column(.string, [.text("[1]"), .text("[\"x\"]")]))
                == "a: column 'n', row 2: the value is none of the type that the file's schema has [unfit-value]")
        #expect(error(.leaf("n", .float), column(.float64, [.float(0.1), .float(.infinity)])) == nil)
        #expect(
            error(.leaf("n", .float), column(.float64, [.float(0.1), .float(1e39)]))
                == "a: column 'n', row 2: the value is none of the type that the file's schema has [unfit-value]")
        #expect(scratch.names == ["a"])
    }

    @Test func asksWhatBecomesOfUncomparableCells() {
        let cells = column(.int64, [.integer(1), .text("free"), .missing])
        #expect(
            error(.leaf("n", .int64), cells)
                == "a: column 'n', row 2: the value is none of the column's type [uncomparable-value]")
        var options = ParquetWriterOptions()
        options.uncomparable = .missing
        #expect(error(.leaf("n", .int64), cells, options: options) == nil)
    }

    @Test func asksWhatBecomesOfTextsThatAreNone() throws {
        let cells = TextCells(bytesOf: [Array("käse".utf8), [0x61, 0xFF], [0x62]])
        let column = Column(type: .string, present: Bitmap(repeating: true, count: 3), values: .text(cells))
        #expect(error(.leaf("t", .string), column) == "a: column 't', row 2: the text is not UTF-8 [invalid-utf8]")
        #expect(error(.leaf("t", .binary), column) == nil)
        var options = ParquetWriterOptions()
        options.invalidText = .repair
        let summary = try scratch.write("b", [.leaf("t", .string)], options: options) {
            try $0.append(columns: [column], rowCount: 3)
        }
        #expect(summary.columns[0].least == .text("a\u{FFFD}") && summary.columns[0].greatest == .text("käse"))
    }

    @Test func isNoGoodAfterAnError() throws {
        let file = try OutputFile(path: scratch.path("a"))
        let writer = try ParquetWriter(to: file, schema: ParquetSchema(writing: [.leaf("n", .int8)]))
        let first = #expect(throws: OutputError.self) {
            try writer.append(rows: [.structure([.init(name: "x", value: .null)])])
        }
        #expect(first?.message == "row 1: the file's schema has no place for 'x'")
        let second = #expect(throws: OutputError.self) { _ = try writer.finish() }
        #expect(first == second)
    }

    @Test func refusesSchemasThatReadersCannotUse() throws {
        func refusal(_ fields: [SchemaNode]) throws -> String? {
            let schema = try ParquetSchema(writing: fields)
            let error = #expect(throws: OutputError.self) {
                _ = try ParquetWriter(to: OutputFile(path: scratch.path("a")), schema: schema)
            }
            return error?.code
        }
        #expect(try refusal([.leaf("a", .int8), .leaf("a", .int8)]) == "duplicate-column")
        #expect(try refusal([.structure("a", [])]) == "unsupported-type")
        #expect(try refusal([SchemaNode("a", .optional, .leaf(.int96, typeLength: 0))]) == "unsupported-type")
        #expect(scratch.names == [])
    }

    @Test func obeysTheOutput() throws {
        let file = try OutputFile(path: scratch.path("a"))
        let writer = try ParquetWriter(to: file, schema: ParquetSchema(writing: [.leaf("n", .int8)]))
        try writer.append(rows: [.structure([.init(name: "n", value: .int64(1))])])
        _ = try writer.finish()
        #expect(scratch.names.count == 1 && scratch.names.allSatisfy { $0.hasPrefix(".") })
        file.discard()
        #expect(scratch.names == [])
    }
}
