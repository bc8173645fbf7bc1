import Expectations
import Expressions
import Scan
import Statistics
import Suites
import Tables
import TestSupport
import Testing

/// Tests that share a look at a column say what each says alone.
@Suite struct ValueTestPanelTests {
    private static let suite = """
        expectations:
          - expect_column_values_to_not_be_null: {column: few}
          - expect_column_values_to_be_null: {column: few}
          - expect_column_values_to_be_in_set: {column: few, value_set: [a, bb, é]}
          - expect_column_values_to_be_in_set: {column: few, value_set: [a, bb, é, c, "", "a longer text, of more than sixteen bytes"]}
          - expect_column_values_to_not_be_in_set: {column: few, value_set: [c], result_format: {result_format: COMPLETE, unexpected_index_column_names: [amount]}}
          - expect_column_values_to_match_regex: {column: few, regex: "^[a-c]"}
          - expect_column_values_to_match_regex: {column: few, regex: "(é+)+$", result_format: BOOLEAN_ONLY}
          - expect_column_value_lengths_to_be_between: {column: few, min_value: 1, max_value: 100}
          - expect_column_value_lengths_to_be_between: {column: few, max_value: 2, result_format: {result_format: SUMMARY, partial_unexpected_count: 3}}
          - expect_column_values_to_be_between: {column: few, min_value: a, max_value: c}
          - expect_column_values_to_be_of_type: {column: few, type_: int64}
          - expect_column_values_to_be_in_set: {column: few, value_set: [a], row_condition: "amount > 3"}
          - expect_column_values_to_not_be_in_set: {column: few, value_set: [bb], row_condition: "amount > 3"}
          - expect_column_values_to_be_in_set: {column: many, value_set: [t1, t2, t3]}
          - expect_column_values_to_match_regex: {column: many, regex: "7$"}
          - expect_column_value_lengths_to_be_between: {column: many, min_value: 1, max_value: 6}
          - expect_column_values_to_be_between: {column: amount, min_value: 0, max_value: 8}
          - expect_column_values_to_be_between: {column: amount, min_value: -10, max_value: 1000}
          - expect_column_values_to_be_between: {column: amount, min_value: 3, strict_min: true}
          - expect_column_values_to_be_in_set: {column: amount, value_set: [1, 2, 3]}
          - expect_column_values_to_not_be_in_set: {column: amount, value_set: [1, 2, 3]}
          - expect_column_value_lengths_to_be_between: {column: amount, max_value: 1}
          - expect_column_values_to_match_regex: {column: amount, regex: "^[0-4]"}
          - expect_column_values_to_be_of_type: {column: amount, type_: int64}
          - expect_column_values_to_be_between: {column: price, min_value: 0, max_value: 2.5}
          - expect_column_values_to_be_between: {column: price, min_value: -0.0, strict_min: true}
          - expect_column_values_to_be_in_set: {column: price, value_set: [0, 0.5]}
          - expect_column_values_to_be_between: {column: cents, min_value: 0.05, max_value: 0.5}
          - expect_column_values_to_be_in_set: {column: cents, value_set: [0.1, 0.10, 0.25]}
          - expect_column_values_to_be_between: {column: day, min_value: "2024-01-02", max_value: "2024-01-09"}
          - expect_column_values_to_be_in_set: {column: day, value_set: ["2024-01-02"]}
          - expect_column_values_to_be_in_set: {column: flag, value_set: [true]}
        """

    private static let schema = Schema([
        Field("few", .string), Field("many", .string), Field("amount", .int64), Field("price", .float64),
        Field("cents", .decimal(precision: 9, scale: 2)), Field("day", .date), Field("flag", .boolean),
    ])

