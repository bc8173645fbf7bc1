import Expectations
import Parquet
import Tables

/// What the summaries of some row groups tell together of a column's values.
struct SummarizedValues {
    /// `nil` where a row group doesn't tell.
    let missing: Int64?
    /// `nil` where a row group with values has none.
    let least: LeafSummary.Bound?
    let greatest: LeafSummary.Bound?

    /// Nothing is told.
    static let unknown = SummarizedValues(missing: nil, least: nil, greatest: nil)

    private init(missing: Int64?, least: LeafSummary.Bound?, greatest: LeafSummary.Bound?) {
        (self.missing, self.least, self.greatest) = (missing, least, greatest)
    }

    /// - absent: rows of files that lack the column.
    init(_ summaries: [LeafSummary], absent: Int64 = 0) {
        missing = summaries.reduce(Optional(absent)) { total, summary in
            guard let total, let count = summary.nullCount else { return nil }
            return total &+ count
        }
        least = Self.bound(summaries, \.minimum) { Self.isLess($0, $1) }
        greatest = Self.bound(summaries, \.maximum) { Self.isLess($1, $0) }
    }

    /// The outermost bound.
    private static func bound(
        _ summaries: [LeafSummary], _ bound: (LeafSummary) -> LeafSummary.Bound?,
        _ isFarther: (ParquetValue, ParquetValue) -> Bool?
    ) -> LeafSummary.Bound? {
        var farthest: LeafSummary.Bound?
        for summary in summaries where summary.slotCount != summary.nullCount {
            guard let next = bound(summary) else { return nil }
            guard let known = farthest else {
                farthest = next
                continue
            }
            guard let isNextFarther = isFarther(next.value, known.value) else { return nil }
            if isNextFarther { farthest = next }
        }
        return farthest
    }

    /// `nil` for values whose order isn't known here.
    private static func isLess(_ left: ParquetValue, _ right: ParquetValue) -> Bool? {
        switch (left, right) {
        case (.boolean(let left), .boolean(let right)): !left && right
        case (.int64(let left), .int64(let right)): left < right
        case (.uint64(let left), .uint64(let right)): left < right
        case (.float(let left), .float(let right)): left < right
        case (.double(let left), .double(let right)): left < right
        case (.decimal(let left, let scale), .decimal(let right, let other)) where scale == other: left < right
        case (.text(let left), .text(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
        case (.binary(let left), .binary(let right)): left.lexicographicallyPrecedes(right)
        case (.date(let left), .date(let right)): left < right
        case (.time(let left, let unit, _), .time(let right, let other, _)) where unit == other: left < right
        case (.timestamp(let left, let unit, _), .timestamp(let right, let other, _)) where unit == other: left < right
        default: nil
        }
    }

    /// Missing, least, greatest.
    var cells: [String] {
        [missing.map { Wording.count(Int($0)) } ?? "?", least?.shown ?? "", greatest?.shown ?? ""]
    }

    var members: [JSON.Member] {
        [
            .init("missing", missing.map { .integer($0) } ?? .null), .init("least", least?.json ?? .null),
            .init("greatest", greatest?.json ?? .null),
        ]
    }
}

/// The least or greatest value of a column, for a person.
enum ShownBound {
    /// Behind a `~` where it may be no value of the column; an empty text in quotes, for nothing means that none is known.
    static func text(_ value: String, isExact: Bool) -> String {
        (isExact ? "" : "~ ") + (value.isEmpty ? "\"\"" : value)
    }
}
