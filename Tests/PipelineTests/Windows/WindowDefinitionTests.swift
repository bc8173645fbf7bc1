import Expressions
import Pipeline
import Tables
import Testing

/// What is said about windows that can't be, or not of this table; and the columns of the others.
struct WindowDefinitionTests {
    private func outcome(
        _ shape: WindowDefinition.Shape = .tumbling(size: 10), column: String = "at", lateness: Int64 = 0,
        groupBy: [String] = ["country"], aggregates: [(String, String)] = [("n", "count(*)")]
    ) throws -> String {
        let parsed = try aggregates.map { WindowDefinition.Aggregate($0.0, try AggregateExpression.parse($0.1)) }
        do throws(WindowDefinition.Mistake) {
            let definition = try WindowDefinition(
                column: column, shape: shape, lateness: lateness, groupBy: groupBy, aggregates: parsed)
            let plan = try WindowPlan(definition, schema: StreamRow.schema, seed: 1)
            return plan.schema.fields.map { "\($0.name) \($0.type)\($0.isNullable ? "" : " always")" }.joined(
                separator: ", ")
        } catch {
            return "\(error.place): \(error.offset.map { "\($0): " } ?? "")\(error.message) [\(error.code)]"
                + (error.hint.map { " hint: \($0)" } ?? "")
        }
    }

    @Test func hasColumns() throws {
        #expect(
            try outcome(aggregates: [
                ("n", "count(*)"), ("revenue", "sum(amount)"), ("p95", "percentile(number, 0.95)"),
            ])
                == "window_start timestamp always, window_end timestamp always, country string, n int64 always, revenue decimal(22,2), p95 float64"
        )
    }

    @Test func refusesLengths() throws {
        let wanted = "must be between 1 microsecond and 100 years [bad-argument]"
        #expect(try outcome(.tumbling(size: 0)) == "size: the size \(wanted)")
        #expect(try outcome(.tumbling(size: .max)) == "size: the size \(wanted)")
        #expect(try outcome(.session(gap: -1)) == "size: the gap \(wanted)")
        #expect(try outcome(.sliding(size: 10, slide: 0)) == "slide: the slide \(wanted)")
        #expect(
            try outcome(.sliding(size: 10, slide: 11))
                == "slide: a slide that is longer than the window would leave records out [bad-argument]")
        #expect(
            try outcome(.sliding(size: 86_400_000_000, slide: 999_999_937))
                == "slide: size and slide have too small a common part: more than 10000 make a window [bad-argument]")
        #expect(
            try outcome(lateness: -1) == "lateness: the lateness must be between 0 and 100 years [bad-argument]")
        #expect(try outcome(aggregates: []) == "aggregates: there is nothing to aggregate [bad-argument]")
    }

    @Test func refusesWhatTheTableHasNot() throws {
        #expect(
            try outcome(column: "att")
                == "column: the table has no column \"att\" [unknown-column] hint: did you mean \"at\"?")
        #expect(
            try outcome(column: "text")
                == "column: windows are cut by timestamps, and \"text\" is string [wrong-type] hint: make it one in the select: timestamp(text)"
        )
        #expect(
            try outcome(groupBy: ["country", "is_knew"])
                == "group(1): the table has no column \"is_knew\" [unknown-column] hint: did you mean \"is_new\"?")
        #expect(
            try outcome(aggregates: [("n", "count(*)"), ("s", "sum(text)")])
                == "aggregate(1): 4: sum takes numbers or durations, and \"text\" is string [wrong-type] hint: write decimal(…, 12, 2), int64(…) or float64(…)"
        )
        #expect(
            try outcome(aggregates: [("Country", "count(*)")])
                == "aggregate(0): the table would have two columns \"Country\" [duplicate-column]")
        #expect(
            try outcome(groupBy: ["country", "country"])
                == "group(1): the table would have two columns \"country\" [duplicate-column]")
    }
}
