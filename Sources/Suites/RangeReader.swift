import Expectations

/// Reads `[lowest, highest]` and `{min: …, max: …, strict_min: …, strict_max: …}` as the arguments of a kind with bounds.
enum RangeReader {
    /// The bounds; `nil` where there is something else, which is a problem.
    ///
    /// `null` in the list stands for no bound. `takesNumber`: a single number stands for both.
    static func members(
        _ entry: YAMLNode.Entry, takesNumber: Bool = false, _ problems: inout Problems
    ) -> [Argument.Member]? {
        let value = entry.value
        if let items = value.items, items.count == 2 {
            return [("min_value", items[0]), ("max_value", items[1])].compactMap { name, item in
                item.isNull ? nil : Argument.Member(name: name, mark: item.mark, value: item.argument)
            }
        }
        if let entries = value.entries {
            let mapping = MappingReader(value, entry.key, keys: Array(names.keys).sorted(), problems: &problems)
            return mapping?.entries.count == entries.count
                ? entries.map {
                    Argument.Member(name: names[$0.key] ?? $0.key, mark: $0.mark, value: $0.value.argument)
                }
                : nil
        }
        if takesNumber, case .number = value.argument.content {
            return ["min_value", "max_value"].map { name in
                Argument.Member(name: name, mark: value.mark, value: value.argument)
            }
        }
        let found = value.items.map { "a list of \($0.count)" } ?? value.found
        problems.add(
            "bad-value",
            "\(entry.key) must be \(takesNumber ? "a number, " : "")a list of the lowest and the highest, "
                + "or a mapping with min and max, got \(found)",
            at: value.mark, hint: "null stands for no bound: [0, null]")
        return nil
    }

    private static let names = [
        "min": "min_value", "max": "max_value", "strict_min": "strict_min", "strict_max": "strict_max",
    ]
}
