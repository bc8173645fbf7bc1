import Statistics

extension ExpectationKind {
    /// The largest value of a column lies between two bounds.
    static let columnMaxToBeBetween = ExpectationKind.aggregate(
        "expect_column_max_to_be_between", .ranges, summary: "the largest value of a column lies between two bounds",
        details: """
            Numbers, text (by its bytes), dates and times have one. Missing values are left out, and values that are none of \
            the column's type (they are counted as uncomparable_count). Undefined without values, which fails where there \
            are bounds.
            """,
        parameters: [.column] + Parameter.bounds(.bound)
    ) { arguments throws(SuiteError) in
        try .extreme(arguments, "largest") { $0.maximum }
    }
}
