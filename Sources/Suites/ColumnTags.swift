import Expectations
import Tables

/// What a column is tagged as.
enum ColumnTags {
    /// Whether the tags say that the column's values are personal.
    ///
    /// Other tags are the author's own; one that looks like `pii` misspelt is a mistake, for it would show what should
    /// be masked.
    static func arePersonal(_ node: YAMLNode, _ problems: inout Problems) -> Bool {
        guard let tags = node.texts("tags", &problems) else { return false }
        for tag in tags where tag.lowercased() != "pii" && Suggestion.nearest(to: tag, among: ["pii"]) != nil {
            problems.add(
                "bad-value", "the tag \(quoted(tag)) means nothing", at: node.mark,
                hint: "did you mean pii? Its values are masked wherever they are shown")
        }
        return tags.contains { $0.lowercased() == "pii" }
    }
}
