/// A question that can be asked of data: its name, its arguments, and how it is judged.
///
/// A kind is a value in a file of its own, listed in `Catalogue.swift`. It is checked in two steps: `plan` reads the
/// arguments (mistakes point into the suite), the plan is then bound to a table (where columns and types are known).
public struct ExpectationKind: Sendable {
    public enum Family: String, Sendable, CaseIterable {
        case nullness, ranges = "ranges and sets", uniqueness, schema = "schema and drift", freshness, table
    }

    /// A sentence, as in `expect_column_max_to_be_between`.
    public let name: String
    public let family: Family
    /// What is true when it passes, in a few words.
    public let summary: String
    /// The exact meaning: what is considered, what missing values do, when it is vacuous.
    public let details: String
    /// All arguments it takes, the common ones included.
    public let parameters: [Parameter]
    public let isRowLevel: Bool
    let plan: @Sendable (Arguments) throws(SuiteError) -> Plan

    /// A kind that judges each row: it takes `mostly`, `row_condition` and `result_format` besides its own arguments.
    static func rows(
        _ name: String, _ family: Family, summary: String, details: String, parameters: [Parameter],
        plan: @escaping @Sendable (Arguments) throws(SuiteError) -> Plan
    ) -> ExpectationKind {
        ExpectationKind(
            name: name, family: family, summary: summary, details: details,
            parameters: parameters + [.mostly] + Parameter.rowCommon + [.onFail, .resultFormat] + Parameter.common,
            isRowLevel: true, plan: plan)
    }

    /// A kind that compares one number of a column (or of the rows) with bounds: it takes `row_condition`.
    static func aggregate(
        _ name: String, _ family: Family, summary: String, details: String, parameters: [Parameter],
        plan: @escaping @Sendable (Arguments) throws(SuiteError) -> Plan
    ) -> ExpectationKind {
        ExpectationKind(
            name: name, family: family, summary: summary, details: details,
            parameters: parameters + Parameter.rowCommon + [.resultFormat] + Parameter.common, isRowLevel: false,
            plan: plan)
    }

    /// A kind that judges the table as such.
    static func table(
        _ name: String, _ family: Family, summary: String, details: String, parameters: [Parameter],
        plan: @escaping @Sendable (Arguments) throws(SuiteError) -> Plan
    ) -> ExpectationKind {
        ExpectationKind(
            name: name, family: family, summary: summary, details: details,
            parameters: parameters + [.resultFormat] + Parameter.common, isRowLevel: false, plan: plan)
    }
}
