import Files
import Foundation
import Tables
import TestSupport
import Testing

@testable import Parquet

/// Files that we write, read by our own reader.
@Suite struct RoundTripTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func rows(_ path: String) throws -> [ParquetValue] {
        let reader = try ParquetFile(InputFile(path: path)).rows()
        var rows: [ParquetValue] = []
        while true {
            let next = try reader.next()
            if next.isEmpty { return rows }
            rows += next.map { values in
                .structure(zip(reader.fields, values).map { ParquetValue.Member(name: $0.name, value: $1) })
            }
        }
    }

    /// As texts, in which NaN equals NaN and the zeros differ.
    private func texts(_ rows: [ParquetValue]) -> [String] { rows.map { "\($0)" } }

    @Test(arguments: 0..<8) func givesTheRowsBack(seed: Int) throws {
        let table = RandomTable(seed: UInt64(seed), rowCount: [1, 10, 600, 1_500][seed % 4])
        var options = seed < 4 ? ParquetWriterOptions.small() : ParquetWriterOptions()
        options.codec = BlockCodec.allCases[seed % BlockCodec.allCases.count]
        try scratch.write("a", table.fields, options: options) { try $0.append(rows: table.rows) }
        let found = texts(try rows(scratch.path("a")))
        #expect(found == texts(table.rows))
        let comparison = try BatchComparison(ParquetSource([scratch.path("a")]))
        #expect(comparison.differences == [])
    }

    /// Which rows have a value is told by levels alone; the same as when the values are read.
    @Test(arguments: 0..<8) func knowsPresenceWithoutValues(seed: Int) throws {
        // One of them has a row group of several batches.
        let table = RandomTable(seed: UInt64(seed), rowCount: seed == 4 ? 33_000 : 1_500)
        var options = seed < 4 ? ParquetWriterOptions.small() : ParquetWriterOptions()
        options.codec = BlockCodec.allCases[seed % BlockCodec.allCases.count]
        try scratch.write("a", table.fields, options: options) { try $0.append(rows: table.rows) }
        let source = try ParquetSource([scratch.path("a")])
        func batches(_ need: ColumnNeed, _ ordinals: Set<Int>? = nil) throws -> [Batch] {
            let needs = source.schema.fields.indices.map { ($0, need) }
            return try BatchComparison.batches(
                of: source, Projection(Dictionary(uniqueKeysWithValues: needs)), ordinals: ordinals, workers: 2)
        }
        let full = try batches(.values)
        // The last batches as well, to which the levels before are passed over.
        for ordinals in [nil, Set(full.suffix(1).map(\.ordinal))] {
            for batch in try batches(.presence, ordinals) {
                for (column, field) in source.schema.fields.enumerated() {
                    #expect(
                        batch.column(column).present == full[batch.ordinal].column(column).present, "\(field.name)")
                }
            }
        }
    }

    /// Batches of a file make a file of the same rows, nested columns by way of their JSON texts.
    @Test(arguments: 0..<3) func copiesBatches(seed: Int) throws {
        let table = RandomTable(seed: UInt64(seed), rowCount: 800)
        try scratch.write("a", table.fields, options: .small()) { try $0.append(rows: table.rows) }
        let source = try ParquetSource([scratch.path("a")])
        let indices = try table.fields.map { try #require(source.schema.index(of: $0.name)) }
        let everything = Projection(Dictionary(uniqueKeysWithValues: indices.map { ($0, ColumnNeed.values) }))
        let worker = try source.open(everything, ordinals: nil).makeWorker()
        // A batch can't say NaN: it is missing there, which a required column may not be.
        let fields = table.fields.map { field in
            SchemaNode(field.name, .optional, field.content, annotation: field.annotation)
        }
        try scratch.write("b", fields, options: .small()) { writer in
            while let batch = try worker.next() {
                try writer.append(columns: indices.map { batch.column($0) }, rowCount: batch.rowCount)
            }
        }
        let expected = texts(table.rows).map { Self.missingNaNs(in: $0, table.fields) }
        #expect(try texts(rows(scratch.path("b"))).map { Self.missingNaNs(in: $0, table.fields) } == expected)
    }

    private static func missingNaNs(in row: String, _ fields: [SchemaNode]) -> String {
        row.replacingOccurrences(of: "Parquet.ParquetValue.float(nan)", with: "Parquet.ParquetValue.null")
            .replacingOccurrences(of: "Parquet.ParquetValue.double(nan)", with: "Parquet.ParquetValue.null")
    }
}

