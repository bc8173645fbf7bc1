import Expectations

/// The short spelling of the expectations about one column.
///
/// - The column must exist, unless `optional: true` says otherwise.
/// - `mostly` is for the rules about values: `matches`, `not_matches`, `in`, `not_in`, `between` and `length`. Where there
///   are none it is for `type`, `required: true` and `unique`, which otherwise hold for all rows.
/// - `where` is the row condition of all rules that take one; `on_fail` of all that judge records;
///   `severity` is for all of them, the existence included.
struct ColumnContract {
    private(set) var drafts: [Draft] = []
    /// Whether the column may be absent: then there is nothing to check.
    private var isOptional = false
    /// Whether it is tagged `pii`.
    private(set) var isPersonal = false
    private let column: YAMLNode.Entry
    /// Drafts that `mostly` is for, and those that it is for where there are none of these.
    private var valueRules: [Int] = []
    private var otherRules: [Int] = []

    private static let keys = [
        "type", "required", "unique", "matches", "not_matches", "in", "not_in", "between", "length", "min", "max",
        "mean",
        "sum", "stdev", "distinct", "mostly", "severity", "on_fail", "where", "optional", "tags", "description",
    ]

    private static let aggregates = [
        "min": "expect_column_min_to_be_between", "max": "expect_column_max_to_be_between",
        "mean": "expect_column_mean_to_be_between", "sum": "expect_column_sum_to_be_between",
        "stdev": "expect_column_stdev_to_be_between", "distinct": "expect_column_unique_value_count_to_be_between",
    ]

    init(_ column: YAMLNode.Entry, _ problems: inout Problems) {
        self.column = column
        let subject = "the contract of \(quoted(column.key))"
        guard let contract = MappingReader(column.value, subject, keys: Self.keys, problems: &problems) else { return }
        let isOptional = contract["optional"]?.flag("optional", &problems) ?? false
        if !isOptional { add("expect_column_to_exist", column.mark) }
        self.isOptional = isOptional
        for entry in contract.entries { read(entry, &problems) }
        if let tags = contract["tags"] { isPersonal = ColumnTags.arePersonal(tags, &problems) }
        _ = contract.text("description", &problems)
        spread(contract, &problems)
    }

    private mutating func read(_ entry: YAMLNode.Entry, _ problems: inout Problems) {
        switch entry.key {
        case "type":
            otherRules.append(drafts.count)
            add("expect_column_values_to_be_of_type", entry.mark, [member("type_", entry)])
        case "required": addRequired(entry, &problems)
        case "unique":
            guard entry.value.flag("unique", &problems) == true else { return }
            otherRules.append(drafts.count)
            add("expect_column_values_to_be_unique", entry.mark)
        case "matches": addValueRule("expect_column_values_to_match_regex", entry, [member("regex", entry)])
        case "not_matches": addValueRule("expect_column_values_to_not_match_regex", entry, [member("regex", entry)])
        case "in": addValueRule("expect_column_values_to_be_in_set", entry, [member("value_set", entry)])
        case "not_in": addValueRule("expect_column_values_to_not_be_in_set", entry, [member("value_set", entry)])
        case "between":
            guard let bounds = RangeReader.members(entry, &problems) else { return }
            addValueRule("expect_column_values_to_be_between", entry, bounds)
        case "length": addLength(entry, &problems)
        default:
            guard let kind = Self.aggregates[entry.key] else { return }
            guard let bounds = RangeReader.members(entry, &problems) else { return }
            add(kind, entry.mark, bounds)
        }
    }

    private mutating func addRequired(_ entry: YAMLNode.Entry, _ problems: inout Problems) {
        switch entry.value.argument.content {
        case .boolean(false): return
        case .boolean(true):
            otherRules.append(drafts.count)
            add("expect_column_values_to_not_be_null", entry.mark)
        case .number: add("expect_column_values_to_not_be_null", entry.mark, [member("mostly", entry)])
        default:
            problems.add(
                "bad-value", "required must be true, false or a share from 0 through 1, got \(entry.value.found)",
                at: entry.value.mark)
        }
    }

    private mutating func addLength(_ entry: YAMLNode.Entry, _ problems: inout Problems) {
        if case .number = entry.value.argument.content {
            addValueRule("expect_column_value_lengths_to_equal", entry, [member("value", entry)])
        } else if let bounds = RangeReader.members(entry, takesNumber: true, &problems) {
            addValueRule("expect_column_value_lengths_to_be_between", entry, bounds)
        }
    }

    /// Gives `mostly`, `severity`, `on_fail` and `where` to the rules that they are for.
    private mutating func spread(_ contract: MappingReader, _ problems: inout Problems) {
        if let severity = contract.entry("severity") {
            for index in drafts.indices { drafts[index].members.append(severity.argument) }
        }
        if let mostly = contract.entry("mostly") {
            let rules = valueRules.isEmpty ? otherRules : valueRules
            for index in rules { drafts[index].members.append(mostly.argument) }
            if rules.isEmpty { complain(mostly, &problems) }
        }
        if let onFail = contract.entry("on_fail") {
            let rules = drafts.indices.filter { Catalogue.kind(named: drafts[$0].kind)?.takes("on_fail") ?? false }
            for index in rules { drafts[index].members.append(onFail.argument) }
            if rules.isEmpty { complain(onFail, &problems) }
        }
        guard let condition = contract.entry("where") else { return }
        let rules = drafts.indices.filter { Catalogue.kind(named: drafts[$0].kind)?.takes("row_condition") ?? false }
        for index in rules { drafts[index].members.append(member("row_condition", condition)) }
        if rules.isEmpty { complain(condition, &problems) }
    }

    private func complain(_ entry: YAMLNode.Entry, _ problems: inout Problems) {
        problems.add(
            "bad-value", "the contract of \(quoted(column.key)) has no rule that \(entry.key) is for", at: entry.mark)
    }

    private mutating func addValueRule(_ kind: String, _ entry: YAMLNode.Entry, _ members: [Argument.Member]) {
        valueRules.append(drafts.count)
        add(kind, entry.mark, members)
    }

    private mutating func add(_ kind: String, _ mark: SourceMark, _ members: [Argument.Member] = []) {
        let name = Argument.Member(
            name: "column", mark: column.mark, value: Argument(.text(column.key), mark: column.mark))
        var all = [name] + members
        if isOptional {
            all.append(
                Argument.Member(name: "on_missing_column", mark: mark, value: Argument(.text("skip"), mark: mark)))
        }
        drafts.append(Draft(kind: kind, mark: mark, members: all))
    }

    private func member(_ name: String, _ entry: YAMLNode.Entry) -> Argument.Member {
        Argument.Member(name: name, mark: entry.mark, value: entry.value.argument)
    }
}

extension ExpectationKind {
    fileprivate func takes(_ argument: String) -> Bool { parameters.contains { $0.name == argument } }
}
