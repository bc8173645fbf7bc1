import Expectations
import Formats
import Foundation
import Scan
import Statistics
import Tables
import TestSupport
import Testing

@Suite struct ScannerTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    @Test func equalMetricsAreGatheredOnce() throws {
        let expectations = try expectations(
            """
            expectations:
              - expect_column_mean_to_be_between: {column: x, min_value: 0}
              - expect_column_sum_to_be_between: {column: x, min_value: 0}
              - expect_column_stdev_to_be_between: {column: x, min_value: 0}
              - expect_column_min_to_be_between: {column: x, min_value: 0}
              - expect_column_max_to_be_between: {column: x, min_value: 0}
              - expect_column_mean_to_be_between: {column: x, min_value: 0, row_condition: "y > 1"}
              - expect_column_sum_to_be_between: {column: x, min_value: 0, row_condition: "y  >  1.0"}
              - expect_table_row_count_to_be_between: {min_value: 1}
            """)
        let table = MemoryTable(
            Schema([Field("x", .int64), Field("y", .int64), Field("z", .int64)]), columns: [[], [], []])
        let plan = ScanPlan(expectations, source: table, now: noon)
        #expect(
            plan.metrics.map { "\($0.key.name) \($0.key.columns) \($0.key.condition ?? "-")" }.sorted() == [
                "extremes [\"x\"] -", "moments [\"x\"] \"y\" > 1", "moments [\"x\"] -", "row_count [] -",
                "row_problems [] -",
            ])
        #expect(plan.projection == Projection([0: .values, 1: .values]))
    }

    @Test func rowsAreNumberedWithinTheirFile() async throws {
        let paths = [
            try scratch.file("a,b\n1,x\n-1,x\n", "1.csv"), try scratch.file("a,b\n", "2.csv"),
            try scratch.file("", "3.csv"),
            try scratch.file("b,a\n\n\nx,5\n\"y\nz\",-2\ny,-3\n", "4.csv"),
        ]
        let expectations = try expectations(
            """
            expectations:
              - expect_column_values_to_be_between: {column: a, min_value: 0}
              - expect_column_values_to_be_unique: {column: b}
            """)
        for chunkBytes in [16, 1 << 20] {
            let report = try await scan(paths, expectations, chunkBytes: chunkBytes)
            let places = report.results.map {
                $0.unexpectedRows.map {
                    "\(scratch.line($0.partition)):\($0.row)@\($0.byteOffset ?? -1) \($0.values[0].value)"
                }
            }
            #expect(places[0] == ["1.csv:2@8 -1", "4.csv:2@10 -2", "4.csv:3@19 -3"])
            #expect(places[1] == ["1.csv:1@4 x", "1.csv:2@8 x", "4.csv:1@6 x"])
            #expect(report.files.map(\.rowCount) == [2, 0, 0, 3])
            #expect(report.passes == 2)
        }
    }

    private static let broken = """
        columns:
          a: {required: true, unique: true}
        expectations:
          - expect_column_to_exist: {column: b}
          - expect_column_to_exist: {column: c}
          - expect_column_mean_to_be_between: {column: a, min_value: 0}
          - expect_column_values_to_not_be_null: {column: c}
        """

    /// What a table that can't be read to its end says, whatever chunks and threads.
    @Test func aFailureInTheMiddleLeavesWhatNeedsNoRows() async throws {
        let rows = (1...40).map { "\($0),x\n" }.joined()
        let paths = [
            try scratch.file("a,b\n\(rows)", "1.csv"), try scratch.file("a,b\n1,y\n", "2.csv"),
            try scratch.file("a,b\n\(rows)41,\"open\n42,y\n", "3.csv"), try scratch.file("a,b\n1,z\n", "4.csv"),
        ]
        let message = "3.csv: the quote that opens at byte offset 198 is never closed, in row 41"
        for (threads, chunkBytes) in [(1, 1 << 20), (2, 16), (7, 50), (7, 16), (1, 100)] {
            let report = try await scan(paths, expectations(Self.broken), threads: threads, chunkBytes: chunkBytes)
            #expect(report.failure?.code == "unclosed-quote")
            #expect(report.failure.map { scratch.line($0.message) } == message)
            let unread = "errored: the data could not be read: \(message)"
            #expect(
                report.outcomes.map { scratch.line($0) } == [
                    "passed", unread, unread, "passed", "failed", unread,
                    "errored: there is no column \"c\" (columns: a, b)",
                ])
            #expect(report.rowCount == 81)
            #expect(report.files.map(\.rowCount) == [40, 1, 40, 0])
        }
    }

    @Test func plansThatDoNotFitDoNotStopOthers() async throws {
        let path = try scratch.file("a,b\n1,x\n2,y\n")
        let report = try await scan(
            [path],
            expectations(
                """
                expectations:
                  - expect_column_mean_to_be_between: {column: b, min_value: 0}
                  - expect_column_values_to_be_between: {column: b, min_value: 0}
                  - expect_column_values_to_be_unique: {column: nope}
                  - expect_column_values_to_be_unique: {column: A}
                  - expect_table_row_count_to_equal: {value: 2, row_condition: "nope = 1"}
                  - expect_table_row_count_to_equal: {value: 2}
                """))
        #expect(
            report.outcomes.map { $0.prefix { $0 != ":" } } == [
                "errored", "errored", "errored", "passed", "errored", "passed",
            ])
        #expect(report.failure == nil)
    }

    @Test func wellFormedRowsAreExpectedSilently() async throws {
        let count = try expectations("expectations: [{expect_table_row_count_to_be_between: {min_value: 0}}]")
        let good = try await scan([scratch.file("a,b\n1,2\n")], count)
        #expect(good.results.map(\.expectation.type) == ["expect_table_row_count_to_be_between"])
        let bad = try await scan([scratch.file("a,b\n1,2\n1\n1,2,3\n")], count)
        #expect(
            bad.results.map(\.expectation.type) == [
                "expect_table_row_count_to_be_between", "expect_table_rows_to_be_well_formed",
            ])
        #expect(bad.results[1].sentence == "2 of 3 rows are malformed (66.7%).")
        let written = try await scan(
            [scratch.file("a,b\n1,2\n")], expectations("expectations: [{expect_table_rows_to_be_well_formed: {}}]"))
        #expect(written.results.map(\.sentence) == ["All 1 rows are well formed."])
    }

    @Test func aConditionSelectsRows() async throws {
        let path = try scratch.file("a,b\n" + (1...100).map { "\($0),\($0 % 10 == 0 ? "" : "\($0 % 3)")\n" }.joined())
        let report = try await scan(
            [path],
            expectations(
                """
                expectations:
                  - expect_column_values_to_be_between: {column: a, max_value: 50, row_condition: "b = 1"}
                  - expect_column_values_to_not_be_null: {column: b, row_condition: "a > 90"}
                  - expect_column_sum_to_be_between: {column: a, min_value: 0, row_condition: "b is null"}
                  - expect_column_values_to_be_unique: {column: b, row_condition: "a in (1, 2, 3, 4)"}
                  - expect_column_values_to_be_unique: {column: b, row_condition: "a > 1000"}
                """), chunkBytes: 32)
        #expect(
            report.results.map {
                "\($0.rows.map { "\($0.elementCount) \($0.unexpectedCount)" } ?? $0.observedValue?.text() ?? "")"
            } == ["30 15", "10 1", "550", "4 2", "0 0"])
        #expect(
            report.outcomes == ["failed", "failed", "passed", "failed", "vacuous: the row condition selects no row"])
        #expect(Array(report.results[0].unexpectedRows).first?.row == 52)
        #expect(report.results[3].unexpectedRows.map(\.row) == [1, 4])
    }

    @Test(arguments: [(["a,b\n"], 1), (["a,b\n", "", "b\n"], 3)])
    func aTableWithoutRowsIsVacuous(_ texts: [String], _ files: Int) async throws {
        let paths = try texts.enumerated().map { try scratch.file($1, "\($0).csv") }
        let report = try await scan(
            paths,
            expectations(
                """
                expectations:
                  - expect_column_values_to_not_be_null: {column: a}
                  - expect_column_values_to_be_unique: {column: a}
                  - expect_table_row_count_to_equal: {value: 0}
                """), declared: ["a": .int64])
        #expect(report.outcomes == ["vacuous: there are no rows", "vacuous: there are no rows", "passed"])
        #expect(report.rowCount == 0)
        #expect(report.files.count == files)
        #expect(report.failure == nil)
    }

    @Test func theSecondPassShowsRepeatedRows() async throws {
        let text = "k,v\n" + (0..<600).map { "\($0 % 590),\"v\n\($0)\"\n" }.joined()
        let path = try scratch.file(text)
        let unique = try expectations(
            "expectations: [{expect_column_values_to_be_unique: {column: k, result_format: {result_format: COMPLETE, unexpected_index_column_names: [v]}}}]"
        )
        for (threads, chunkBytes) in [(1, 1 << 20), (3, 64)] {
            let report = try await scan([path], unique, threads: threads, chunkBytes: chunkBytes)
            let rows = report.results[0].unexpectedRows
            #expect(report.passes == 2)
            #expect(rows.map(\.row) == Array(1...10) + Array(591...600))
            #expect(rows.map { "\($0.values[0].value) \($0.index[0].value)" }.last == "9 v\n599")
            #expect(report.results[0].unexpectedCounts?.map(\.count) == [Int](repeating: 2, count: 10))
        }
        let distinct = try await scan([try scratch.file("k\n1\n2\n", "d.csv")], unique.map { $0 })
        #expect(distinct.passes == 1)
    }

    /// A number of 38 digits once sent a guessed column round and round between the type it had and the type it needed.
    @Test func longNumbersAreNoEndlessSearchForAType() async throws {
        let sum = try expectations("expectations: [{expect_column_max_to_be_between: {column: x, min_value: 0}}]")
        for number in [
            String(repeating: "9", count: 38), "1" + String(repeating: "0", count: 38),
            String(repeating: "9", count: 39),
        ] {
            let report = try await scan([scratch.file("x\n1\n\(number)\n")], sum)
            #expect(report.passes == 1)
            #expect(report.schema.fields[0].type.description == (number.count == 38 ? "decimal(38,0)" : "int64"))
        }
    }

    @Test func progressEndsWithAllRows() async throws {
        let path = try scratch.file("a\n" + String(repeating: "1\n", count: 500))
        let seen = Progress()
        var options = CSVOptions()
        options.chunkBytes = 64
        let scanner = Scanner(threads: 3) { progress in seen.add(progress) }
        _ = await scanner.judge(
            try expectations("expectations: [{expect_table_row_count_to_equal: {value: 500}}]"),
            source: try CSVSource([path], options: options), now: noon)
        let rows = seen.all.map(\.rows)
        #expect(rows == rows.sorted())
        #expect(seen.all.last.map { "\($0)" } == "ScanProgress(bytes: 1002, totalBytes: Optional(1002), rows: 500)")
    }

    @Test func bytesOfHeadersCount() async throws {
        let paths = [try scratch.file("a,b\n1,2\n", "1.csv"), try scratch.file("\u{FEFF}a,b\n1,2\n3,4", "2.csv")]
        let report = try await scan(paths, expectations("row_count: 3"), chunkBytes: 16)
        #expect(report.byteCount == 8 + 14 && report.rowCount == 3)
    }

    /// Many results with all failing rows share the memory that a scan may take.
    @Test func listsOfFailingRowsAreWholeInLittleMemory() async throws {
        let path = try scratch.file("a\n" + (0..<6_000).map { "\($0)\n" }.joined())
        let suite = (0..<20).map {
            "  - expect_column_values_to_be_between: {column: a, min_value: \($0 * 300), result_format: COMPLETE}\n"
        }
        let expectations = try expectations("expectations:\n" + suite.joined())
        let memory = MemoryBudget(limitBytes: 10_000, directory: FileManager.default.temporaryDirectory.path)
        let report = try await scan([path], expectations, chunkBytes: 4_000, memory: memory)
        for (number, result) in report.results.enumerated() {
            let (rows, failure) = result.unexpectedRows.all()
            #expect(rows.map(\.row) == Array(1..<number * 300 + 1) && failure == nil)
            #expect(rows.last.map { $0.values[0].value } == (number == 0 ? nil : .integer(Int128(number * 300 - 1))))
        }
        let nowhere = MemoryBudget(limitBytes: 10_000, directory: "/nonexistent")
        let cut = try await scan([path], expectations, chunkBytes: 4_000, memory: nowhere).results[19]
        #expect(cut.outcome == .failed && cut.rows?.unexpectedCount == 5_700)
        #expect(
            cut.unexpectedRows.all().failure == "no spill file can be made in /nonexistent: no such file or directory")
    }

    @Test func anAbsentColumnThatMayBeAbsentIsNoMistake() throws {
        let path = try scratch.file("a\n1\n")
        let plan = try ScanPlan(
            expectations(
                """
                expectations:
                  - expect_column_values_to_not_be_null: {column: b, on_missing_column: skip}
                  - expect_column_values_to_not_be_null: {column: c}
                  - expect_column_values_to_match_regex: {column: a, regex: "1"}
                """), source: CSVSource([path]), now: noon)
        let written = plan.expectations.filter { !$0.isImplied }
        #expect(written.map { $0.mistake?.code } == [nil, "unknown-column", nil])
        #expect(written.map(\.emptyReason) == ["there is no column \"b\"", nil, nil])
    }

    @Test func dataThatCannotBeOpenedDecidesNothing() throws {
        let error = SourceError(code: "not-found", message: "there is no such file", place: "x.csv")
        let report = ScanReport(try expectations("columns: {a: {required: true}}"), unreadable: error)
        #expect(report.failure == RunFailure(code: "not-found", message: "x.csv: there is no such file"))
        let unread = "errored: the data could not be read: x.csv: there is no such file"
        #expect(report.outcomes == [unread, unread])
    }
}