    /// Random rows; `share` percent of the values are missing, one percent of the amounts are no numbers.
    private func batch(_ rows: Int, missing share: Int, _ random: inout SeededGenerator) -> Batch {
        func values(_ value: (inout SeededGenerator) -> Value) -> [Value] {
            (0..<rows).map { _ in random.chance(share) ? .missing : value(&random) }
        }
        let texts = [
            "a", "bb", "é", "c", "", "a longer text, of more than sixteen bytes", "a longer text of the same kind",
        ]
        let hasFaults = random.chance(30)
        let columns: [[Value]] = [
            values { .text($0.pick(texts)) },
            values { .text("t\(Int.random(in: 0...100_000, using: &$0))") },
            values { hasFaults && $0.chance(1) ? .text("n/a") : .integer(Int128.random(in: -1...9, using: &$0)) },
            values { .float(Double(Int.random(in: -1...6, using: &$0)) / 2) },
            values { .decimal(DecimalNumber(unscaled: Int128.random(in: 0...60, using: &$0), scale: 2)) },
            values { .date(days: 19_723 + Int.random(in: 0...9, using: &$0)) },
            values { .boolean($0.chance(50)) },
        ]
        var typed: [Column?] = zip(Self.schema.fields, columns).map { Column($0.type, $1) }
        if random.chance(50), let few = typed[0], case .text(let cells) = few.values {
            typed[0] = Column(
                type: .string, present: few.present, values: few.values, dictionary: dictionary(cells, &random))
        }
        return Batch(ordinal: 0, rowCount: rows, columns: typed)
    }

    /// A dictionary as a file might have it: with entries that are equal, and some that no row holds.
    private func dictionary(_ cells: TextCells, _ random: inout SeededGenerator) -> CellDictionary {
        var entries: [String?] = ["of no row", "a", "a"]
        for row in 0..<cells.count where !entries.contains(cells.string(at: row)) {
            entries.append(cells.string(at: row))
        }
        let codes = (0..<cells.count).map { row in
            let places = entries.indices.filter { entries[$0] == cells.string(at: row) }
            return UInt32(random.pick(places))
        }
        return CellDictionary(entries: TextCells(entries), codes: codes)
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>) func saysWhatEachTestSaysAlone(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let table = MemoryTable(Self.schema, columns: Self.schema.fields.map { _ in [] })
        let plan = ScanPlan(try expectations(Self.suite), source: table, now: noon)
        #expect(plan.expectations.allSatisfy { if case .success = $0.binding { true } else { false } })
        let metrics = plan.metrics.filter { $0.valueColumn != nil }
        #expect(metrics.count == 32)
        let batches = (0..<3).map { _ in
            batch(random.pick([0, 1, 63, 64, 400, 2_000]), missing: random.pick([0, 0, 10, 100]), &random)
        }
        let groups = Dictionary(grouping: metrics) { "\($0.valueColumn ?? -1) where \($0.key.condition ?? "")" }
        for group in groups.values {
            let panel = try #require(ValueTestPanel(group))
            let joint: [RowTally] = gather(panel, group[0], batches)
            for (metric, tally) in zip(group, joint) {
                let alone = gatherAny(metric.empty, metric, batches) as? RowTally
                #expect(tally == alone, "seed \(seed): \(metric.key.name) \(metric.key.arguments)")
            }
        }
    }

    /// So many ranges that the values are sorted.
    @Test(arguments: 1...20 as ClosedRange<UInt64>) func saysOfManyRangesWhatEachSaysAlone(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let table = MemoryTable(Self.schema, columns: Self.schema.fields.map { _ in [] })
        var suite = "expectations:\n"
        for column in ["amount", "price", "cents", "day"] {
            for number in -3...20 {
                let (low, high) =
                    column == "day"
                    ? ("\"2024-01-0\(abs(number) % 9 + 1)\"", "\"2024-01-\(10 + abs(number) % 5)\"")
                    : ("\(Double(number) / 4)", "\(Double(number) / 3 + 2)")
                let format = random.pick([
                    "BOOLEAN_ONLY", "SUMMARY", "{result_format: BASIC, partial_unexpected_count: 3}",
                ])
                suite +=
                    "  - expect_column_values_to_be_between: {column: \(column), min_value: \(low), max_value: \(high), "
                    + "strict_min: \(random.chance(50)), strict_max: \(random.chance(50)), result_format: \(format)}\n"
            }
        }
        let plan = ScanPlan(try expectations(suite), source: table, now: noon)
        let metrics = plan.metrics.filter { $0.valueColumn != nil }
        let batches = (0..<3).map { _ in
            batch(random.pick([0, 1, 64, 700]), missing: random.pick([0, 10, 100]), &random)
        }
        for group in Dictionary(grouping: metrics, by: \.valueColumn).values {
            let panel = try #require(ValueTestPanel(group))
            let joint: [RowTally] = gather(panel, group[0], batches)
            for (metric, tally) in zip(group, joint) {
                let alone = gatherAny(metric.empty, metric, batches) as? RowTally
                #expect(tally == alone, "seed \(seed): \(metric.key.name) \(metric.key.arguments)")
            }
        }
    }

