import Pipeline
import Tables

/// Who broke what since when: records counted by rule and file.
///
/// Bounded: beyond ten thousand pairs what is new counts as of other files.
struct QuarantineTally {
    struct Line {
        let rule: String
        /// `nil` for files that are too many to be told apart.
        let file: String?
        var count = 0
        var first = Int64.max
        var last = Int64.min
    }

    private struct Pair: Hashable {
        let rule: String
        let file: String?
    }

    private(set) var count = 0
    /// Those of which only the beginning was kept.
    private(set) var cutShort = 0
    private var lines: [Pair: Line] = [:]
    private static let mostPairs = 10_000

    mutating func add(_ record: QuarantinedRecord) {
        count += 1
        if record.isCutShort { cutShort += 1 }
        for rule in record.rules {
            var pair = Pair(rule: rule, file: record.file)
            if lines[pair] == nil, lines.count >= Self.mostPairs { pair = Pair(rule: rule, file: nil) }
            var line = lines[pair] ?? Line(rule: pair.rule, file: pair.file)
            line.count += 1
            line.first = min(line.first, record.quarantinedAt)
            line.last = max(line.last, record.quarantinedAt)
            lines[pair] = line
        }
    }

    /// The most frequent ones first.
    var sorted: [Line] {
        lines.values.sorted { left, right in
            left.count != right.count
                ? left.count > right.count
                : (left.rule, left.file ?? "\u{10FFFF}") < (right.rule, right.file ?? "\u{10FFFF}")
        }
    }

    var json: JSON {
        .array(
            sorted.map { line in
                .object([
                    JSON.Member("rule", .string(line.rule)),
                    JSON.Member("file", line.file.map { .string($0) } ?? .null),
                    JSON.Member("count", .integer(line.count)),
                    JSON.Member("since", .string(CivilTime.format(microseconds: line.first))),
                    JSON.Member("until", .string(CivilTime.format(microseconds: line.last))),
                ])
            })
    }

    /// For a terminal, the first so many.
    func grid(_ title: String, limit: Int = 20) -> TextGrid {
        let sorted = sorted
        return TextGrid(
            title, heads: ["rule", "file", "records", "since", "until"], numbers: ["records"],
            rows: sorted.prefix(limit).map { line in
                [
                    line.rule, line.file ?? "other files", String(line.count),
                    CivilTime.format(microseconds: line.first), CivilTime.format(microseconds: line.last),
                ]
            }, rest: sorted.count > limit ? "and \(sorted.count - limit) more" : nil)
    }
}
