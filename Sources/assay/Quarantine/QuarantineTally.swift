import Expectations
import Pipeline
import Tables

/// Who broke what since when: records counted by rule and its columns, and by the files that they were read from.
///
/// Bounded: beyond ten thousand rules, or files of rules, what is new counts as of others.
struct QuarantineTally {
    /// A rule, told from others of its name by its columns.
    struct Rule: Hashable {
        let name: String
        let columns: [String]

        /// As in `expect_column_values_to_be_in_set`, with `note` as its columns.
        var columnText: String { columns.joined(separator: ", ") }
    }

    /// Records of one rule, or of one rule and file.
    struct Span {
        var count = 0
        /// Microseconds since 1970-01-01T00:00:00Z.
        var first = Int64.max
        var last = Int64.min

        fileprivate mutating func add(_ time: Int64) {
            count += 1
            first = min(first, time)
            last = max(last, time)
        }
    }

    struct Line {
        let rule: Rule
        let span: Span
        /// The most frequent first.
        let files: [(name: String, span: Span)]
        /// Records of files that are too many to be told apart.
        let ofOtherFiles: Int
    }

    private struct Pair: Hashable {
        let rule: Rule
        let file: String
    }

    private(set) var count = 0
    /// Those of which only the beginning was kept.
    private(set) var cutShort = 0
    private var rules: [Rule: Span] = [:]
    private var files: [Pair: Span] = [:]
    private static let most = 10_000

    mutating func add(_ record: QuarantinedRecord) {
        count += 1
        if record.isCutShort { cutShort += 1 }
        for rule in Self.rules(of: record) {
            let isOther = rules[rule] == nil && rules.count >= Self.most
            let rule = isOther ? Rule(name: "other rules", columns: []) : rule
            rules[rule, default: Span()].add(record.quarantinedAt)
            let pair = Pair(rule: rule, file: record.file)
            guard files[pair] != nil || files.count < Self.most else { continue }
            files[pair, default: Span()].add(record.quarantinedAt)
        }
    }

    /// Each rule that a record broke, once, by its id or else its kind.
    private static func rules(of record: QuarantinedRecord) -> Set<Rule> {
        guard let errors = record.errors?.items else {
            return Set(record.rules.map { Rule(name: $0, columns: []) })
        }
        return Set(
            errors.compactMap { error in
                guard let name = error["id"]?.string ?? error["rule"]?.string else { return nil }
                return Rule(name: name, columns: (error["columns"]?.items ?? []).compactMap(\.string))
            })
    }

    /// The most frequent ones first.
    var sorted: [Line] {
        let ofRules = Dictionary(grouping: files) { $0.key.rule }
        let lines = rules.map { rule, span in
            let files = (ofRules[rule] ?? []).map { (name: $0.key.file, span: $0.value) }
                .sorted { ($1.span.count, $0.name) < ($0.span.count, $1.name) }
            return Line(
                rule: rule, span: span, files: files,
                ofOtherFiles: span.count - files.reduce(0) { $0 + $1.span.count })
        }
        return lines.sorted { left, right in
            (right.span.count, left.rule.name, left.rule.columnText)
                < (left.span.count, right.rule.name, right.rule.columnText)
        }
    }

    var json: JSON {
        .array(
            sorted.map { line in
                let files = line.files.prefix(Self.mostFiles)
                let others = line.span.count - files.reduce(0) { $0 + $1.span.count }
                return .object(
                    [
                        JSON.Member("rule", .string(line.rule.name)),
                        JSON.Member("columns", .array(line.rule.columns.map { .string($0) })),
                    ] + Self.members(line.span) + [
                        JSON.Member(
                            "files",
                            .array(
                                files.map {
                                    .object([JSON.Member("file", .string($0.name))] + Self.members($0.span))
                                })),
                        JSON.Member("of_other_files", .integer(others)),
                    ])
            })
    }

    /// So many files of a rule are named.
    private static let mostFiles = 20

    private static func members(_ span: Span) -> [JSON.Member] {
        [
            JSON.Member("count", .integer(span.count)),
            JSON.Member("since", .string(CivilTime.format(microseconds: span.first))),
            JSON.Member("until", .string(CivilTime.format(microseconds: span.last))),
        ]
    }

    /// For a terminal, the first so many.
    func grid(_ title: String, limit: Int = 20) -> TextGrid {
        let sorted = sorted
        return TextGrid(
            title, heads: ["rule", "columns", "records", "since", "until", "files"], numbers: ["records"],
            rows: sorted.prefix(limit).map { line in
                [
                    line.rule.name, line.rule.columnText, String(line.span.count),
                    CivilTime.format(microseconds: line.span.first), CivilTime.format(microseconds: line.span.last),
                    line.fileText,
                ]
            }, rest: sorted.count > limit ? "and \(sorted.count - limit) more" : nil)
    }
}

extension QuarantineTally.Line {
    /// As in `a.csv`, or `a.csv and 3 more`.
    var fileText: String {
        guard let file = files.first?.name else { return "other files" }
        if ofOtherFiles > 0 { return "\(file) and others" }
        return files.count == 1 ? file : "\(file) and \(Wording.count(files.count - 1)) more"
    }
}
