import Expressions
import Tables
import TestSupport
import Testing

/// Random conditions over random batches, judged by the batch and row by row.
struct DifferentialTests {
    @Test(arguments: [Dialect.sql, .pandas], 1...6 as ClosedRange<UInt64>)
    func agreesWithThePlainMeaning(_ dialect: Dialect, _ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for round in 0..<150 {
            let count = random.pick([0, 1, 63, 64, 65, 150])
            let columns = Table.columns(rows: count, &random)
            let batch = Batch(Table.schema, columns)
            let sketch = Sketch.random(depth: 3, dialect, &random)
            let text = sketch.text(dialect)
            let expression = try Expression.parse(text, dialect: dialect)
            let found = try expression.bound(to: Table.schema).evaluate(batch).first(count)
            let wanted = (0..<count).filter { row in sketch.holds(columns.map { $0[row] }, dialect) == true }
            #expect(found == wanted, "seed \(seed), round \(round): \(text)")

            // The canonical text is SQL with the same meaning, and the key of itself.
            let again = try Expression.parse(expression.canonicalText, dialect: .sql)
            #expect(again.canonicalText == expression.canonicalText, "seed \(seed), round \(round): \(text)")
            #expect(
                try again.bound(to: Table.schema).evaluate(batch).first(count) == found,
                "seed \(seed), round \(round): \(text)")
        }
    }
}
