import Files
import Testing

@testable import Parquet

@Suite("What footers tell of values")
struct SummaryTests {
    private func summary(
        _ element: SchemaElement, _ statistics: ColumnStatistics, order: ColumnOrder? = .typeDefined
    ) throws -> LeafSummary {
        var file = HandmadeFile(element, rowCount: 5, pages: [], statistics: statistics)
        file.columnOrders = order.map { [$0] }
        let temporary = try TemporaryFile(file.bytes)
        return try ParquetFile(InputFile(path: temporary.path, packing: Compression.none)).summary(rowGroup: 0, leaf: 0)
    }

    private static let whole = SchemaElement(type: .int32, repetition: .optional, name: "n")
    private static let unsigned = SchemaElement(
        type: .int32, repetition: .optional, name: "n", annotation: .integer(bitWidth: 32, isSigned: false))
    private static let real = SchemaElement(type: .double, repetition: .optional, name: "n")
    private static let text = SchemaElement(type: .byteArray, repetition: .optional, name: "n", annotation: .string)

    private static func bits(_ number: Double) -> [UInt8] {
        withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) }
    }

    @Test func tellsExactBoundsOfIntegers() throws {
        let found = try summary(
            Self.whole, ColumnStatistics(nullCount: 2, maxValue: [9, 0, 0, 0], minValue: [0xFF, 0xFF, 0xFF, 0xFF]))
        #expect(found.rowCount == 5)
        #expect(found.nullCount == 2)
        #expect(found.missingCount == 2)
        #expect(found.minimum == LeafSummary.Bound(value: .int64(-1), isExact: true))
        #expect(found.maximum == LeafSummary.Bound(value: .int64(9), isExact: true))
    }

    @Test func cutTextsAreNoLeastOrGreatest() throws {
        let found = try summary(
            Self.text,
            ColumnStatistics(maxValue: [0x7A], minValue: [0x61], isMaxValueExact: false, isMinValueExact: true))
        #expect(found.minimum == LeafSummary.Bound(value: .text("a"), isExact: true))
        #expect(found.maximum == LeafSummary.Bound(value: .text("z"), isExact: false))
        let silent = try summary(Self.text, ColumnStatistics(maxValue: [0x7A], minValue: [0x61]))
        #expect(silent.minimum?.isExact == false)
    }

    @Test func boundsInAnUnknownOrderTellNothing() throws {
        let statistics = ColumnStatistics(maxValue: [9, 0, 0, 0], minValue: [1, 0, 0, 0])
        #expect(try summary(Self.whole, statistics, order: nil).minimum == nil)
        #expect(try summary(Self.whole, statistics, order: .other(field: 9)).maximum == nil)
        #expect(try summary(Self.whole, statistics, order: .totalOrder).maximum == nil)
    }

    @Test(arguments: [whole, unsigned, real, text]) func deprecatedBoundsTellNothing(_ element: SchemaElement) throws {
        let bound = element.type == .double ? Self.bits(1) : [1, 0, 0, 0]
        let statistics = ColumnStatistics(max: bound, min: bound, nullCount: 1)
        for order in [nil, ColumnOrder.typeDefined, .other(field: 9)] {
            let found = try summary(element, statistics, order: order)
            #expect(found.nullCount == 1)
            #expect(found.minimum == nil)
            #expect(found.maximum == nil)
        }
    }

    @Test func floatsMayHideNaNAndTheSignOfZero() throws {
        let found = try summary(
            Self.real, ColumnStatistics(nullCount: 0, maxValue: Self.bits(-0.0), minValue: Self.bits(0.0)))
        #expect(found.nanCount == nil)
        #expect(found.missingCount == nil)
        guard case .double(let least) = found.minimum?.value, case .double(let greatest) = found.maximum?.value else {
            Issue.record("no bounds")
            return
        }
        #expect(least.sign == .minus && least == 0)
        #expect(greatest.sign == .plus && greatest == 0)
        let known = try summary(
            Self.real, ColumnStatistics(nullCount: 1, maxValue: Self.bits(2), minValue: Self.bits(1), nanCount: 3),
            order: .totalOrder)
        #expect(known.missingCount == 4)
        #expect(known.maximum?.value == .double(2))
    }

    @Test func aNaNMakesBothBoundsSuspect() throws {
        let found = try summary(Self.real, ColumnStatistics(maxValue: Self.bits(.nan), minValue: Self.bits(1)))
        #expect(found.minimum == nil)
        #expect(found.maximum == nil)
    }

    @Test(arguments: [
        ColumnStatistics(maxValue: [1, 0, 0, 0], minValue: [9, 0, 0, 0]),
        ColumnStatistics(maxValue: [1, 0, 0], minValue: [0, 0, 0, 0]),
    ])
    func nonsenseTellsNothing(_ statistics: ColumnStatistics) throws {
        let found = try summary(Self.whole, statistics)
        #expect(found.minimum == nil)
        #expect(found.maximum == nil)
    }

    @Test(arguments: [-1, 6, Int64.max]) func countsThatCannotBeAreNone(_ count: Int64) throws {
        #expect(try summary(Self.whole, ColumnStatistics(nullCount: count)).nullCount == nil)
    }
}
