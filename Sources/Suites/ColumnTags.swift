/// What a column is tagged as.
enum ColumnTags {
    private static let known = ["pii"]

    /// Whether the tags say that the column's values are personal. A tag that means nothing is a mistake: a misspelt one must
    /// not show what should be masked.
    static func arePersonal(_ node: YAMLNode, _ problems: inout Problems) -> Bool {
        guard let tags = node.texts("tags", &problems) else { return false }
        for tag in tags where !known.contains(tag) {
            problems.add(
                "bad-value", "there is no tag \(quoted(tag))", at: node.mark,
                hint: "the only tag is pii: the column's values are masked wherever they are shown")
        }
        return tags.contains("pii")
    }
}
