import Delta
import Expectations
import Files
import Foundation
import Parquet
import Scan
import Statistics
import Suites
import Synchronization
import Tables
import TestSupport
import Testing

/// What a source tells of its rows unread changes what is read, not what is said.
@Suite struct ShortcutTests {
    private static let suite = """
        expectations:
          - expect_table_row_count_to_be_between: {min_value: 1}
          - expect_column_values_to_not_be_null: {column: id}
          - expect_column_values_to_not_be_null: {column: amount, mostly: 0.5}
          - expect_column_values_to_be_null: {column: note}
          - expect_column_values_to_be_between: {column: id, min_value: 0}
          - expect_column_values_to_be_between: {column: amount, min_value: 0, max_value: 70}
          - expect_column_values_to_be_between: {column: at, min_value: "2024-01-01", max_value: "2024-12-31"}
          - expect_column_values_to_be_between: {column: name, min_value: a, max_value: t}
          - expect_column_value_lengths_to_be_between: {column: name, min_value: 1, max_value: 9}
          - expect_column_min_to_be_between: {column: amount, min_value: 0}
          - expect_column_max_to_be_between: {column: at, max_value: "2024-12-31"}
          - expect_column_max_to_be_between: {column: price, max_value: 99}
          - expect_column_mean_to_be_between: {column: price, max_value: 99}
          - expect_column_values_to_be_unique: {column: id}
          - expect_column_values_to_be_between: {column: amount, max_value: 10, row_condition: "id > 20"}
          - expect_column_values_to_be_in_set: {column: name, value_set: [a, b]}
          - expect_table_to_be_fresh: {column: at, max_age: 2d}
          - expect_table_to_be_fresh: {column: day, max_age: 200d}
          - expect_column_proportion_of_non_null_values_to_be_between: {column: day, min_value: 0.1}
        """
    private static let schema = Schema([
        Field("id", .int64), Field("amount", .int64), Field("price", .float64), Field("name", .string),
        Field("at", .timestamp),
        Field("day", .date), Field("note", .string),
    ])

    /// Rows that are alike in runs, so that some outlines are enough and some are not.
    private func table(_ rows: Int, _ random: inout SeededGenerator) -> MemoryTable {
        func values(_ value: (Int, Bool, inout SeededGenerator) -> Value) -> [Value] {
            (0..<rows).map { row in value(row, row / 40 % 3 == 0, &random) }
        }
        return MemoryTable(
            Self.schema,
            columns: [
                values { row, _, random in random.chance(1) ? .integer(3) : .integer(Int128(row)) },
                values { _, isOdd, random in
                    isOdd && random.chance(20) ? .missing : .integer(Int128(random.next() % (isOdd ? 80 : 60)))
                },
                values { _, isOdd, random in isOdd ? .missing : .float(Double(random.next() % 100) - 1) },
                values { _, isOdd, random in .text(random.pick(isOdd ? ["zebra", ""] : ["a", "b", "name"])) },
                values { row, isOdd, _ in .timestamp(microseconds: noon + (isOdd ? 1 : -1) * Int64(row) * 1_000_000) },
                values { row, isOdd, _ in isOdd ? .missing : .date(days: 19_800 + row % 100) },
                values { _, _, _ in .missing },
            ], batchSize: 10)
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>) func saysTheSameOfTheTable(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let table = table(random.pick([0, 7, 40, 500]), &random)
        let expectations = try expectations(Self.suite)
        let wanted = await Scanner(threads: 2).judge(expectations, source: table, now: noon).lines
        for run in [1, 3, 4] {
            let source = OutlinedTable(table, batchesPerOutline: run)
            for threads in [1, 3] {
                let report = await Scanner(threads: threads).judge(expectations, source: source, now: noon)
                #expect(report.linesWithoutOrigin == wanted, "seed \(seed), outlines of \(run) batches")
            }
            let plain = await Scanner(threads: 2, usesStatistics: false).judge(expectations, source: source, now: noon)
            #expect(plain.lines == wanted)
        }
    }

