import Statistics
import Tables

extension ExpectationKind {
    /// No combination of the columns' values occurs twice.
    static let compoundColumnsToBeUnique = ExpectationKind.rows(
        "expect_compound_columns_to_be_unique", .uniqueness, summary: "no combination of values occurs twice",
        details: """
            Missing equals missing. Rows whose values are all missing are skipped unless ignore_row_if says otherwise. Every row \
            of a group of equals is unexpected. Exact, by 128-bit hashes; beyond the memory budget the hashes go to disk.
            """,
        parameters: [
            .columnList,
            Parameter(
                "ignore_row_if", .choice,
                "all_values_are_missing (the default), any_value_is_missing or never: which rows are skipped"),
        ]
    ) { arguments throws(SuiteError) in
        let columns = try arguments.columnList()
        let ignoring = try arguments.choice("ignore_row_if", IgnoreRowIf.allValuesAreMissing)
        let names = columns.joined(separator: ", ")
        let claim = Claim(
            "combinations of \(names)", holds: "occur once", fails: "occur more than once")
        return try .unique(arguments, columns: columns, ignoring: ignoring, claim: claim)
    }
}

extension Arguments {
    /// `column_list`: two names or more, each once.
    func columnList() throws(SuiteError) -> [String] {
        let columns = try differentTexts("column_list")
        guard columns.count >= 2 else {
            throw SuiteError(
                code: "bad-argument", message: "column_list must name two columns or more, got \(columns.count)",
                location: self["column_list"]?.mark)
        }
        return columns
    }
}
