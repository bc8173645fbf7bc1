import Expectations

/// The items of `expectations`: a kind's name, a mapping of a kind to its arguments, or Great Expectations' own form.
enum LongSpelling {
    static func drafts(_ node: YAMLNode, _ problems: inout Problems) -> [Draft] {
        if node.isNull { return [] }
        guard let items = node.items else {
            problems.add(
                "bad-value", "expectations must be a list, got \(node.found)", at: node.mark,
                hint: node.entries == nil ? nil : "begin each one with \"- \"")
            return []
        }
        var drafts: [Draft] = []
        for item in items where !problems.isFull {
            if let draft = draft(item, &problems) { drafts.append(draft) }
        }
        return drafts
    }

    private static func draft(_ item: YAMLNode, _ problems: inout Problems) -> Draft? {
        guard let entries = item.entries else {
            guard case .scalar(let scalar) = item.content, case .text(let kind) = scalar.resolved else {
                problems.add(
                    "bad-value",
                    "an item of expectations must be an expectation's name with its arguments, got \(item.found)",
                    at: item.mark)
                return nil
            }
            return Draft(kind: kind, mark: item.mark, members: [])
        }
        if entries.contains(where: { $0.key == "kwargs" || foreignTypeKeys.contains($0.key) }) {
            return foreign(item, &problems)
        }
        guard entries.count == 1, let entry = entries.first else {
            let isOutdented = entries.first?.value.isNull ?? false
            problems.add(
                "bad-value", "an item of expectations must have one key, the expectation's name, got \(entries.count)",
                at: item.mark,
                hint: isOutdented ? "indent the arguments farther than the name" : "write {name: {argument: value}}")
            return nil
        }
        guard let members = members(entry.value, of: quoted(entry.key), &problems) else { return nil }
        return Draft(kind: entry.key, mark: entry.mark, members: members)
    }

    private static func members(
        _ node: YAMLNode, of kind: String, _ problems: inout Problems
    ) -> [Argument.Member]? {
        if node.isNull { return [] }
        guard let entries = node.entries else {
            problems.add(
                "bad-value", "the arguments of \(kind) must be a mapping, got \(node.found)", at: node.mark)
            return nil
        }
        return entries.map(\.argument)
    }

    private static let foreignTypeKeys = ["type", "expectation_type"]
    /// What stands beside `kwargs` and is an argument here.
    private static let foreignMembers = ["severity", "id", "notes", "description", "meta"]
    /// What stands beside `kwargs` and is of no interest here.
    private static let foreignBookkeeping = [
        "rendered_content", "expectation_context", "success_on_last_run", "windows", "ge_cloud_id",
    ]

    /// `{type: expect_…, kwargs: {…}, meta: {…}}`, as Great Expectations writes it.
    private static func foreign(_ item: YAMLNode, _ problems: inout Problems) -> Draft? {
        let keys = foreignTypeKeys + ["kwargs"] + foreignMembers
        guard
            let mapping = MappingReader(
                item, "an expectation", keys: keys, tolerated: foreignBookkeeping, problems: &problems)
        else { return nil }
        guard let entry = mapping.entry("type") ?? mapping.entry("expectation_type") else {
            problems.add("missing-key", "an expectation needs type", at: item.mark)
            return nil
        }
        guard let kind = entry.value.text(entry.key, &problems) else { return nil }
        var draft = Draft(kind: kind, mark: entry.value.mark, members: [], isLenient: true)
        if let arguments = mapping["kwargs"] {
            guard let members = members(arguments, of: entry.value.quotedText, &problems) else { return nil }
            draft.members = members
        }
        for entry in mapping.entries where foreignMembers.contains(entry.key) && !draft.names(entry.key) {
            if entry.value.isNull { continue }
            draft.members.append(entry.argument)
        }
        return draft
    }
}
