/// An argument that a kind takes: its name, what may stand there, and what its absence means.
///
/// From these come the reference page, the refusal of unknown arguments, and `assay kinds`.
public struct Parameter: Sendable, Hashable {
    public enum Shape: String, Sendable, Hashable {
        case column = "a column's name"
        case columns = "a list of columns' names"
        case bound = "a number, text, date or time"
        case number = "a number"
        case magnitude = "a number, 0 or more"
        case count = "a whole number, 0 or more"
        case proportion = "a number from 0 through 1"
        /// That of `mostly`.
        case share = "a number, 0 through 1"
        case flag = "true or false"
        case text
        case values = "a list of values"
        case pattern = "a regular expression"
        case typeName = "a type's name"
        case typeNames = "a list of types' names"
        case schema = "a mapping of columns' names to types"
        case duration = "a duration, as in 90s, 15m, 2h or 1d"
        case reaction = "allow, warn or fail"
        case quantileRanges = "a mapping with quantiles and value_ranges, two lists of one length"
        case choice = "one of a few words"
    }

    public let name: String
    public let shape: Shape
    public let isRequired: Bool
    /// What it does, and what happens without it.
    public let summary: String

    public init(_ name: String, _ shape: Shape, isRequired: Bool = false, _ summary: String) {
        self.name = name
        self.shape = shape
        self.isRequired = isRequired
        self.summary = summary
    }
}

extension Parameter {
    public static let column = Parameter("column", .column, isRequired: true, "the column that is judged")
    public static let columnList = Parameter(
        "column_list", .columns, isRequired: true, "the columns that are judged together, two or more")
    public static let mostly = Parameter(
        "mostly", .share, "share of the considered rows that must be as expected; 1 when absent")
    public static let strictMin = Parameter("strict_min", .flag, "min_value itself is not allowed; false when absent")
    public static let strictMax = Parameter("strict_max", .flag, "max_value itself is not allowed; false when absent")

    /// `min_value` and `max_value`, of a shape.
    public static func inclusiveBounds(_ shape: Shape) -> [Parameter] {
        [
            Parameter("min_value", shape, "smallest value allowed; no lower bound when absent"),
            Parameter("max_value", shape, "largest value allowed; no upper bound when absent"),
        ]
    }

    /// The same, and whether they are strict.
    public static func bounds(_ shape: Shape) -> [Parameter] { inclusiveBounds(shape) + [strictMin, strictMax] }

    /// What every kind takes.
    public static let common: [Parameter] = [
        Parameter("severity", .choice, "critical, warning or info: how loud a failure is; critical when absent"),
        Parameter(
            "on_empty", .choice, "pass, warn or fail: what it means that there was nothing to check; pass when absent"),
        Parameter(
            "on_missing_column", .choice,
            "error or skip: what it means that a column is not there; skip makes it vacuous; error when absent"),
        Parameter("id", .text, "a name of your own, kept in results"),
        Parameter("description", .text, "the rule in your own words, shown beside the verdict"),
        Parameter("notes", .text, "kept in results"),
        Parameter("meta", .schema, "anything, kept in results"),
    ]

    /// What kinds take that look at rows.
    public static let rowCommon: [Parameter] = [
        Parameter("row_condition", .text, "only rows for which this is true are judged"),
        Parameter(
            "condition_parser", .choice, "the dialect of row_condition: sql (the default), pandas or great_expectations"
        ),
    ]

    public static let onFail = Parameter(
        "on_fail", .choice,
        """
        quarantine, drop, warn or stop: what an inline gate does with a record that breaks the rule; absent, what is critical is \
        quarantined, and anything else a warning
        """)

    public static let resultFormat = Parameter(
        "result_format", .choice,
        """
        BOOLEAN_ONLY, BASIC, SUMMARY or COMPLETE; or a mapping with result_format, partial_unexpected_count, \
        unexpected_index_column_names and exclude_unexpected_values
        """)
}
