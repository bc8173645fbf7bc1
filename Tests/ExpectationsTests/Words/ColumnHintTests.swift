import Expectations
import Tables
import Testing

@Suite struct ColumnHintTests {
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
