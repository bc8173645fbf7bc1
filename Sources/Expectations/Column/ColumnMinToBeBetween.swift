import Statistics

extension ExpectationKind {
    /// The smallest value of a column lies between two bounds.
    static let columnMinToBeBetween = ExpectationKind.aggregate(
        "expect_column_min_to_be_between", .ranges, summary: "the smallest value of a column lies between two bounds",
        details: """
            Numbers, text (by its bytes), dates and times have one. Missing values are left out, and values that are none of \
            the column's type (they are counted as uncomparable_count). Undefined without values, which fails where there \
            are bounds.
            """,
        parameters: [.column] + Parameter.bounds(.bound)
    ) { arguments throws(SuiteError) in
        try .extreme(arguments, "smallest") { $0.minimum }
    }
}