    /// So many sets, patterns and lengths that each value is looked at once for all of them.
    @Test(arguments: 1...30 as ClosedRange<UInt64>) func saysOfManyTestsWhatEachSaysAlone(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let table = MemoryTable(Self.schema, columns: Self.schema.fields.map { _ in [] })
        var suite = "expectations:\n"
        for number in 0..<12 {
            let format = random.pick(["BOOLEAN_ONLY", "SUMMARY", "{result_format: BASIC, partial_unexpected_count: 3}"])
            func add(_ kind: String, _ arguments: String) {
                suite += "  - expect_column_\(kind): {\(arguments), result_format: \(format)}\n"
            }
            for (column, values) in [
                ("many", ["t1", "t\(number)", "t\(1_000 * number)"]), ("few", ["a", "é", "bb"]),
                ("amount", ["1", "\(number)"]),
                ("price", ["0.5", "-0.0", "\(number)"]), ("day", ["\"2024-01-0\(number % 9 + 1)\""]),
                ("cents", ["0.\(10 + number)"]),
            ] {
                let set = values.prefix(random.chance(30) ? 1 : 9).joined(separator: ", ")
                add("values_to\(random.chance(50) ? "_not" : "")_be_in_set", "column: \(column), value_set: [\(set)]")
            }
            for column in ["many", "few", "amount"] {
                let pattern = random.pick([
                    "^t[0-9]{\(number)}", "\(number)", "^[a-z]+\(number)", "^t\\d{1,\(number + 1)}$",
                    "[\(number % 10)]$",
                ])
                add("values_to\(random.chance(50) ? "_not" : "")_match_regex", "column: \(column), regex: '\(pattern)'")
                add(
                    "value_lengths_to_be_between",
                    "column: \(column), min_value: \(number / 3), max_value: \(number / 2)")
            }
        }
        let plan = ScanPlan(try expectations(suite), source: table, now: noon)
        let metrics = plan.metrics.filter { $0.valueColumn != nil }
        #expect(metrics.count > 80)
        let batches = (0..<4).map { _ in
            batch(random.pick([0, 1, 64, 700]), missing: random.pick([0, 10, 100]), &random)
        }
        for group in Dictionary(grouping: metrics, by: \.valueColumn).values {
            let panel = try #require(ValueTestPanel(group))
            let joint: [RowTally] = gather(panel, group[0], batches)
            for (metric, tally) in zip(group, joint) {
                let alone = gatherAny(metric.empty, metric, batches) as? RowTally
                #expect(tally == alone, "seed \(seed): \(metric.key.name) \(metric.key.arguments)")
            }
        }
    }

    @Test func refusesMetricsOfSeveralColumns() throws {
        let table = MemoryTable(Self.schema, columns: Self.schema.fields.map { _ in [] })
        let plan = ScanPlan(try expectations(Self.suite), source: table, now: noon)
        #expect(ValueTestPanel(plan.metrics) == nil)
        #expect(ValueTestPanel([]) == nil)
    }

    /// What an accumulator makes of batches, each taken in by a fresh one and joined.
    private func gather<A: Accumulator>(_ empty: A, _ metric: Metric, _ batches: [Batch]) -> A.Result {
        var total = empty
        for batch in batches {
            var part = empty
            part.follow(total)
            part.update(batch, rows: metric.condition.map { $0.evaluate(batch) })
            total.merge(part)
        }
        return total.finish()
    }

    private func gatherAny(_ empty: any Accumulator, _ metric: Metric, _ batches: [Batch]) -> any Sendable {
        func open<A: Accumulator>(_ empty: A) -> any Sendable { gather(empty, metric, batches) }
        return open(empty)
    }
}
