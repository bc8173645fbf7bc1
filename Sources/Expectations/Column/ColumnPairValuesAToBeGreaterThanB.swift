import Expressions

extension ExpectationKind {
    /// In each row, the value of one column is greater than that of another.
    static let columnPairValuesAToBeGreaterThanB = ExpectationKind.rows(
        "expect_column_pair_values_a_to_be_greater_than_b", .ranges,
        summary: "values of a column are greater than those of another",
        details: """
            Numbers of any type compare with each other, whole ones exactly; text by its bytes; Booleans, dates and times with their like, \
            and false is less than true; a date beside timestamps is its midnight in the asset's time zone. \
            Rows where both values are missing are skipped unless ignore_row_if says otherwise; in a row that is judged, a \
            missing value makes the pair unexpected, and so does one that is none of its column's type.
            """,
        parameters: [
            Parameter("column_A", .column, isRequired: true, "the column whose values are to be greater"),
            Parameter("column_B", .column, isRequired: true, "the column whose values are to be smaller"),
            Parameter("or_equal", .flag, "equal values are as expected, too; false when absent"),
            Parameter(
                "ignore_row_if", .choice,
                "both_values_are_missing (the default), either_value_is_missing or neither: which rows are skipped"),
        ]
    ) { arguments throws(SuiteError) in
        let (left, right) = (try arguments.text("column_A"), try arguments.text("column_B"))
        guard !left.utf8.elementsEqual(right.utf8) else {
            throw SuiteError(
                code: "bad-argument", message: "column_B must be another column than column_A, got \"\(right)\" twice",
                location: arguments["column_B"]?.mark)
        }
        let isEqualAllowed = try arguments.flag("or_equal")
        let ignoring = try arguments.choice("ignore_row_if", IgnorePairIf.bothValuesAreMissing)
        let relation = isEqualAllowed ? "at least" : "greater than"
        let claim = Claim(
            "values of \(left)", holds: "are \(relation) those of \(right)",
            fails: "are not \(relation) those of \(right)")
        return try .rows(arguments, columns: [left, right], claim: claim) { table throws(PlanError) in
            try PairTest(left, isEqualAllowed ? .greaterOrEqual : .greater, right, ignoring: ignoring, table)
        }
    }
}
