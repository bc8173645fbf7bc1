extension ExpectationKind {
    /// A regular expression matches nowhere in each value's text.
    static let columnValuesToNotMatchRegex = ExpectationKind.rows(
        "expect_column_values_to_not_match_regex", .ranges, summary: "values do not match a regular expression",
        details: """
            Missing values are not judged. The expression is searched for, so anchor it with ^ and $ to match the whole text. \
            PCRE2's dialect, Unicode-aware; $ also matches before a final newline. Numbers and times are matched as they \
            are written in the file. A value on which the expression gives up makes the expectation errored.
            """,
        parameters: [.column, Parameter("regex", .pattern, isRequired: true, "the regular expression")]
    ) { arguments throws(SuiteError) in
        try .pattern(arguments, wantsMatch: false)
    }
}
