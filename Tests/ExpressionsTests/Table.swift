import Tables
import TestSupport

/// The table that the tests ask questions of, and random contents for it.
enum Table {
    static let schema = Schema([
        Field("i", .int64), Field("j", .int64), Field("u", .uint64), Field("f", .float64), Field("g", .float64),
        Field("amount", .decimal(precision: 10, scale: 2)), Field("wide", .decimal(precision: 30, scale: 5)),
        Field("s", .string), Field("t", .string), Field("flag", .boolean), Field("bit", .boolean),
        Field("day", .date), Field("next", .date), Field("at", .timestamp), Field("clock", .time),
    ])

    static let texts = [
        "", "a", "ab", "b", "A", "é", "e\u{301}", "日本", "it's", "a%b", "a longer text than eight",
        "a longer text than 8",
    ]
    static let integers: [Int128] = [
        0, 1, 2, -1, 7, 9_007_199_254_740_992, 9_007_199_254_740_993, Int128(Int64.max), Int128(Int64.min),
    ]
    static let decimals = ["0", "1", "1.5", "-0.01", "2.50", "7.00", "99999999.99"]
    static let doubles: [Double] = [0, -0.0, 1, 1.5, 2.5, -1, 9_007_199_254_740_992, 1e300, .infinity, -.infinity]
    static let days = [19_723, 19_724, 0, -1]
    static let instants: [Int64] = [0, -1, 1_704_067_200_000_000, 1_704_067_200_000_001, 1_704_103_200_000_000]

    /// A value of a type, as a literal might be; never missing.
    static func value(_ type: LogicalType, _ random: inout SeededGenerator) -> Value {
        switch type {
        case .boolean: return .boolean(random.chance(50))
        case .int64: return .integer(random.pick(integers))
        case .uint64: return .integer(random.pick(integers.filter { $0 >= 0 } + [Int128(UInt64.max)]))
        case .float64: return .float(random.pick(doubles))
        case .decimal: return .number(random.pick(decimals))
        case .date: return .date(days: random.pick(days))
        case .timestamp: return .timestamp(microseconds: random.pick(instants))
        case .time: return .time(microseconds: random.pick([0, 1, 36_000_000_000]))
        default: return .text(random.pick(texts))
        }
    }

    /// Random columns, with missing and uncomparable cells.
    static func columns(rows: Int, _ random: inout SeededGenerator) -> [[Value]] {
        schema.fields.map { field in
            (0..<rows).map { _ in
                if random.chance(15) { return .missing }
                if field.type != .string, random.chance(10) { return .text("n/a") }
                return value(field.type, &random)
            }
        }
    }
}
