import Expectations
import Tables
import Testing

@Suite struct SchemaDifferenceTests {
    typealias Columns = [(name: String, type: LogicalType)]

    static func words(_ old: [String], _ new: [String]) -> [String] {
        SchemaDifference(from: old.map { ($0, .string) }, to: new.map { ($0, .string) }).changes
            .map(SchemaDifference.words)
    }

    static let fifty = (1...50).map { "c\($0)" }

    static let cases: [(name: String, old: [String], new: [String], changes: [String])] = [
        ("nothing", [], [], []), ("the same", ["a", "b"], ["a", "b"], []),
        ("inserted", ["a", "b"], ["a", "x", "b"], ["column x was added (string)"]),
        ("removed", ["a", "x", "b"], ["a", "b"], ["column x was removed"]),
        (
            "inserted in the middle of fifty", fifty, Array(fifty[..<25]) + ["new"] + Array(fifty[25...]),
            ["column new was added (string)"]
        ),
        ("removed from the middle of fifty", fifty, Array(fifty[..<25] + fifty[26...]), ["column c26 was removed"]),
        ("the last became the first", ["a", "b", "c"], ["c", "a", "b"], ["column c moved from position 3 to 1"]),
        ("neighbours swapped", ["a", "b", "c"], ["b", "a", "c"], ["column b moved from position 2 to 1"]),
        ("renamed", ["a", "b"], ["a", "c"], ["column b was removed", "column c was added (string)"]),
        (
            "reversed", ["a", "b", "c"], ["c", "b", "a"],
            ["column c moved from position 3 to 1", "column b moved from position 2 to 2"]
        ),
        ("one of two dropped", ["a", "a", "b"], ["a", "b"], ["column a was removed"]),
        ("a second one added", ["a", "b"], ["a", "b", "a"], ["column a was added (string)"]),
        ("twice in both", ["a", "b", "a"], ["a", "b", "a"], []),
        ("decomposed", ["\u{E9}"], ["e\u{301}"], ["column \u{E9} was removed", "column e\u{301} was added (string)"]),
        ("another case", ["A"], ["a"], ["column A was removed", "column a was added (string)"]),
        ("all gone", ["a", "b"], [], ["column a was removed", "column b was removed"]),
    ]

    @Test(arguments: cases)
    func isTold(_ name: String, _ old: [String], _ new: [String], _ changes: [String]) {
        #expect(Self.words(old, new) == changes, "\(name)")
    }

    @Test func tellsTypes() {
        let difference = SchemaDifference(from: [("a", .int64), ("b", .date)], to: [("b", .timestamp), ("a", .int64)])
        #expect(
            difference.changes.map(SchemaDifference.words) == [
                "column b changed from date to timestamp", "column b moved from position 2 to 1",
            ])
    }

    @Test func countsTypesAsAlikeThatAreToBe() {
        let difference = SchemaDifference(from: [("a", .int64)], to: [("a", .float64)]) { place, type in
            place == 0 && type == .float64
        }
        #expect(difference.isEmpty)
    }
}
