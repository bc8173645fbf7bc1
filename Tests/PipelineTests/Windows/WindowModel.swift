import Foundation
import Pipeline
import Tables
import TestSupport

/// A record of the tests' stream.
struct StreamRow: Sendable {
    var time: Int64?
    var country: String?
    var isNew: Bool?
    var number: Int64?
    /// In hundredths.
    var cents: Int64?
    /// A multiple of an eighth, so that sums of some are exact.
    var ratio: Double?
    var text: String?

    static let schema = Schema([
        Field("at", .timestamp), Field("country", .string), Field("is_new", .boolean), Field("number", .int64),
        Field("amount", .decimal(precision: 12, scale: 2)), Field("ratio", .float64), Field("text", .string),
    ])

    init(_ random: inout SeededGenerator, around time: Int64, spread: Int64) {
        self.time = random.chance(2) ? nil : time + Int64.random(in: -spread...spread / 4, using: &random)
        country = random.pick(["NL", "DE", "é", "a\0b", "a", "", nil])
        isNew = random.pick([true, false, false, nil])
        number = random.chance(10) ? nil : Int64.random(in: -50...50, using: &random)
        cents = random.chance(10) ? nil : Int64.random(in: -5_000...90_000, using: &random)
        ratio = random.chance(10) ? nil : Double(Int.random(in: -800...800, using: &random)) / 8
        text =
            random.chance(10)
            ? nil : random.pick(["x", "xy", "ü", "", "Z", "\(Int.random(in: 0...40, using: &random))"])
    }

    static func batch(_ rows: [StreamRow]) -> Batch {
        func column(_ index: Int, _ value: (StreamRow) -> Value?) -> Column {
            Column(schema.fields[index].type, rows.map { value($0) ?? .missing })
        }
        return Batch(
            ordinal: 0, rowCount: rows.count,
            columns: [
                column(0) { $0.time.map { .timestamp(microseconds: $0) } }, column(1) { $0.country.map { .text($0) } },
                column(2) { $0.isNew.map { .boolean($0) } }, column(3) { $0.number.map { .integer(Int128($0)) } },
                column(4) { $0.cents.map { .decimal(DecimalNumber(unscaled: Int128($0), scale: 2)) } },
                column(5) { $0.ratio.map { .float($0) } }, column(6) { $0.text.map { .text($0) } },
            ])
    }
}

/// Windows as one would write them down: all records of open windows, aggregated from scratch.
struct WindowModel {
    struct Member {
        let row: StreamRow
        let time: Int64
        /// Beginnings of the windows that it counts in; empty for sessions.
        let windows: [Int64]
    }

    let shape: WindowDefinition.Shape
    let lateness: Int64
    let tolerance: Int64
    var watermark: Int64?
    var open: [Member] = []
    var latest: Int64?

    static let aggregates = [
        ("rows", "count(*)"), ("numbers", "count(number)"), ("positive", "count_if(number > 0)"),
        ("total", "sum(number)"),
        ("revenue", "sum(amount)"), ("mean", "avg(amount)"), ("ratio", "sum(ratio)"), ("mean_ratio", "avg(ratio)"),
        ("least", "min(amount)"), ("greatest", "max(ratio)"), ("first_text", "min(text)"), ("last_text", "max(text)"),
        ("different", "count_distinct(text)"), ("median", "median(ratio)"), ("p90", "percentile(number, 0.9)"),
        ("any_new", "max(is_new)"), ("mean_number", "avg(number)"),
    ]

    /// Rows that are late, of those with a time.
    mutating func fold(_ rows: [StreamRow], clock: Int64) -> [Int] {
        var late: [Int] = []
        let before = open
        for (index, row) in rows.enumerated() {
            guard let time = row.time else { continue }
            switch shape {
            case .session(let gap):
                let joins = before.contains { Self.key($0.row) == Self.key(row) && abs($0.time - time) < gap }
                if let watermark, time + gap <= watermark, !joins {
                    late.append(index)
                    continue
                }
                open.append(Member(row: row, time: time, windows: []))
            case .tumbling(let size): if !add(row, time, size, size) { late.append(index); continue }
            case .sliding(let size, let slide): if !add(row, time, size, slide) { late.append(index); continue }
            }
            if time <= clock + tolerance { latest = max(latest ?? .min, time) }
        }
        return late
    }

    private mutating func add(_ row: StreamRow, _ time: Int64, _ size: Int64, _ slide: Int64) -> Bool {
        var windows: [Int64] = []
        var start = Int64((Double(time) / Double(slide)).rounded(.down)) * slide
        while start + size > time {
            if watermark.map({ start + size > $0 }) ?? true { windows.append(start) }
            start -= slide
        }
        if !windows.isEmpty { open.append(Member(row: row, time: time, windows: windows)) }
        return !windows.isEmpty
    }

