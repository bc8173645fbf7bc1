import Files
import Foundation
import Parquet
import Scan
import Tables
import TestSupport
import Testing

/// Parquet files whose footers and indexes lie: judging them ends, in a verdict or in an error, with statistics and without.
///
/// A twentieth of `ASSAY_FUZZ_CASES` is tried (300 where it isn't set), and `ASSAY_FUZZ_SEED` is the first; the seed that is
/// tried is in `assay-fuzz-statistics-seed` in the directory of temporary files, for the case that the process dies of it.
@Suite("Damaged statistics") struct DamagedStatisticsTests {
    private static let suite = """
        expectations:
          - expect_table_row_count_to_be_between: {min_value: 1}
          - expect_column_values_to_not_be_null: {column: id}
          - expect_column_values_to_be_between: {column: id, min_value: 0, max_value: 5000}
          - expect_column_values_to_be_between: {column: price, min_value: 0, max_value: 100}
          - expect_column_min_to_be_between: {column: at, min_value: "2024-01-01"}
          - expect_column_max_to_be_between: {column: name, max_value: z}
          - expect_column_values_to_be_unique: {column: id}
          - expect_column_values_to_be_in_set: {column: name, value_set: [a, b, é]}
          - expect_column_mean_to_be_between: {column: cents, min_value: 0}
          - expect_table_to_be_fresh: {column: at, max_age: 2d}
        """

    private static let schema = Schema([
        Field("id", .int64), Field("price", .float64), Field("name", .string), Field("at", .timestamp),
        Field("cents", .decimal(precision: 12, scale: 2)),
    ])

    private static func original(_ scratch: Scratch) throws -> [UInt8] {
        let rows = 700
        let table = MemoryTable(
            schema,
            columns: [
                (0..<rows).map { .integer(Int128($0)) },
                (0..<rows).map { $0 % 9 == 0 ? .missing : .float(Double($0 % 70)) },
                (0..<rows).map { .text(["a", "b", "é"][$0 / 250]) },
                (0..<rows).map { .timestamp(microseconds: noon - Int64($0) * 1_000_000) },
                (0..<rows).map { .decimal(DecimalNumber(unscaled: Int128($0), scale: 2)) },
            ])
        var options = ParquetWriterOptions()
        options.rowGroupRowLimit = 300
        options.pageRowLimit = 100
        let output = try OutputFile(path: scratch.path("whole.parquet"))
        let writer = try ParquetWriter(to: output, schema: try ParquetSchema(schema), options: options)
        let all = Projection(Dictionary(uniqueKeysWithValues: schema.fields.indices.map { ($0, .values) }))
        let worker = try table.open(all, ordinals: nil).makeWorker()
        while let batch = try worker.next() { try writer.append(batch) }
        _ = try writer.finish()
        try output.commit()
        return Array(try Data(contentsOf: URL(fileURLWithPath: output.path)))
    }

    @Test func endInAVerdictOrAnError() async throws {
        let environment = ProcessInfo.processInfo.environment
        let count = environment["ASSAY_FUZZ_CASES"].flatMap { Int($0) }.map { max(1, $0 / 20) } ?? 300
        let first = environment["ASSAY_FUZZ_SEED"].flatMap { UInt64($0) } ?? 1
        let scratch = try Scratch()
        let whole = try Self.original(scratch)
        let expectations = try expectations(Self.suite)
        let path = scratch.path("damaged.parquet")
        let note = FileManager.default.temporaryDirectory.appending(path: "assay-fuzz-statistics-seed")
        let clock = ContinuousClock()
        var judged = 0
        for seed in first..<(first + UInt64(count)) {
            var random = SeededGenerator(seed: seed)
            try Data(Self.damaged(whole, &random)).write(to: URL(fileURLWithPath: path))
            try Data("\(seed)".utf8).write(to: note)
            let start = clock.now
            // Files that can't be opened have been refused.
            guard let source = try? ParquetSource([path]) else { continue }
            for usesStatistics in [true, false] {
                let report = await Scanner(threads: 2, usesStatistics: usesStatistics)
                    .judge(expectations, source: source, now: noon)
                if report.failure == nil { judged += 1 }
                #expect(report.results.count >= expectations.count, "seed \(seed)")
            }
            let time = start.duration(to: clock.now)
            // Tells what hangs from what waits: beside tests that keep every thread busy, a case may wait for minutes.
            #expect(time < .seconds(900), "seed \(seed) took \(time)")
        }
        #expect(judged > 0)
    }

    /// Changes behind the pages, where the indexes and the footer are.
    private static func damaged(_ original: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = original
        let length = bytes[(bytes.count - 8)..<(bytes.count - 4)].reversed().reduce(0) { $0 << 8 | Int($1) }
        let start = max(0, bytes.count - 8 - length - 1_500)
        for _ in 0...Int.random(in: 0...2, using: &random) {
            let place = Int.random(in: start..<bytes.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[place] = [0, 1, 0x7F, 0x80, 0xFE, 0xFF].randomElement(using: &random) ?? 0
            case 2: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
            default:
                // A number that goes on for longer than it did.
                for next in place..<min(bytes.count, place + Int.random(in: 1...9, using: &random)) {
                    bytes[next] |= 0x80
                }
            }
        }
        return bytes
    }
}
