import Files
import Parquet
import Scan
import Tables
import TestSupport
import Testing

/// A column that is of one type in one file and of another in another spoils the expectations that use it, and no others.
@Suite struct TypeConflictTests {
    private func file(_ scratch: Scratch, _ name: String, _ type: LogicalType, _ value: Value) throws -> String {
        let schema = Schema([Field("a", type), Field("b", .string)])
        let output = try OutputFile(path: scratch.path(name))
        let writer = try ParquetWriter(to: output, schema: try ParquetSchema(schema))
        try writer.append(
            Batch(
                ordinal: 0, rowCount: 2,
                columns: [Column(type, [value, .missing]), Column(.string, [.text("x"), .text(name)])]))
        _ = try writer.finish()
        try output.commit()
        return output.path
    }

    @Test func spoilsOnlyWhatUsesTheColumn() async throws {
        let scratch = try Scratch()
        let source = try ParquetSource([
            try file(scratch, "1.parquet", .int64, .integer(1)), try file(scratch, "2.parquet", .float64, .float(1.5)),
        ])
        let expectations = try expectations(
            """
            expectations:
              - expect_column_values_to_not_be_null: {column: a}
              - expect_column_values_to_be_null: {column: a}
              - expect_column_values_to_be_unique: {column: A}
              - expect_compound_columns_to_be_unique: {column_list: [a, b]}
              - expect_column_value_lengths_to_be_between: {column: a, max_value: 9}
              - expect_column_values_to_match_regex: {column: a, regex: "."}
              - expect_column_proportion_of_non_null_values_to_be_between: {column: a, min_value: 0.1}
              - expect_column_max_to_be_between: {column: a, max_value: 9}
              - expect_column_values_to_not_be_null: {column: b, row_condition: "a is not null"}
              - expect_column_to_exist: {column: a}
              - expect_column_values_to_not_be_null: {column: b}
              - expect_table_row_count_to_equal: {value: 4}
            """)
        let reason =
            "\(scratch.path("2.parquet")): column 'a' is float64 here and int64 in an earlier file "
            + "(files of one table have one schema; name them as two assets)"
        for usesStatistics in [true, false] {
            let report = await Scanner(threads: 1, usesStatistics: usesStatistics).judge(
                expectations, source: source, now: noon)
            #expect(report.failure == nil)
            #expect(
                report.outcomes
                    == [String](repeating: "errored: \(reason)", count: 9) + ["passed", "passed", "passed"])
        }
    }
}
