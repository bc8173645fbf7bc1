import Tables
import Testing

@testable import Parquet

/// Values that are stored and are none of their column's type: uncomparable, with their text, never judged as something else.
@Suite struct UnfitValuesTests {
    /// A case: a schema element, the stored values, and for each whether it is one of the type.
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let element: SchemaElement
        let values: [[UInt8]]
        let fits: [Bool]
    }

    private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    private static func time(_ unit: TimeUnit, _ type: PhysicalType) -> SchemaElement {
        SchemaElement(type: type, repetition: .required, name: "v", annotation: .time(unit, isUTC: true))
    }

    private static func decimal(_ precision: Int, _ type: PhysicalType, length: Int32? = nil) -> SchemaElement {
        var element = SchemaElement(
            type: type, repetition: .required, name: "v", annotation: .decimal(precision: precision, scale: 1))
        element.typeLength = length
        return element
    }

    private static let day: Int64 = 86_400_000_000

    static let cases: [Case] = [
        Case(
            testDescription: "milliseconds of a day", element: time(.milliseconds, .int32),
            values: ([0, 86_399_999, 86_400_000, -1, .max] as [Int32]).map { bytes($0) },
            fits: [true, true, false, false, false]),
        Case(
            testDescription: "microseconds of a day", element: time(.microseconds, .int64),
            values: ([0, day - 1, day, -1, .min] as [Int64]).map { bytes($0) }, fits: [true, true, false, false, false]),
        Case(
            testDescription: "nanoseconds of a day", element: time(.nanoseconds, .int64),
            values: ([0, day * 1_000 - 1, day * 1_000, -1, .max] as [Int64]).map { bytes($0) },
            fits: [true, true, false, false, false]),
        Case(
            testDescription: "three digits in 32 bits", element: decimal(3, .int32),
            values: ([999, -999, 1_000, -1_000, .min] as [Int32]).map { bytes($0) },
            fits: [true, true, false, false, false]),
        Case(
            testDescription: "nine digits in 32 bits", element: decimal(9, .int32),
            values: ([999_999_999, -999_999_999, 1_000_000_000] as [Int32]).map { bytes($0) },
            fits: [true, true, false]),
        Case(
            testDescription: "ten digits, more than 32 bits have", element: decimal(10, .int32),
            values: [Int32.max, .min].map { bytes($0) }, fits: [true, true]),
        Case(
            testDescription: "18 digits in 64 bits", element: decimal(18, .int64),
            values: ([999_999_999_999_999_999, -999_999_999_999_999_999, 1_000_000_000_000_000_000, .min] as [Int64])
                .map { bytes($0) }, fits: [true, true, false, false]),
        Case(
            testDescription: "19 digits in 64 bits", element: decimal(19, .int64),
            values: [Int64.max, .min].map { bytes($0) }, fits: [true, true]),
        Case(
            testDescription: "three digits in bytes", element: decimal(3, .fixedLengthByteArray, length: 2),
            values: [[3, 0xE7], [0xFC, 0x19], [3, 0xE8], [0x7F, 0xFF]], fits: [true, true, false, false]),
        Case(
            testDescription: "20 digits in bytes", element: decimal(20, .fixedLengthByteArray, length: 9),
            values: [
                [0x05, 0x6B, 0xC7, 0x5E, 0x2D, 0x63, 0x0F, 0xFF, 0xFF],
                [0x05, 0x6B, 0xC7, 0x5E, 0x2D, 0x63, 0x10, 0, 0],
            ],
            fits: [true, false]),
        Case(
            testDescription: "text", element: text,
            values: ["a", "é", "", "\u{10FFFF}"].map { counted(Array($0.utf8)) }
                + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80]].map { counted($0) },
            fits: [true, true, true, true, false, false, false, false]),
    ]

    private static let text = SchemaElement(
        type: .byteArray, repetition: .required, name: "v", annotation: .string)

    private static func counted(_ value: [UInt8]) -> [UInt8] { bytes(UInt32(value.count)) + value }

    private func column(_ file: HandmadeFile, _ need: ColumnNeed = .values) throws -> Column {
        let temporary = try TemporaryFile(file.bytes)
        let batches = try BatchComparison.batches(of: ParquetSource([temporary.path]), Projection([0: need]))
        return try #require(batches.first).column(0)
    }

    @Test(arguments: cases) func areUncomparable(_ test: Case) throws {
        let count = test.values.count
        let plain = HandmadeFile(
            test.element, rowCount: count,
            pages: [.first(count: count, .plain, levels: [], test.values.joined().map { $0 })])
        // The same values out of a dictionary, by codes of four bits.
        let codes = stride(from: 0, to: 8, by: 2).map { UInt8($0 | ($0 + 1) << 4) }
        let coded = HandmadeFile(
            test.element, rowCount: count,
            pages: [
                .dictionary(count: count, test.values.joined().map { $0 }),
                .first(count: count, .rleDictionary, levels: [], [4, 3] + codes),
            ])
        for file in [plain, coded] {
            let column = try column(file)
            #expect((0..<count).map { column.typed[$0] } == test.fits)
            #expect(column.present.population == count)
            for row in 0..<count where !test.fits[row] {
                guard case .text = column.value(at: row) else {
                    Issue.record("row \(row) has no text")
                    continue
                }
            }
            for row in 0..<count where test.fits[row] { #expect(column.value(at: row) != .missing) }
            // Whether they are there is no question.
            #expect(try self.column(file, .presence).present.population == count)
        }
    }

    /// What a footer says of such values isn't said of the column.
    @Test func noBoundsAreMadeOfThem() throws {
        for (element, low, high) in [
            (Self.time(.milliseconds, .int32), Int32(0), Int32(86_400_000)),
            (Self.decimal(3, .int32), Int32(-1_000), Int32(0)),
        ] {
            var file = HandmadeFile(
                element, rowCount: 2, pages: [.first(count: 2, .plain, levels: [], Self.bytes(low) + Self.bytes(high))],
                statistics: ColumnStatistics(nullCount: 0, maxValue: Self.bytes(high), minValue: Self.bytes(low)))
            file.columnOrders = [.typeDefined]
            let temporary = try TemporaryFile(file.bytes)
            for summary in try #require(ParquetSource([temporary.path]).outlines.first).columns.values {
                #expect(summary.extent == nil && summary.uncomparableCount == nil)
            }
        }
    }
}
