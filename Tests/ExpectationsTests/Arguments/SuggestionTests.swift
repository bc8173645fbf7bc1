import Expectations
import Tables
import Testing

@Suite struct SuggestionTests {
    static let words: [(name: String, known: [String], nearest: String?)] = [
        ("colum", ["column", "columns"], "column"), ("amuont", ["amount", "count"], "amount"),
        ("AMOUNT", ["amount"], "amount"), ("mosty", ["mostly", "most"], "mostly"), ("x", ["y"], nil), ("X", ["x"], "x"),
        ("ab", ["ac"], "ac"),
        ("customer", ["amount", "id"], nil), ("", ["a"], nil), ("abc", [], nil),
        ("value", ["severity", "valeu"], "valeu"),
    ]

    @Test(arguments: words) func isTheNearestName(_ name: String, _ known: [String], _ nearest: String?) {
        #expect(Suggestion.nearest(to: name, among: known) == nearest)
    }
}
