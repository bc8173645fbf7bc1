import Files
import Tables
import Testing

@testable import Parquet

@Suite("Parquet files as a table")
struct SourceTests {
    /// 100,000 rows of numbers that count, every seventh missing, in pages of 1,000 rows; texts from a dictionary.
    private static let large: HandmadeFile = {
        let rows = 100_000
        var numbers: [HandmadeFile.Page] = []
        var texts: [HandmadeFile.Page] = [
            .dictionary(count: 3, [1, 0, 0, 0, 0x61, 1, 0, 0, 0, 0x62, 1, 0, 0, 0, 0x63])
        ]
        for first in stride(from: 0, to: rows, by: 1_000) {
            let page = first..<(first + 1_000)
            var bits = [UInt8](repeating: 0, count: 125)
            var values: [UInt8] = []
            for row in page where row % 7 != 0 {
                bits[(row - first) / 8] |= 1 << UInt8((row - first) % 8)
                values += withUnsafeBytes(of: Int64(row).littleEndian) { Array($0) }
            }
            numbers.append(.first(count: 1_000, .plain, levels: HandmadeFile.levels([0xFB, 0x01] + bits), values))
            var codes: [UInt8] = [2, 0xFB, 0x01]
            for four in stride(from: first, to: first + 1_000, by: 4) {
                codes.append((0..<4).reduce(UInt8(0)) { $0 | UInt8((four + $1) % 3) << UInt8(2 * $1) })
            }
            texts.append(.first(count: 1_000, .rleDictionary, levels: [], codes))
        }
        return HandmadeFile(
            schema: [
                SchemaElement(name: "schema", childCount: 2),
                SchemaElement(type: .int64, repetition: .optional, name: "n"),
                SchemaElement(type: .byteArray, repetition: .required, name: "t", annotation: .string),
            ], rowCount: rows,
            chunks: [
                HandmadeFile.Chunk(codec: .snappy, valueCount: rows, pages: numbers),
                HandmadeFile.Chunk(codec: .zstd, valueCount: rows, pages: texts),
            ])
    }()

    private func check(_ batch: Batch) {
        let first = batch.ordinal * BatchPlan.usualRows
        for row in 0..<batch.rowCount {
            let number = batch.columns[0]?.value(at: row)
            let text = batch.columns[1]?.value(at: row)
            let wanted = Value.integer(Int128(first + row))
            if let number, number != ((first + row) % 7 == 0 ? .missing : wanted) {
                Issue.record("row \(row) of batch \(batch.ordinal) is \(number)")
                return
            }
            if let text, text != .text(["a", "b", "c"][(first + row) % 3]) {
                Issue.record("row \(row) of batch \(batch.ordinal) is \(text)")
                return
            }
        }
    }

    @Test(arguments: [1, 2, 3, 7]) func everyWorkerGetsItsRows(_ workers: Int) throws {
        let file = try TemporaryFile(Self.large.bytes)
        let source = try ParquetSource([file.path])
        let projection = Projection([0: .values, 1: .values])
        let batches = try BatchComparison.batches(of: source, projection, workers: workers)
        #expect(batches.map(\.ordinal) == [0, 1, 2, 3])
        #expect(batches.map(\.rowCount) == [32_768, 32_768, 32_768, 1_696])
        batches.forEach(check)
    }

    @Test(arguments: [[0], [3], [1, 2], [0, 3], [2, 9]]) func readsSomeBatchesAgain(_ ordinals: [Int]) throws {
        let file = try TemporaryFile(Self.large.bytes)
        let source = try ParquetSource([file.path])
        let batches = try BatchComparison.batches(
            of: source, Projection([0: .values, 1: .presence]), ordinals: Set(ordinals))
        #expect(batches.map(\.ordinal) == ordinals.filter { $0 < 4 })
        for batch in batches {
            check(Batch(ordinal: batch.ordinal, rowCount: batch.rowCount, columns: [batch.columns[0], nil]))
            #expect(batch.column(1).present.isFull)
        }
    }

    @Test func dictionariesStayVisible() throws {
        let file = try TemporaryFile(Self.large.bytes)
        let source = try ParquetSource([file.path])
        let batches = try BatchComparison.batches(of: source, Projection([1: .values]))
        let dictionary = try #require(batches[1].column(1).dictionary)
        #expect((0..<dictionary.entries.count).map { dictionary.entries.string(at: $0) } == ["a", "b", "c"])
        #expect(dictionary.codes[0] == UInt32(32_768 % 3))
    }

    @Test func columnsThatNobodyWantsAreNotRead() throws {
        var damaged = Self.large
        damaged.chunks[1].pages = [.first(count: 100_000, Encoding(rawValue: 99), levels: [], [0])]
        let file = try TemporaryFile(damaged.bytes)
        let source = try ParquetSource([file.path])
        let batches = try BatchComparison.batches(of: source, Projection([0: .values]))
        #expect(batches.count == 4)
        #expect(batches.allSatisfy { $0.columns[1] == nil })
        #expect(throws: SourceError.self) { try BatchComparison.batches(of: source, Projection([1: .values])) }
    }

