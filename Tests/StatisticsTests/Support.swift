import Tables
import TestSupport

/// Random tables, and ways to cut them.
enum Table {
    static let schema = Schema([
        Field("b", .boolean), Field("i", .int64), Field("u", .uint64), Field("f", .float64),
        Field("d", .decimal(precision: 10, scale: 2)), Field("w", .decimal(precision: 30, scale: 5)),
        Field("s", .string),
        Field("day", .date), Field("clock", .time), Field("at", .timestamp),
    ])

    private static func value(_ type: LogicalType, _ random: inout SeededGenerator) -> Value {
        switch type {
        case .boolean: return .boolean(random.chance(50))
        case .int64: return .integer(random.pick([0, 1, 2, 3, -1, Int128(Int64.max), Int128(Int64.min)]))
        case .uint64: return .integer(random.pick([0, 1, 2, Int128(UInt64.max)]))
        case .float64:
            return .float(
                random.pick([
                    0, -0.0, 0.1, 1e308, -1e308, .leastNonzeroMagnitude, 1e16, -0.1, 3.14, .infinity, -.infinity, .nan,
                ]))
        case .decimal(let precision, let scale):
            let digits = random.pick([0, 1, 99, 100, -5, precision > 18 ? Int128(1) << 90 : 999_999])
            return .decimal(DecimalNumber(unscaled: digits, scale: scale))
        case .date: return .date(days: random.pick([0, -1, 19_723, 40_000]))
        case .time: return .time(microseconds: random.pick([0, 1, 3_600_000_000]))
        case .timestamp:
            return .timestamp(microseconds: random.pick([0, -1, 1_704_067_200_000_000, 4_000_000_000_000_000]))
        default: return .text(random.pick(["", "a", "b", "é", "a long text that is no short one"]))
        }
    }

    /// Columns of values with missing and uncomparable ones among them.
    ///
    /// Sums of infinities are undefined, so most columns have none.
    static func columns(rows: Int, _ random: inout SeededGenerator) -> [[Value]] {
        let hasInfinities = random.chance(20)
        return schema.fields.map { field in
            (0..<rows).map { _ in
                if random.chance(15) { return .missing }
                if random.chance(10) { return field.type == .string ? .integer(1) : .text("n/a") }
                let value = value(field.type, &random)
                if let number = value.double, number.isInfinite, !hasInfinities { return .float(7) }
                return value
            }
        }
    }

    /// The rows of a range as a batch, with problems for some of them.
    static func batch(_ columns: [[Value]], _ rows: Range<Int>, problems: [RowProblem] = [], ordinal: Int = 0) -> Batch
    {
        Batch(
            ordinal: ordinal, rowCount: rows.count,
            columns: zip(schema.fields, columns).map { Column($0.type, Array($1[rows])) },
            offsets: RowOffsets(
                base: Int64(rows.lowerBound) * 100, starts: rows.indices.map { UInt32($0 - rows.lowerBound) * 100 }),
            problems: problems.filter { rows.contains($0.row) }.map {
                RowProblem(row: $0.row - rows.lowerBound, kind: $0.kind, detail: $0.detail)
            })
    }

    /// Cuts so many rows into ranges at random places, empty ones among them.
    static func cuts(_ rows: Int, _ random: inout SeededGenerator) -> [Range<Int>] {
        let places = (0..<Int.random(in: 0...6, using: &random)).map { _ in Int.random(in: 0...rows, using: &random) }
        let borders = [0] + places.sorted() + [rows]
        return zip(borders, borders.dropFirst()).map { $0..<$1 }
    }
}