    /// The windows that close, a line each.
    mutating func close(flush: Bool) -> [String] {
        if let latest { watermark = max(watermark ?? .min, latest - lateness) }
        latest = nil
        var groups: [(start: Int64, end: Int64, key: String, rows: [StreamRow])] = []
        let byGroup = Dictionary(grouping: open) { Self.key($0.row) }
        var ends: [Int64] = []
        for (key, members) in byGroup {
            switch shape {
            case .session(let gap):
                var chain: [Member] = []
                for member in members.sorted(by: { $0.time < $1.time }) + [nil as Member?] {
                    if let member, let last = chain.last, member.time - last.time < gap {
                        chain.append(member)
                        continue
                    }
                    if let first = chain.first, let last = chain.last {
                        groups.append((first.time, last.time + gap, key, chain.map(\.row)))
                    }
                    chain = member.map { [$0] } ?? []
                }
            case .tumbling(let size), .sliding(let size, _):
                for start in Set(members.flatMap(\.windows)) {
                    groups.append((start, start + size, key, members.filter { $0.windows.contains(start) }.map(\.row)))
                }
            }
        }
        ends = groups.map(\.end)
        if flush, let last = ends.max() { watermark = max(watermark ?? .min, last) }
        guard let watermark else { return [] }
        let closed = groups.filter { $0.end <= watermark }
        open = open.compactMap { member in
            switch shape {
            case .session:
                return closed.contains {
                    $0.key == Self.key(member.row) && $0.start <= member.time && member.time < $0.end
                }
                    ? nil : member
            case .tumbling(let size), .sliding(let size, _):
                let windows = member.windows.filter { $0 + size > watermark }
                return windows.isEmpty ? nil : Member(row: member.row, time: member.time, windows: windows)
            }
        }
        return closed.sorted { left, right in
            if (left.start, left.end) != (right.start, right.end) {
                return (left.start, left.end) < (right.start, right.end)
            }
            return Self.precedes(left.rows[0], right.rows[0])
        }.map { Self.line($0.start, $0.end, $0.rows) }
    }

    private static func key(_ row: StreamRow) -> String {
        "\(row.country.map { "[\($0)]" } ?? "-")\(row.isNew.map { "\($0)" } ?? "-")"
    }

    private static func precedes(_ left: StreamRow, _ right: StreamRow) -> Bool {
        if left.country != right.country {
            guard let first = left.country, let second = right.country else { return left.country == nil }
            return Array(first.utf8).lexicographicallyPrecedes(Array(second.utf8))
        }
        guard let first = left.isNew, let second = right.isNew else { return left.isNew == nil && right.isNew != nil }
        return !first && second
    }

    private static func line(_ start: Int64, _ end: Int64, _ rows: [StreamRow]) -> String {
        func show(_ value: Value?) -> String { value?.description ?? "missing" }
        let numbers = rows.compactMap(\.number)
        let cents = rows.compactMap(\.cents)
        let ratios = rows.compactMap(\.ratio)
        let texts = rows.compactMap(\.text).sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
        let decimal = { (unscaled: Int64, scale: Int) in
            Value.decimal(DecimalNumber(unscaled: Int128(unscaled), scale: scale))
        }
        var mean: Value?
        if !cents.isEmpty {
            let scaled = cents.reduce(0, +) * 10_000
            let (quotient, rest) = scaled.quotientAndRemainder(dividingBy: Int64(cents.count))
            let away: Int64 = rest.magnitude * 2 >= cents.count ? (scaled < 0 ? -1 : 1) : 0
            mean = decimal(quotient + away, 6)
        }
        func percentile(_ values: [Double], _ share: Double) -> Value? {
            guard !values.isEmpty else { return nil }
            let sorted = values.sorted()
            let rank = share * Double(sorted.count - 1)
            let (low, high) = (sorted[Int(rank)], sorted[min(Int(rank) + 1, sorted.count - 1)])
            return .float(low + (high - low) * (rank - rank.rounded(.down)) + 0.0)
        }
        let sum = ratios.isEmpty ? nil : ratios.reduce(0, +) + 0.0
        let values: [Value?] = [
            .timestamp(microseconds: start), .timestamp(microseconds: end), rows[0].country.map { .text($0) },
            rows[0].isNew.map { .boolean($0) }, .integer(Int128(rows.count)), .integer(Int128(numbers.count)),
            .integer(Int128(numbers.count { $0 > 0 })), numbers.isEmpty ? nil : .integer(Int128(numbers.reduce(0, +))),
            cents.isEmpty ? nil : decimal(cents.reduce(0, +), 2), mean, sum.map { .float($0) },
            sum.map { .float($0 / Double(ratios.count)) }, cents.min().map { decimal($0, 2) },
            ratios.max().map { .float($0 + 0.0) }, texts.first.map { .text($0) }, texts.last.map { .text($0) },
            .integer(Int128(Set(texts).count)), percentile(ratios, 0.5), percentile(numbers.map { Double($0) }, 0.9),
            rows.contains { $0.isNew != nil } ? .boolean(rows.contains { $0.isNew == true }) : nil,
            numbers.isEmpty ? nil : .float(Double(numbers.reduce(0, +)) / Double(numbers.count)),
        ]
        return values.map { show($0) }.joined(separator: " | ")
    }
}

/// What a database would hold of the windows.
struct WindowStore {
    private var rows: [WindowRow.Key: [Int: WindowRow]] = [:]
    private(set) var watermark: Int64?

    var all: [WindowRow] { rows.values.flatMap(\.values) }
    var partCount: Int { rows.values.map(\.count).max() ?? 0 }

    mutating func commit(_ change: WindowStateChange) {
        for key in change.removed { rows[key] = nil }
        for row in change.added {
            precondition(rows[row.key]?[row.part] == nil, "a part is stored once")
            rows[row.key, default: [:]][row.part] = row
        }
        watermark = change.watermark
    }
}

extension ClosedWindows {
    var lines: [String] {
        (0..<batch.rowCount).map { row in
            batch.columns.map { $0?.value(at: row).description ?? "" }.joined(separator: " | ")
        }
    }
}
