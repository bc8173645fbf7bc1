import Expectations
import Formats
import Foundation
import Scan
import Statistics
import Tables
import TestSupport
import Testing

/// The same report, however the input was cut and however many threads read it.
@Suite struct ScanInvarianceTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static let suite = """
        columns:
          id: {required: true, unique: true}
          name: {matches: "^[a-cé]", length: {min: 1, max: 3}}
        expectations:
          - expect_column_values_to_not_be_null: {column: amount, mostly: 0.95}
          - expect_column_values_to_be_null: {column: note}
          - expect_column_proportion_of_non_null_values_to_be_between: {column: amount, min_value: 0.9}
          - expect_column_values_to_be_between: {column: amount, min_value: 0, max_value: 900, mostly: 0.9, result_format: {result_format: COMPLETE, unexpected_index_column_names: [id, at]}}
          - expect_column_values_to_be_between: {column: at, min_value: "2024-01-02", max_value: "2024-06-30", row_condition: "amount > 10"}
          - expect_column_values_to_be_between: {column: price, max_value: 5.25}
          - expect_column_values_to_be_in_set: {column: name, value_set: [a, b, é]}
          - expect_column_values_to_not_be_in_set: {column: amount, value_set: [1, 2, 3]}
          - expect_column_value_lengths_to_equal: {column: name, value: 1}
          - expect_column_values_to_not_match_regex: {column: name, regex: "x$"}
          - expect_column_min_to_be_between: {column: price, min_value: 0}
          - expect_column_max_to_be_between: {column: name, max_value: "zz"}
          - expect_column_mean_to_be_between: {column: price, min_value: 1, max_value: 2}
          - expect_column_mean_to_be_between: {column: price, min_value: 1, max_value: 2, row_condition: "name = 'a' and amount is not null"}
          - expect_column_sum_to_be_between: {column: price, min_value: 0, max_value: 1}
          - expect_column_stdev_to_be_between: {column: price, min_value: 0, max_value: 1}
          - expect_column_median_to_be_between: {column: price, min_value: 0, max_value: 1}
          - expect_column_quantile_values_to_be_between: {column: amount, quantile_ranges: {quantiles: [0.1, 0.5, 0.99], value_ranges: [[0, 1], [null, 3], [900, null]]}, row_condition: "price > 0"}
          - expect_column_quantile_values_to_be_between: {column: at, quantile_ranges: {quantiles: [0.25], value_ranges: [["2024-03-01", null]]}}
          - expect_column_pair_values_a_to_be_greater_than_b: {column_A: amount, column_B: price, mostly: 0.5}
          - expect_column_values_to_be_unique: {column: name, result_format: {result_format: COMPLETE, partial_unexpected_count: 7}}
          - expect_compound_columns_to_be_unique: {column_list: [name, amount]}
          - expect_column_unique_value_count_to_be_between: {column: amount, max_value: 10}
          - expect_column_proportion_of_unique_values_to_be_between: {column: amount, max_value: 0.1}
          - expect_table_row_count_to_be_between: {min_value: 1}
          - expect_table_row_count_to_equal: {value: 10, row_condition: "price < 0"}
          - expect_table_to_be_fresh: {column: at, max_age: 2d}
          - expect_table_rows_to_be_well_formed: {mostly: 0.5}
          - expect_column_to_exist: {column: nothing}
          - expect_column_values_to_not_be_null: {column: nothing}
        """

    /// Three files of rows with all kinds of faults.
    private func files(_ random: inout SeededGenerator, rows: Int) throws -> [String] {
        var paths: [String] = []
        for file in 0..<3 {
            var text = file == 1 ? "price,name,id,amount,at,note\n" : "id,name,amount,price,at,note\r\n"
            for row in 0..<(file == 2 ? 3 : rows) {
                let number = file * 100_000 + (random.chance(3) ? 7 : row)
                let id = random.chance(2) ? "" : "\(number)"
                let name = random.pick(["a", "b", "é", "", "\"a,\nb\"", "\"\"", "\"x\"\"x\"", "ccccc", "e\u{301}"])
                let amount = random.pick(["", "\(Int.random(in: 0...999, using: &random))", "\(row % 5)", "n/a"])
                let price = random.pick([
                    "0.1", "\(Double(Int.random(in: -99...999, using: &random)) / 8)", "1e-3", "",
                    "inf".count > row ? "2" : "3.5",
                ])
                let at =
                    "2024-0\(Int.random(in: 1...7, using: &random))-1\(row % 10)\(random.chance(50) ? "" : "T10:00:00.\(row % 10)")"
                let fields = file == 1 ? [price, name, id, amount, at] : [id, name, amount, price, at]
                text += fields.joined(separator: ",") + random.pick([",", ",", ",", ",x", "", ",,more", ",\"q\"z"])
                text += random.pick(["\n", "\r\n", "\r\n\r\n"])
            }
            paths.append(try scratch.file(text, "\(file).csv"))
        }
        return paths
    }

    @Test(arguments: [(1, 400), (2, 400), (3, 60), (4, 0)] as [(UInt64, Int)])
    func doesNotDependOnChunksOrThreads(_ seed: UInt64, _ rows: Int) async throws {
        var random = SeededGenerator(seed: seed)
        let paths = try files(&random, rows: rows)
        let expectations = try expectations(Self.suite)
        let wanted = try await scan(paths, expectations, threads: 1).lines
        let cuts = [(1, 100), (2, 333), (7, 100), (7, 5_000), (2, 1 << 20), (7, 1_000)]
        for (threads, chunkBytes) in cuts {
            let cells = threads == 7 ? 30 : 1 << 20
            let found = try await scan(
                paths, expectations, threads: threads, chunkBytes: chunkBytes, batchCells: cells
            ).lines
            let difference = zip(found, wanted).filter { $0 != $1 }.prefix(3).map { "\nfound  \($0)\nwanted \($1)" }
                .joined()
            #expect(found == wanted, "seed \(seed), \(threads) threads, chunks of \(chunkBytes): \(difference)")
        }
    }

    @Test(arguments: [0, 1_000, 20_000]) func doesNotDependOnTheMemory(_ limit: Int) async throws {
        var random = SeededGenerator(seed: 5)
        let paths = try files(&random, rows: 400)
        let expectations = try expectations(Self.suite)
        let memory = MemoryBudget(limitBytes: limit, directory: FileManager.default.temporaryDirectory.path)
        let wanted = try await scan(paths, expectations, threads: 2, chunkBytes: 500).lines
        let found = try await scan(paths, expectations, threads: 2, chunkBytes: 500, memory: memory).lines
        #expect(found == wanted)
    }

    @Test func saysWhatDoesNotFitInMemoryWhereItCannotSpill() async throws {
        let expectations = try expectations(
            """
            expectations:
              - expect_column_values_to_be_unique: {column: x}
              - expect_compound_columns_to_be_unique: {column_list: [x, y]}
              - expect_column_unique_value_count_to_be_between: {column: x}
              - expect_column_proportion_of_unique_values_to_be_between: {column: x}
              - expect_column_median_to_be_between: {column: x}
              - expect_column_quantile_values_to_be_between: {column: x, quantile_ranges: {quantiles: [1], value_ranges: [[null, null]]}}
              - expect_column_max_to_be_between: {column: x, max_value: 1}
            """)
        let path = try scratch.file("x,y\n1,1\n1,1\n")
        let memory = MemoryBudget(limitBytes: 1, directory: "/nonexistent")
        let report = try await scan([path], expectations, memory: memory)
        let reason =
            "the values don't fit in memory, and no spill file can be made in /nonexistent: no such file or directory"
        #expect(
            report.outcomes == [String](repeating: "errored: \(reason)", count: report.outcomes.count - 1) + ["passed"])
        #expect(!report.metrics.contains { $0.name == "distinct_count" })
    }

    @Test func doesNotDependOnTheSizeOfBatches() async throws {
        var random = SeededGenerator(seed: 9)
        let schema = Schema([
            Field("id", .int64), Field("name", .string), Field("amount", .int64), Field("price", .float64),
            Field("at", .timestamp), Field("note", .string),
        ])
        let columns: [[Value]] = [
            (0..<500).map { .integer(Int128($0 % 450)) },
            (0..<500).map { _ in random.pick([.text("a"), .text("b"), .missing, .text("xx")]) },
            (0..<500).map { _ in random.pick([.integer(3), .integer(1_000), .missing, .text("n/a")]) },
            (0..<500).map { _ in .float(Double.random(in: -1e9...1e9, using: &random)) },
            (0..<500).map { .timestamp(microseconds: noon - Int64($0) * 1_000_000) },
            (0..<500).map { $0 == 3 ? .text("x") : .missing },
        ]
        let expectations = try expectations(Self.suite)
        func lines(_ threads: Int, _ batchSize: Int) async -> [String] {
            let table = MemoryTable(schema, columns: columns, batchSize: batchSize)
            return await Scanner(threads: threads).judge(expectations, source: table, now: noon).lines
        }
        let wanted = await lines(1, 500)
        for (threads, batchSize) in [(1, 1), (2, 7), (7, 64), (3, 499), (7, 1_000)] {
            #expect(await lines(threads, batchSize) == wanted, "\(threads) threads, batches of \(batchSize)")
        }
    }

    /// A guess that was too narrow starts the reading again; where the wider value stands makes no difference.
    @Test(arguments: ["1.5", "9223372036854775808", "1e3"]) func widensWhereverTheValueStands(_ wide: String)
        async throws
    {
        let narrow = [String](repeating: "7", count: (1 << 17) + 2_000)
        let expectations = try expectations(
            """
            expectations:
              - expect_column_sum_to_be_between: {column: x, min_value: 0}
              - expect_column_values_to_be_between: {column: x, min_value: 0, max_value: 8}
              - expect_column_max_to_be_between: {column: x, min_value: 1}
            """)
        var reports: [[String]] = []
        for place in [0, 1 << 17, narrow.count - 1] {
            var cells = narrow
            cells[place] = wide
            let path = try scratch.file("x\n" + cells.joined(separator: "\n") + "\n")
            let report = try await scan([path], expectations, threads: 2, chunkBytes: 1 << 16)
            #expect(report.passes == (place == 0 ? 1 : 2))
            reports.append(report.lines.filter { !$0.hasPrefix("    ") })
        }
        #expect(reports[0].contains("x: \(wide.count > 10 ? "decimal(38,0)" : "float64")"))
        #expect(reports[0] == reports[1])
        #expect(reports[0] == reports[2])
    }
}
