import Expressions
import Tables
import TestSupport
import Testing

/// Random expressions on random batches, against the plain twin; and what must hold of any of them.
struct ValueTwinTests {
    @Test(arguments: 0..<8) func agreesWithThePlainTwin(_ part: Int) throws {
        let seed = UInt64(4_000 + part)
        var random = SeededGenerator(seed: seed)
        var failures = 0
        for _ in 0..<150 {
            let sketch = ValueSketch.random(random.pick(ValueSketch.Kind.allCases), depth: 4, &random)
            let columns = ValueSketch.columns(rows: random.pick([1, 63, 64, 130]), &random)
            let batch = Batch(ValueSketch.schema, columns)
            let expression = try ValueExpression.parse(sketch.text)
            let bound = try expression.bound(to: ValueSketch.schema)
            let (column, problems) = bound.evaluate(batch, clock: 0)
            for row in 0..<batch.rowCount {
                let values = zip(ValueSketch.schema.names, columns).map { ($0, $1[row]) }
                var wanted: Value?
                do throws(ValueSketch.Failed) {
                    wanted = try sketch.value(Dictionary(uniqueKeysWithValues: values))
                } catch {
                    failures += 1
                }
                let isAlike = column.value(at: row) == wanted ?? .missing && problems.rows[row] == (wanted == nil)
                #expect(
                    isAlike,
                    "seed \(seed), row \(row) of \(sketch.text): \(column.value(at: row)), wanted \(wanted.map { "\($0)" } ?? "a problem")"
                )
                if !isAlike { return }
            }
            // Pure: the same batch and clock give the same column; and the canonical text is the same expression.
            let again = try ValueExpression.parse(expression.canonicalText)
            #expect(again == expression)
            let (other, otherProblems) = try again.bound(to: ValueSketch.schema).evaluate(batch, clock: 0)
            #expect((0..<batch.rowCount).allSatisfy { other.value(at: $0) == column.value(at: $0) })
            #expect(otherProblems.rows == problems.rows)
            if !bound.canBeMissing { #expect(column.present.union(problems.rows).isFull) }
        }
        #expect(failures > 0)
    }

    /// A batch cut in two gives the two parts of the whole's column.
    @Test func doesNotDependOnCuts() throws {
        var random = SeededGenerator(seed: 12)
        for _ in 0..<60 {
            let sketch = ValueSketch.random(random.pick(ValueSketch.Kind.allCases), depth: 3, &random)
            let columns = ValueSketch.columns(rows: 100, &random)
            let bound = try ValueExpression.parse(sketch.text).bound(to: ValueSketch.schema)
            let cut = Int.random(in: 1..<100, using: &random)
            let whole = bound.evaluate(Batch(ValueSketch.schema, columns), clock: 0).column
            let head = bound.evaluate(Batch(ValueSketch.schema, columns.map { Array($0[..<cut]) }), clock: 0).column
            let tail = bound.evaluate(Batch(ValueSketch.schema, columns.map { Array($0[cut...]) }), clock: 0).column
            let parts = (0..<cut).map { head.value(at: $0) } + (0..<100 - cut).map { tail.value(at: $0) }
            #expect((0..<100).allSatisfy { whole.value(at: $0) == parts[$0] }, "\(sketch.text)")
        }
    }

    /// A boolean value is true where the row condition of the same text is.
    @Test func agreesWithRowConditions() throws {
        var random = SeededGenerator(seed: 8)
        for _ in 0..<400 {
            let text = Sketch.random(depth: 3, .sql, &random).text(.sql)
            let predicate = try Expression.parse(text, dialect: .sql).bound(to: Table.schema)
            guard let bound = try? ValueExpression.parse(text).boundAsCondition(to: Table.schema) else {
                Issue.record("no value: \(text)")
                continue
            }
            let batch = Batch(
                Table.schema,
                Table.columns(rows: 70, &random).map { column in
                    // Uncomparable cells are unknown to conditions and a problem of values.
                    zip(column, Array(repeating: 0, count: column.count)).map { $0.0 }
                })
            let (isTrue, problems) = bound.rows(of: batch, clock: 0)
            #expect(isTrue == predicate.evaluate(batch).subtracting(problems.rows), "\(text)")
        }
    }
}