/// What the page indexes say, against the rows that the pages hold.
@Suite struct WrittenIndexTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func read<Value: ThriftStruct>(_ bytes: [UInt8], _ offset: Int64, as type: Value.Type) throws -> Value {
        try bytes.withUnsafeBytes { bytes in
            var reader = ThriftReader(UnsafeRawBufferPointer(rebasing: bytes[Int(offset)...]))
            return try Value(from: &reader)
        }
    }

    @Test(arguments: 0..<4) func boundsEveryPage(seed: Int) throws {
        let table = RandomTable(seed: UInt64(seed), rowCount: 2_500, isFlat: true)
        let summary = try scratch.write("a", table.fields, options: .small()) { try $0.append(rows: table.rows) }
        let bytes = try scratch.bytes("a")
        var pages = 0
        for (group, rowGroup) in summary.metadata.rowGroups.enumerated() {
            for (index, chunk) in rowGroup.columns.enumerated() {
                let offsets = try read(bytes, try #require(chunk.offsetIndexOffset), as: OffsetIndex.self)
                let columns = try chunk.columnIndexOffset.map { try read(bytes, $0, as: ColumnIndex.self) }
                let hasNaN = table.rows[1_000 * group..<1_000 * group + Int(rowGroup.rowCount)].contains { row in
                    guard case .structure(let members) = row else { return false }
                    return "\(members[index].value)".contains("(nan)")
                }
                // Readers differ in where NaN stands in the order.
                #expect((columns == nil) == hasNaN && (chunk.metadata?.statistics?.maxValue == nil || !hasNaN))
                for (page, location) in offsets.pages.enumerated() {
                    let end = page + 1 < offsets.pages.count ? offsets.pages[page + 1].firstRow : rowGroup.rowCount
                    let rows = (1_000 * group + Int(location.firstRow))..<(1_000 * group + Int(end))
                    let header = try read(bytes, location.offset, as: PageHeader.self)
                    #expect(header.type == .data && Int(header.dataPage?.valueCount ?? 0) == rows.count)
                    let values = table.rows[rows].compactMap { row -> ParquetValue? in
                        guard case .structure(let members) = row, !members[index].value.isNull else { return nil }
                        return members[index].value
                    }
                    guard let columns else { continue }
                    check(columns, page, values, rows.count, summary.columns[index].leaf)
                    pages += 1
                }
            }
        }
        #expect(pages > 500)
    }

    private func check(_ index: ColumnIndex, _ page: Int, _ values: [ParquetValue], _ rowCount: Int, _ leaf: SchemaLeaf)
    {
        #expect(index.nullCounts?[page] == Int64(rowCount - values.count))
        #expect(index.nullPages[page] == values.isEmpty)
        guard !values.isEmpty else {
            #expect(index.minValues[page] == [] && index.maxValues[page] == [])
            return
        }
        let sorted = values.map(key).sorted { $0.lexicographicallyPrecedes($1) }
        guard let least = leaf.value(plain: index.minValues[page]),
            let greatest = leaf.value(plain: index.maxValues[page])
        else {
            Issue.record("bounds of \(leaf.dottedPath) can't be read")
            return
        }
        let isCut = [least, greatest].contains { key($0).count >= 60 }
        if isCut {
            #expect(!sorted[0].lexicographicallyPrecedes(key(least)))
            #expect(!key(greatest).lexicographicallyPrecedes(sorted[sorted.count - 1]))
            #expect(key(least).count <= 64)
        } else {
            #expect(key(least) == sorted[0] && key(greatest) == sorted[sorted.count - 1])
        }
    }

    /// Bytes that compare as the values do.
    private func key(_ value: ParquetValue) -> [UInt8] {
        func ordered(_ number: some FixedWidthInteger) -> [UInt8] {
            let shifted = Int128(number) - Int128(Int64.min)
            return withUnsafeBytes(of: shifted.bigEndian) { Array($0) }
        }
        switch value {
        case .boolean(let bit): return [bit ? 1 : 0]
        case .int64(let number): return ordered(number)
        case .uint64(let number): return ordered(number)
        // The zeros are one value here, as in any comparison of numbers.
        case .float(let number): return key(.double(Double(number)))
        case .double(let number):
            let bits = Int64(bitPattern: (number == 0 ? 0 : number).bitPattern)
            return ordered(bits < 0 ? Int64.min - bits - 1 : bits)
        case .decimal(let unscaled, _):
            return withUnsafeBytes(of: (UInt128(bitPattern: unscaled) ^ (1 << 127)).bigEndian) { Array($0) }
        case .text(let text): return Array(text.utf8)
        case .binary(let bytes): return bytes
        case .date(let days): return ordered(days)
        case .time(let ticks, _, _), .timestamp(let ticks, _, _): return ordered(ticks)
        default: return []
        }
    }
}
