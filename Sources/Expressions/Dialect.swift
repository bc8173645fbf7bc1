/// The language that a condition is written in.
public enum Dialect: String, Sendable, Hashable, CaseIterable {
    /// SQL's search conditions: `country = 'NL' AND amount IS NOT NULL`.
    case sql
    /// What pandas' `DataFrame.query` understands: `country == "NL" and amount.notnull()`. Missing values differ from
    /// everything and `not` knows no third value; texts compared with numbers are never equal.
    case pandas
    /// The conditions of Great Expectations before 1.0: `col("country") == "NL" and col("amount").notNull()`.
    case greatExpectations = "great_expectations"

    var isSQL: Bool { self == .sql }
}