    /// A file's footer and page indexes in the place of summaries made in memory.
    @Test(arguments: 1...6 as ClosedRange<UInt64>) func saysTheSameOfParquet(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let scratch = try Scratch()
        let table = table(random.pick([1, 900, 4_000]), &random)
        var options = ParquetWriterOptions()
        options.rowGroupRowLimit = random.pick([300, 1_500, 100_000])
        options.pageRowLimit = random.pick([40, 333, 20_000])
        options.boundByteLimit = random.pick([2, 64])
        let output = try OutputFile(path: scratch.path("t.parquet"))
        let writer = try ParquetWriter(to: output, schema: try ParquetSchema(table.schema), options: options)
        let all = Projection(Dictionary(uniqueKeysWithValues: table.schema.fields.indices.map { ($0, .values) }))
        let worker = try table.open(all, ordinals: nil).makeWorker()
        while let batch = try worker.next() { try writer.append(batch) }
        _ = try writer.finish()
        try output.commit()
        let source = try ParquetSource([output.path])
        let expectations = try expectations(Self.suite)
        let wanted = await Scanner(threads: 2, usesStatistics: false).judge(expectations, source: source, now: noon)
        let report = await Scanner(threads: 2).judge(expectations, source: source, now: noon)
        #expect(report.linesWithoutOrigin == wanted.lines, "seed \(seed)")
        #expect(report.lines != wanted.lines, "seed \(seed): nothing was left unread")
    }

    /// Partition columns, files with footers of their own, and the version's log.
    @Test(arguments: 1...3 as ClosedRange<UInt64>) func saysTheSameOfDeltaTables(_ seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let scratch = try Scratch()
        let schema = DeltaSchema([
            DeltaField("id", .long), DeltaField("amount", .integer), DeltaField("price", .double),
            DeltaField("name", .string),
            DeltaField("at", .timestamp), DeltaField("day", .date), DeltaField("note", .string),
        ])
        let table = try DeltaTable.create(
            scratch.path("t"), schema: schema, partitionedBy: ["name"], now: noon)
        let all = Projection(Dictionary(uniqueKeysWithValues: Self.schema.fields.indices.map { ($0, .values) }))
        for version in 1...3 as ClosedRange<Int64> {
            let writer = try DataFileWriter(
                table: table, schema: schema, partitionedBy: ["name"], stem: "batch-\(version)", time: 0)
            let worker = try self.table(700, &random).open(all, ordinals: nil).makeWorker()
            while let batch = try worker.next() { try writer.append(batch) }
            let files = try writer.finish()
            for file in files { try file.publish() }
            _ = try table.commit(
                files.map(\.add), of: AppTransaction(appID: "test", version: version), now: noon + version)
        }
        let source = try DeltaSource(table: table.folder)
        let expectations = try expectations(Self.suite)
        let wanted = await Scanner(threads: 2, usesStatistics: false).judge(expectations, source: source, now: noon)
        let report = await Scanner(threads: 2).judge(expectations, source: source, now: noon)
        #expect(wanted.rowCount == 2_100)
        #expect(report.linesWithoutOrigin == wanted.lines, "seed \(seed)")
        #expect(report.lines != wanted.lines, "seed \(seed): nothing was left unread")
    }

    @Test func readsOnlyWhatIsNotKnown() async throws {
        var random = SeededGenerator(seed: 1)
        let source = OutlinedTable(table(400, &random), batchesPerOutline: 4)
        let expectations = try expectations(
            """
            expectations:
              - expect_column_values_to_not_be_null: {column: id}
              - expect_column_values_to_be_between: {column: amount, min_value: 0, max_value: 70}
              - expect_column_max_to_be_between: {column: at, max_value: "2024-12-31"}
            """)
        let report = await Scanner(threads: 1).judge(expectations, source: source, now: noon)
        #expect(source.columnsRead == ["amount"])
        #expect(source.batchesRead < 40)
        let origins = report.results.map { result in
            result.details.first { $0.name == "rows_from_statistics" }?.value ?? .null
        }
        #expect(origins[0] == .integer(400))
        #expect(origins[2] == .integer(400))
        #expect(report.results[1].details.count == 1)
        #expect(report.rowCount == 400)
    }
}

