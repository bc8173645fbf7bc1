import Expressions
import Foundation
import Pipeline
import Tables
import TestSupport
import Testing

/// Aggregates give what DuckDB gives for the same records.
struct WindowPeerTests {
    private static let aggregates = [
        ("count(*)", "count(*)"), ("count(number)", "count(number)"),
        ("count_if(number > 0)", "count(*) filter (number > 0)"),
        ("sum(number)", "sum(number)"), ("sum(amount * number)", "sum(amount * number)"), ("sum(ratio)", "sum(ratio)"),
        ("avg(number)", "avg(number)"), ("avg(ratio)", "avg(ratio)"), ("min(amount)", "min(amount)"),
        ("max(amount)", "max(amount)"), ("min(text)", "min(text)"), ("max(text)", "max(text)"),
        ("count_distinct(text)", "count(distinct text)"), ("count_distinct(amount)", "count(distinct amount)"),
        ("count_distinct(ratio)", "count(distinct ratio)"), ("median(ratio)", "median(ratio)"),
        ("percentile(number, 0.9)", "quantile_cont(number, 0.9)"),
        ("percentile(ratio, 0.01)", "quantile_cont(ratio, 0.01)"),
        ("max(is_new)", "max(is_new)"),
        ("sum(case when is_new then number else 0 end)", "sum(case when is_new then number else 0 end)"),
    ]

    /// A table of DuckDB's as lines; `nil` where Python has no such package.
    private static func ask(_ rows: String, _ query: String) throws -> [String]? {
        let script = """
            import json, sys
            asked = json.load(sys.stdin)
            try:
                import duckdb
            except ImportError:
                sys.exit(3)
            con = duckdb.connect(":memory:")
            con.execute("create table t (us bigint, country varchar, is_new boolean, number bigint, amount decimal(12,2), ratio double, text varchar)")
            con.executemany("insert into t values (?, ?, ?, ?, ?, ?, ?)", json.loads(asked["rows"]))
            answers = ["|".join("missing" if v is None else v for v in row) for row in con.execute(asked["query"]).fetchall()]
            json.dump(answers, sys.stdout)
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        let question = try JSONEncoder().encode(["rows": rows, "query": query])
        let writer = Thread {
            try? input.fileHandleForWriting.write(contentsOf: question)
            try? input.fileHandleForWriting.close()
        }
        writer.start()
        let data = output.fileHandleForReading.everything()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            #expect(process.terminationStatus == 3)
            return nil
        }
        return try JSONDecoder().decode([String].self, from: data)
    }

    @Test func agreesWithDuckDB() throws {
        var random = SeededGenerator(seed: 21)
        let rows = (0..<1_500).map { _ in
            var row = StreamRow(&random, around: 0, spread: 400_000_000)
            row.time = row.time ?? 0
            // Python's reader of the answer is not to trip over it.
            if row.country == "a\0b" { row.country = "b" }
            return row
        }
        let json = JSON.array(
            rows.map { row in
                .array([
                    row.time.map { .integer($0) } ?? .null, row.country.map { .string($0) } ?? .null,
                    row.isNew.map { .boolean($0) } ?? .null, row.number.map { .integer($0) } ?? .null,
                    row.cents.map { .string(DecimalNumber(unscaled: Int128($0), scale: 2).description) } ?? .null,
                    row.ratio.map { .number("\($0)") } ?? .null, row.text.map { .string($0) } ?? .null,
                ])
            })
        let columns = Self.aggregates.map { "cast(\($0.1) as varchar)" }.joined(separator: ", ")
        let query = """
            select * from (select cast(us - (us % 100000000 + 100000000) % 100000000 as varchar) as start, country, \(columns) from t
            group by all) order by cast(start as bigint), encode(country) nulls first
            """
        guard let wanted = try Self.ask(json.text(), query) else {
            print("skipped: Python has no package duckdb here")
            return
        }
        let definition = try WindowDefinition(
            column: "at", shape: .tumbling(size: 100_000_000), groupBy: ["country"],
            aggregates: Self.aggregates.enumerated().map { index, pair in
                WindowDefinition.Aggregate("a\(index)", try AggregateExpression.parse(pair.0))
            })
        var windows = WindowOperator(try WindowPlan(definition, schema: StreamRow.schema, seed: 1))
        for start in stride(from: 0, to: rows.count, by: 100) {
            let part = Array(rows[start..<start + 100])
            _ = windows.fold(StreamRow.batch(part), rows: Bitmap(repeating: true, count: 100), clock: 0)
        }
        let batch = windows.prepare(flushAt: .max).closed.batch
        #expect(batch.rowCount == wanted.count)
        for (row, line) in wanted.enumerated() where row < batch.rowCount {
            var cells = batch.columns.map { $0?.value(at: row) ?? .missing }
            guard case .timestamp(let start) = cells.removeFirst() else { continue }
            cells.removeFirst()
            let answers = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
            #expect(answers[0] == "\(start)")
            #expect(answers[1] == cells[0].description)
            for (index, pair) in Self.aggregates.enumerated() {
                let (own, other) = (cells[index + 1], answers[index + 2])
                if case .float(let number) = own, let wanted = Double(other) {
                    // The peer rounds on the way.
                    #expect(
                        (number - wanted).magnitude <= 1e-12 * max(1, wanted.magnitude),
                        "\(pair.0) in \(start) \(cells[0])")
                } else {
                    #expect(own.description == other, "\(pair.0) in \(start) \(cells[0])")
                }
            }
        }
    }
}
