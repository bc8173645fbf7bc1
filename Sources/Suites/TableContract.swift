import Expectations

/// The short spelling of expectations about the table: `schema`, `freshness`, `row_count` and `unique`.
enum TableContract {
    static func drafts(_ entry: YAMLNode.Entry, _ problems: inout Problems) -> [Draft] {
        switch entry.key {
        case "schema":
            return arguments(
                entry, "expect_table_schema_to_be_unchanged",
                keys: ["on_added", "on_removed", "on_type_change", "on_reorder", "severity"], &problems)
        case "freshness":
            return arguments(
                entry, "expect_table_to_be_fresh", keys: ["column", "max_age", "future_tolerance", "severity"],
                &problems)
        case "row_count":
            guard let members = RangeReader.members(entry, takesNumber: true, &problems) else { return [] }
            return [Draft(kind: "expect_table_row_count_to_be_between", mark: entry.mark, members: members)]
        default: return unique(entry, &problems)
        }
    }

    private static func arguments(
        _ entry: YAMLNode.Entry, _ kind: String, keys: [String], _ problems: inout Problems
    ) -> [Draft] {
        guard let mapping = MappingReader(entry.value, entry.key, keys: keys, problems: &problems) else { return [] }
        return [Draft(kind: kind, mark: entry.mark, members: mapping.entries.map(\.argument))]
    }

    /// `unique: [[a, b], [c, d]]`: combinations of columns.
    private static func unique(_ entry: YAMLNode.Entry, _ problems: inout Problems) -> [Draft] {
        var drafts: [Draft] = []
        for key in entry.value.items ?? [entry.value] {
            guard key.items != nil else {
                problems.add(
                    "bad-value", "unique must be a list of lists of columns, got \(key.found)", at: key.mark,
                    hint: "write [[a, b]] for a and b together, and unique: true in the contract of a single column")
                return drafts
            }
            let columns = Argument.Member(name: "column_list", mark: key.mark, value: key.argument)
            drafts.append(Draft(kind: "expect_compound_columns_to_be_unique", mark: key.mark, members: [columns]))
        }
        return drafts
    }
}
