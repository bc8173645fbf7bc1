import Statistics
import Tables
import TestSupport
import Testing

@Suite struct KeyGroupsTests {
    /// What grouping came to, in a form that compares.
    private struct Summary: Equatable, CustomStringConvertible {
        var elements: Int
        var considered: Int
        var distinct: Int
        var repeated: Int
        var firstRepeated: [Int]
        var largest: [[Int]]
        var description: String { "\(elements) \(considered) \(distinct) \(repeated) \(firstRepeated) \(largest)" }

        init(_ result: KeyGroups.Result) {
            (elements, considered, distinct, repeated) = (
                result.elements, result.considered, result.distinct, result.repeated
            )
            firstRepeated = result.firstRepeated
            largest = result.largest.map { [$0.position, $0.count] }
        }

        /// By a dictionary of all keys.
        init(_ keys: [[Value]], selected: [Bool], ignoring: IgnoreRowIf, limit: Int) {
            var groups: [[Value]: [Int]] = [:]
            for (row, key) in keys.enumerated() where selected[row] {
                let missing = key.count { $0.isMissing }
                let isIgnored =
                    switch ignoring {
                    case .never: false
                    case .anyValueIsMissing: missing > 0
                    case .allValuesAreMissing: missing == key.count
                    }
                if !isIgnored { groups[key, default: []].append(row) }
            }
            let repeatedGroups = groups.values.filter { $0.count > 1 }
            elements = selected.count { $0 }
            considered = groups.values.reduce(0) { $0 + $1.count }
            distinct = groups.count
            repeated = repeatedGroups.reduce(0) { $0 + $1.count }
            firstRepeated = Array(repeatedGroups.flatMap { $0 }.sorted().prefix(limit))
            largest = repeatedGroups.map { [$0[0], $0.count] }.sorted { ($1[1], $0[0]) < ($0[1], $1[0]) }
            largest = Array(largest.prefix(20))
        }
    }

    private static let schema = Schema([Field("k", .int64), Field("s", .string), Field("f", .float64)])

    private static func batch(_ keys: [[Value]], _ columns: [Int], _ rows: Range<Int>) -> Batch {
        Batch(
            ordinal: 0, rowCount: rows.count,
            columns: columns.indices.map { place in
                Column(schema.fields[columns[place]].type, keys[rows].map { $0[place] })
            })
    }

    static let shapes: [(columns: [Int], keys: Int)] = [
        ([0], 3), ([0], 500), ([0], 100_000), ([1], 40), ([0, 1], 60), ([1, 2, 0], 200),
    ]

    @Test(arguments: shapes, IgnoreRowIf.allCases)
    func agreesWithADictionary(_ shape: (columns: [Int], keys: Int), _ ignoring: IgnoreRowIf) {
        for seed in 1...6 as ClosedRange<UInt64> {
            var random = SeededGenerator(seed: seed)
            let rows = random.pick([0, 1, 90, 700, 5_000])
            let keys = (0..<rows).map { _ in
                shape.columns.map { column -> Value in
                    let number = Int.random(in: 0..<shape.keys, using: &random)
                    if random.chance(number % 9 == 0 ? 60 : 5) { return .missing }
                    switch column {
                    case 0: return .integer(Int128(number))
                    case 1: return .text(number == 0 ? "" : "t\(number % 40)")
                    default: return .float(Double(number % 3))
                    }
                }
            }
            let selected = (0..<rows).map { _ in random.chance(seed % 2 == 0 ? 100 : 60) }
            let limit = random.pick([0, 1, 20, 1_000])
            let empty = KeyGroups(columns: Array(shape.columns.indices), ignoring: ignoring, sampleLimit: limit)
            var whole = empty
            for range in Table.cuts(rows, &random) {
                var part = empty
                part.update(Self.batch(keys, shape.columns, range), rows: Bitmap(Array(selected[range])))
                whole.merge(part)
            }
            let wanted = Summary(keys, selected: selected, ignoring: ignoring, limit: limit)
            #expect(Summary(whole.finish()) == wanted, "seed \(seed), \(rows) rows")
        }
    }

    @Test func growsWithItsKeys() {
        var groups = KeyGroups(columns: [0], ignoring: .never, sampleLimit: 5)
        for part in 0..<10 {
            var next = KeyGroups(columns: [0], ignoring: .never, sampleLimit: 5)
            let values = (0..<3_000).map { Value.integer(Int128(part * 2_500 + $0)) }
            next.update(Batch(ordinal: part, rowCount: values.count, columns: [Column(.int64, values)]), rows: nil)
            groups.merge(next)
        }
        let result = groups.finish()
        #expect([result.elements, result.distinct, result.repeated] == [30_000, 25_500, 9_000])
        #expect(result.firstRepeated == [2_500, 2_501, 2_502, 2_503, 2_504])
        #expect(result.largest.map(\.position) == Array(2_500..<2_520))
    }

    /// Two cells of a column, and whether they are one key.
    static let pairs: [(LogicalType, Value, Value, Bool)] = [
        (.float64, .float(0), .float(-0.0), true), (.string, .text("\u{E9}"), .text("e\u{301}"), false),
        (.string, .text(""), .missing, false), (.int64, .integer(0), .missing, false),
        (.missingDecimal, .decimal(DecimalNumber(0)), .missing, false),
        (.boolean, .boolean(false), .missing, false), (.date, .date(days: 0), .missing, false),
        (.float64, .float(0), .missing, false), (.int64, .missing, .missing, true), (.string, .missing, .missing, true),
        (.int64, .text("x"), .text("x"), true), (.int64, .text("x"), .text("y"), false),
        (.int64, .integer(0), .text("x"), false),
        (.decimal(precision: 9, scale: 2), .decimal(DecimalNumber(unscaled: 10, scale: 1)), .integer(1), true),
        (.decimal(precision: 30, scale: 2), .decimal(DecimalNumber(unscaled: 10, scale: 1)), .integer(1), true),
        (.string, .text("a"), .text("a "), false), (.string, .text("A"), .text("a"), false),
    ]

    @Test(arguments: pairs) func tellsKeysApart(_ type: LogicalType, _ left: Value, _ right: Value, _ isOne: Bool) {
        for columns in [[0], [0, 0]] {
            var groups = KeyGroups(columns: columns, ignoring: .never, sampleLimit: 5)
            groups.update(Batch(ordinal: 0, rowCount: 2, columns: [Column(type, [left, right])]), rows: nil)
            #expect(groups.finish().distinct == (isOne ? 1 : 2), "\(columns.count) columns")
        }
    }

    @Test func aPairOfTextsIsNotTheTextsJoined() {
        var groups = KeyGroups(columns: [0, 1], ignoring: .never, sampleLimit: 5)
        let columns = [Column(.string, [.text("ab"), .text("a")]), Column(.string, [.text("c"), .text("bc")])]
        groups.update(Batch(ordinal: 0, rowCount: 2, columns: columns), rows: nil)
        #expect(groups.finish().distinct == 2)
    }
}

extension LogicalType {
    fileprivate static let missingDecimal = LogicalType.decimal(precision: 9, scale: 2)
}