extension ScanReport {
    /// `lines` without the number of rows that were left unread.
    fileprivate var linesWithoutOrigin: [String] {
        lines.map { line in
            line.replacing(#/,?"rows_from_statistics":\d+/#, with: "")
        }
    }
}

/// A table in memory that knows its batches' summaries, and fails who asks for a column that was to be left out.
private final class OutlinedTable: OutlinedSource {
    private let table: MemoryTable
    let outlines: [Outline]
    private let reads = Mutex<[Int: Set<Int>]>([:])

    var schema: Schema { table.schema }
    var partitions: [Partition] { table.partitions }
    var typeOrigins: [TypeOrigin] { table.typeOrigins }

    init(_ table: MemoryTable, batchesPerOutline: Int) {
        self.table = table
        outlines = Self.outlines(of: table, batchesPerOutline)
    }

    /// Columns that were read in some batch.
    var columnsRead: Set<String> {
        reads.withLock { reads in Set(reads.values.flatMap { $0 }.map { table.schema.fields[$0].name }) }
    }
    /// Batches of which some column was read.
    var batchesRead: Int { reads.withLock { $0.values.count { !$0.isEmpty } } }

    private static func outlines(of table: MemoryTable, _ batchesPerOutline: Int) -> [Outline] {
        let all = Projection(Dictionary(uniqueKeysWithValues: table.schema.fields.indices.map { ($0, .values) }))
        guard let worker = try? table.open(all, ordinals: nil).makeWorker() else { return [] }
        var batches: [Batch] = []
        while let batch = try? worker.next() { batches.append(batch) }
        return stride(from: 0, to: batches.count, by: batchesPerOutline).map { first in
            let run = Array(batches[first..<min(batches.count, first + batchesPerOutline)])
            let columns = table.schema.fields.indices.map { index in
                (index, run.map { $0.column(index).summary([.extent, .byteLengths]) }.reduce(nil, Self.joined))
            }
            return Outline(
                batches: first..<first + run.count, partition: 0, rowCount: run.reduce(0) { $0 + $1.rowCount },
                columns: Dictionary(uniqueKeysWithValues: columns).compactMapValues { $0 })
        }
    }

    private static func joined(_ left: ColumnSummary?, _ right: ColumnSummary) -> ColumnSummary? {
        guard let left else { return right }
        let extents = [left.extent, right.extent].compactMap { $0 }
        let lengths = [left.byteLengths, right.byteLengths].compactMap { $0 }
        return ColumnSummary(
            rowCount: left.rowCount + right.rowCount, missingCount: left.missingCount + right.missingCount,
            extent: extents.dropFirst().reduce(extents.first) { $0?.union($1) },
            byteLengths: lengths.dropFirst().reduce(lengths.first) { all, one in
                all.map { min($0.lowerBound, one.lowerBound)...max($0.upperBound, one.upperBound) }
            })
    }

    func retyping(_ types: [Int: LogicalType], origin: TypeOrigin) -> (any BatchSource)? { nil }

    func open(_ projection: Projection, ordinals: Set<Int>?) throws(SourceError) -> any BatchReader {
        try table.open(projection, ordinals: ordinals)
    }

    func open(_ projection: Projection, narrowed: [Int: Projection]) throws(SourceError) -> any BatchReader {
        NarrowedReader(reader: try table.open(projection, ordinals: nil)) { [self] batch in
            let wanted = narrowed[batch.ordinal] ?? projection
            reads.withLock { $0[batch.ordinal] = Set(wanted.needs.keys) }
            return Batch(
                ordinal: batch.ordinal, rowCount: batch.rowCount,
                columns: batch.columns.indices.map { wanted.needs[$0] == nil ? nil : batch.columns[$0] })
        }
    }
}

/// Batches of another reader, with fewer columns.
private struct NarrowedReader: BatchReader {
    let reader: any BatchReader
    let narrow: @Sendable (Batch) -> Batch

    func makeWorker() -> any BatchWorker { NarrowedWorker(reader.makeWorker(), narrow) }
}

private final class NarrowedWorker: BatchWorker {
    private let worker: any BatchWorker
    private let narrow: @Sendable (Batch) -> Batch

    init(_ worker: any BatchWorker, _ narrow: @escaping @Sendable (Batch) -> Batch) {
        self.worker = worker
        self.narrow = narrow
    }

    var widenings: [Int: LogicalType] { [:] }

    func next() throws(SourceError) -> Batch? { try worker.next().map(narrow) }
}
