import Expectations
import Tables
import Testing

@Suite struct ColumnHintTests {
    /// A condition may list thousands of values.
    @Test func shortensLongConditions() throws {
        let values = (10_000..<15_000).map { "\($0)" }
        let kind = try #require(Catalogue.kind(named: "expect_column_values_to_not_be_null"))
        let members = [("column", "x"), ("row_condition", "x in (\(values.joined(separator: ", ")))")]
        let arguments = Arguments(
            kind: kind.name, members.map { Argument.Member(name: $0.0, value: Argument(.text($0.1))) })
        let expectation = try Expectations.Expectation(kind: kind, arguments: arguments)
        let shown = "x in (" + values.prefix(42).joined(separator: ", ") + ", "
        #expect(expectation.rule == "rows have a value in x, where \(shown)…")
    }

    static let types: [(type: LogicalType, hint: String?)] = [
        (.string, "declare the column's type in the suite, as in columns: {x: {type: float64}}"),
        (.date, "of dates and times there are a minimum, a maximum, a median and quantiles"),
        (.timestamp, "of dates and times there are a minimum, a maximum, a median and quantiles"), (.boolean, nil),
    ]

    @Test(arguments: types) func saysWhatHelpsWhereNumbersAreWanted(_ type: LogicalType, _ hint: String?) throws {
        let context = TableContext(schema: Schema([Field("x", type)]), partitions: [], now: 0)
        let kind = try #require(Catalogue.kind(named: "expect_column_stdev_to_be_between"))
        let members = [
            Argument.Member(name: "column", value: Argument(.text("x"))),
            Argument.Member(name: "min_value", value: Argument(.number(DecimalNumber(1)))),
        ]
        let expectation = try Expectations.Expectation(kind: kind, arguments: Arguments(kind: kind.name, members))
        let error = #expect(throws: PlanError.self) { try expectation.bound(to: context) }
        #expect(error?.hint == hint)
    }

    @Test func shortensLongNamesOfColumns() throws {
        let names = [String(repeating: "n", count: 40), String(repeating: "é", count: 41)] + (1...19).map { "c\($0)" }
        #expect(
            try hint(names) == "columns: \(names[0]), \(String(repeating: "é", count: 40))…, "
                + (1...18).map { "c\($0)" }.joined(separator: ", ") + ", …")
    }

    @Test func saysThatThereAreNoColumns() throws { #expect(try hint([]) == "the table has none") }

    /// For a column that a table with columns of these names lacks.
    private func hint(_ names: [String]) throws -> String? {
        let context = TableContext(schema: Schema(names.map { Field($0, .int64) }), partitions: [], now: 0)
        let kind = try #require(Catalogue.kind(named: "expect_column_max_to_be_between"))
        let members: [(String, Argument.Content)] = [
            ("column", .text("something else")), ("max_value", .number(DecimalNumber(1))),
        ]
        let arguments = Arguments(
            kind: kind.name, members.map { Argument.Member(name: $0.0, value: Argument($0.1)) })
        let expectation = try Expectations.Expectation(kind: kind, arguments: arguments)
        let error = #expect(throws: PlanError.self) { try expectation.bound(to: context) }
        return error?.hint
    }
}
