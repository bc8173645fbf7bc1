import Delta
import Expectations
import Files
import Parquet
import Scan
import Suites
import Tables
import TestSupport
import Testing

/// Times at the ends of what 64 bits hold, which files use as stand-ins and attackers as traps.
@Suite struct ExtremeTimesTests {
    private static let suite = """
        expectations:
          - expect_table_to_be_fresh: {column: t, max_age: 1d}
          - expect_table_to_be_fresh: {column: d, max_age: 1d}
          - expect_column_min_to_be_between: {column: t, min_value: "1960-01-01"}
          - expect_column_max_to_be_between: {column: d, max_value: "2960-01-01"}
          - expect_column_values_to_be_between: {column: ms, min_value: "1960-01-01"}
          - expect_column_max_to_be_between: {column: ms, max_value: "2960-01-01"}
          - expect_column_values_to_be_of_type: {column: ms, type_: timestamp}
          - expect_column_values_to_not_be_null: {column: ms}
        """

    @Test(arguments: [Int64.min, -1, 0, Int64.max / 1_000 + 1, Int64.max]) func areJudgedAlike(_ ticks: Int64)
        async throws
    {
        let scratch = try Scratch()
        let output = try OutputFile(path: scratch.path("t.parquet"))
        let schema = try ParquetSchema(writing: [
            .leaf("t", .timestamp(.microseconds, isUTC: true)), .leaf("d", .date),
            .leaf("ms", .timestamp(.milliseconds, isUTC: true)),
        ])
        let writer = try ParquetWriter(to: output, schema: schema)
        let days: Int32 = ticks < 0 ? .min : .max
        try writer.append(rows: [
            .structure([
                ParquetValue.Member(name: "t", value: .timestamp(ticks: ticks, unit: .microseconds, isUTC: true)),
                ParquetValue.Member(name: "d", value: .date(days: days)),
                ParquetValue.Member(name: "ms", value: .timestamp(ticks: ticks, unit: .milliseconds, isUTC: true)),
            ])
        ])
        _ = try writer.finish()
        try output.commit()
        let source = try ParquetSource([output.path])
        let expectations = try expectations(Self.suite)
        let wanted = await Scanner(threads: 1, usesStatistics: false).judge(expectations, source: source, now: noon)
        let report = await Scanner(threads: 1).judge(expectations, source: source, now: noon)
        #expect(report.outcomes == wanted.outcomes)
        #expect(wanted.outcomes.allSatisfy { !$0.hasPrefix("errored") })
    }
}