    @Test func fallsBackFromTheDictionaryWithinABatch() throws {
        let element = SchemaElement(type: .byteArray, repetition: .optional, name: "t", annotation: .string)
        let levels = HandmadeFile.levels([0x03, 0b1011])
        let values = try ParquetFile.values(
            of: HandmadeFile(
                element, rowCount: 12,
                pages: [
                    .dictionary(count: 2, [1, 0, 0, 0, 0x61, 1, 0, 0, 0, 0x62]),
                    .first(count: 4, .rleDictionary, levels: levels, [1, 0x03, 0b101]),
                    .first(count: 4, .plain, levels: levels, [1, 0, 0, 0, 0x78, 0, 0, 0, 0, 1, 0, 0, 0, 0x7A]),
                    .first(count: 4, .rleDictionary, levels: levels, [1, 0x06, 1]),
                ]))
        let texts = ["b", "a", nil, "b", "x", "", nil, "z", "b", "b", nil, "b"]
        #expect(values == texts.map { $0.map { .text($0) } ?? .null })
    }

    @Test func aFileThatLacksAColumnHasNoValuesInIt() throws {
        let first = SchemaElement(type: .int32, repetition: .required, name: "a")
        let second = SchemaElement(type: .double, repetition: .required, name: "b")
        let one = try TemporaryFile(
            HandmadeFile(first, rowCount: 1, pages: [.first(count: 1, .plain, levels: [], [7, 0, 0, 0])]).bytes)
        let nan = [UInt8](repeating: 0, count: 6) + [0xF8, 0x7F]
        let two = try TemporaryFile(
            HandmadeFile(second, rowCount: 1, pages: [.first(count: 1, .plain, levels: [], nan)]).bytes)
        let source = try ParquetSource([one.path, two.path])
        #expect(source.schema == Schema([Field("a", .int64), Field("b", .float64)]))
        let batches = try BatchComparison.batches(of: source, Projection([0: .values, 1: .presence]))
        #expect(batches.map(\.partition) == [0, 1])
        #expect(batches.map { $0.column(0).value(at: 0) } == [.integer(7), .missing])
        // NaN is missing, whatever is asked of the column.
        #expect(batches.map { $0.column(1).present[0] } == [false, false])
    }

    /// A column that is of two types can't be read; those beside it can.
    @Test func refusesAColumnOfTwoTypesAlone() throws {
        func file(_ type: PhysicalType) throws -> TemporaryFile {
            try TemporaryFile(
                HandmadeFile(
                    schema: [
                        SchemaElement(name: "schema", childCount: 2),
                        SchemaElement(type: type, repetition: .optional, name: "a"),
                        SchemaElement(type: .int32, repetition: .required, name: "b"),
                    ], rowCount: 1,
                    chunks: [
                        HandmadeFile.Chunk(
                            valueCount: 1,
                            pages: [
                                .first(
                                    count: 1, .plain, levels: HandmadeFile.levels([2, 1]),
                                    [UInt8](repeating: 0, count: type == .int32 ? 4 : 8))
                            ]),
                        HandmadeFile.Chunk(
                            valueCount: 1, pages: [.first(count: 1, .plain, levels: [], [7, 0, 0, 0])]),
                    ]
                ).bytes)
        }
        let (one, two) = (try file(.int32), try file(.double))
        let source = try ParquetSource([one.path, two.path])
        #expect(source.refusal(ofColumn: 1) == nil)
        let batches = try BatchComparison.batches(of: source, Projection([1: .values]))
        #expect(batches.map { $0.column(1).value(at: 0) } == [.integer(7), .integer(7)])
        let error = #expect(throws: SourceError.self) {
            try BatchComparison.batches(of: source, Projection([0: .presence]))
        }
        #expect(error == source.refusal(ofColumn: 0))
        #expect(error?.code == "type-conflict")
        #expect(error?.message == "column 'a' is float64 here and int64 in an earlier file")
        #expect(error?.place == two.path)
    }

    @Test(arguments: [1, 3]) func refusesAChunkOfOtherThanItsRows(_ rows: Int) throws {
        let file = HandmadeFile(
            SchemaElement(type: .int32, repetition: .required, name: "n"), rowCount: rows, valueCount: 2,
            pages: [.first(count: 2, .plain, levels: [], [1, 0, 0, 0, 2, 0, 0, 0])])
        let message = "column 'n': it has 2 values in a row group of \(rows) rows"
        #expect(#expect(throws: SourceError.self) { try ParquetFile.values(of: file) }?.message == message)
        let temporary = try TemporaryFile(file.bytes)
        let source = try ParquetSource([temporary.path])
        let error = #expect(throws: SourceError.self) {
            try BatchComparison.batches(of: source, Projection([0: .values]))
        }
        #expect(error?.message == message)
    }

    @Test func aRunOfMissingValuesTakesNoMemory() throws {
        // 2³¹−1 rows in a page of six bytes: five for the run's length, one for its level.
        let rows = Int(Int32.max)
        let run: [UInt8] = [0xFE, 0xFF, 0xFF, 0xFF, 0x0F, 0]
        let file = try TemporaryFile(
            HandmadeFile(
                SchemaElement(type: .int64, repetition: .optional, name: "n"), rowCount: rows,
                pages: [.first(count: rows, .plain, levels: HandmadeFile.levels(run), [])]
            ).bytes)
        let source = try ParquetSource([file.path])
        let last = (rows - 1) / BatchPlan.usualRows
        let batches = try BatchComparison.batches(of: source, Projection([0: .values]), ordinals: [0, last])
        #expect(batches.map(\.ordinal) == [0, last])
        #expect(batches.allSatisfy { $0.column(0).present.isEmpty })
    }
}
