import Tables

extension ExpectationKind {
    /// Texts are of a length between two bounds.
    static let columnValueLengthsToBeBetween = ExpectationKind.rows(
        "expect_column_value_lengths_to_be_between", .ranges, summary: "texts have a length between two bounds",
        details: """
            Missing values are not judged. Length counts Unicode scalars: é is one or two, as it was written. Numbers have \
            the length of their text.
            """,
        parameters: [.column] + Parameter.bounds(.count)
    ) { arguments throws(SuiteError) in
        let column = try arguments.text("column")
        let bounds = try arguments.bounds(.count, isRequired: true)
        return try .lengths(arguments, column, bounds)
    }
}

extension Plan {
    static func lengths(
        _ arguments: Arguments, _ column: String, _ bounds: Bounds
    ) throws(SuiteError) -> Plan {
        let claim = Claim(
            "values of \(column)", holds: "are \(bounds.words) characters long",
            fails: "are not \(bounds.words) characters long")
        return try .rows(arguments, columns: [column], claim: claim) { table throws(PlanError) in
            let range = try ValueRange(bounds, type: .int64, column: column, now: table.now)
            var lengths: ClosedRange<Int>?
            if case .integers(let low, let high) = range, low <= high {
                let bounds = (Int(clamping: max(low, 0)), Int(clamping: high))
                lengths = bounds.0 <= bounds.1 ? bounds.0...bounds.1 : nil
            }
            return LengthTest(column: try table.index(of: column), name: column, lengths: lengths, bounds: bounds.key)
        }
    }
}
