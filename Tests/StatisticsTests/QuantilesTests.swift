import Foundation
import Tables
import TestSupport
import Testing

@testable import Statistics

/// Ranks found by counting against ranks found by sorting.
@Suite struct QuantilesTests {
    private static func fed(_ column: Column, budget: MemoryBudget = .unlimited, cuts: [Range<Int>]? = nil)
        -> Quantiles
    {
        let empty = Quantiles(column: 0, type: column.type, budget: budget)
        var whole = empty
        for range in cuts ?? [0..<column.count] {
            var part = empty
            let rows = Bitmap(count: column.count) { range.contains($0) }
            part.update(Batch(ordinal: 0, rowCount: column.count, columns: [column]), rows: rows)
            whole.merge(part)
        }
        return whole
    }

    private static func result(_ type: LogicalType, _ values: [Value]) -> Quantiles.Result {
        fed(Column(type, values)).finish()
    }

    static let shapes = ["all alike", "few", "dense", "wide", "two far apart", "many of one"]

    private static func numbers(_ shape: String, count: Int, _ random: inout SeededGenerator) -> [Int64] {
        (0..<count).map { _ in
            switch shape {
            case "all alike": -7
            case "few": random.pick([-1, 0, 5])
            case "dense": Int64.random(in: -50_000...50_000, using: &random)
            case "two far apart": random.pick([.min, .max]) ^ Int64.random(in: 0...9, using: &random)
            case "many of one": random.chance(99) ? 42 : Int64.random(in: .min ... .max, using: &random)
            default: Int64.random(in: .min ... .max, using: &random)
            }
        }
    }

    @Test(arguments: shapes, [1, 2, 300, 150_000]) func agreesWithSorting(_ shape: String, _ count: Int) throws {
        var random = SeededGenerator(seed: UInt64(count))
        let numbers = Self.numbers(shape, count: count, &random)
        let sorted = numbers.sorted()
        let ranks = [0, count - 1, count / 2] + (0..<5).map { _ in Int.random(in: 0..<count, using: &random) }
        let all = Bitmap(repeating: true, count: count)
        let column = Column(type: .int64, present: all, values: .int64(numbers))
        let found = Self.fed(column, cuts: Table.cuts(count, &random)).finish()
        #expect(found.count == count)
        let wanted = ranks.map { Value.integer(Int128(sorted[$0])) }
        #expect(try found.values(at: ranks) == wanted)

        let wide = LogicalType.decimal(precision: 38, scale: 2)
        let values = numbers.map { Int128($0) << 60 }
        let other = try Self.fed(Column(type: wide, present: all, values: .wideDecimal(values, scale: 2))).finish()
            .values(at: ranks)
        #expect(other == ranks.map { Value.decimal(DecimalNumber(unscaled: Int128(sorted[$0]) << 60, scale: 2)) })
    }

    static let orders: [(LogicalType, [Value])] = [
        (
            .float64,
            [-.infinity, -1e308, -1, -.leastNonzeroMagnitude, 0, .leastNonzeroMagnitude, 0.1, 1e16, .infinity].map {
                .float($0)
            }
        ),
        (.int64, [Int128(Int64.min), -1, 0, 1, Int128(Int64.max)].map { .integer($0) }),
        (.uint64, [0, 1, Int128(Int64.max), Int128(UInt64.max)].map { .integer($0) }),
        (
            .decimal(precision: 9, scale: 2),
            [-150, 0, 1, 99].map { .decimal(DecimalNumber(unscaled: $0, scale: 2)) }
        ),
        (.date, [-800_000, -1, 0, 19_723].map { .date(days: $0) }),
        (.time, [0, 1, 86_399_999_999].map { .time(microseconds: $0) }),
        (.timestamp, [Int64.min, -1, 0, Int64.max].map { .timestamp(microseconds: $0) }),
        (.duration, [-60_000_000, 0, 1].map { .duration(microseconds: $0) }),
    ]

    @Test(arguments: orders) func givesValuesBackInTheirOrder(_ type: LogicalType, _ values: [Value]) throws {
        let found = try Self.result(type, values.reversed()).values(at: Array(values.indices))
        #expect(found == values)
    }

    @Test func leavesOutWhatIsNoValue() throws {
        let found = Self.result(.float64, [.missing, .float(.nan), .text("n/a"), .float(-0.0), .float(2)])
        #expect(found.rows == 5)
        #expect(found.missing == 2)
        #expect(found.uncomparable == 1)
        #expect(found.count == 2)
        let zero = try #require(try found.values(at: [0]).first?.double)
        #expect(zero.sign == .plus)
    }

    @Test func hasNoRanksWithoutValues() throws {
        let found = Self.result(.int64, [.missing])
        #expect(found.rank(nearestTo: DecimalNumber(1)) == nil)
        #expect(found.middleRanks.isEmpty)
        #expect(try found.values(at: []).isEmpty)
    }

    /// A share, how many values there are, and the rank: halves go to the even one, as in pandas.
    static let ranks: [(String, Int, Int)] = [
        ("0", 9, 0), ("1", 9, 8), ("0.5", 1, 0), ("0.5", 2, 0), ("0.5", 4, 2), ("0.5", 6, 2), ("0.25", 4, 1),
        ("0.75", 4, 2), ("0.1", 6, 0), ("0.3", 6, 2), ("0.99", 100, 98), ("0.999999999999999999", 10, 9),
        // 0.575 × 100 is less than 57.5 in binary floating point.
        ("0.575", 101, 58),
    ]

    @Test(arguments: ranks) func roundsRanksHalfToEven(_ share: String, _ count: Int, _ rank: Int) throws {
        let found = Self.result(.int64, [Value](repeating: .integer(1), count: count))
        let share = try #require(DecimalNumber(share))
        #expect(found.rank(nearestTo: share) == rank)
    }

    @Test func knowsTheMiddle() {
        #expect(Self.result(.int64, [.integer(1)]).middleRanks == [0, 0])
        #expect(Self.result(.int64, [.integer(1), .integer(2)]).middleRanks == [0, 1])
        #expect(Self.result(.int64, [.integer(1), .integer(2), .integer(3)]).middleRanks == [1, 1])
    }
}

/// Values that don't fit in the budget against values that do.
@Suite struct QuantileSpillTests {
    private let values = (0..<200_000).map { Int64(($0 &* 7_919) % 180_001) &* 1_000_003 }

    private func gather(_ budget: MemoryBudget, batch: Int) -> Quantiles {
        let empty = Quantiles(column: 0, type: .int64, budget: budget)
        var whole = empty
        for first in stride(from: 0, to: values.count, by: batch) {
            let values = Array(values[first..<min(values.count, first + batch)])
            let present = Bitmap(repeating: true, count: values.count)
            var part = empty
            part.update(
                Batch(
                    ordinal: 0, rowCount: values.count,
                    columns: [Column(type: .int64, present: present, values: .int64(values))]), rows: nil)
            whole.merge(part)
        }
        return whole
    }

    @Test(arguments: [0, 100_000, 700_000]) func findsTheSameOnDiskAsInMemory(_ limit: Int) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("spill-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let sorted = values.sorted()
        let ranks = [0, 1, 50_000, 100_000, 100_001, 199_999]
        let wanted = ranks.map { Value.integer(Int128(sorted[$0])) }
        let spilled = gather(MemoryBudget(limitBytes: limit, directory: folder.path), batch: 3_001)
        #expect(try spilled.finish().values(at: ranks) == wanted)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    /// There is room for few counts, and thousands of ranks are asked for.
    @Test(arguments: [0, 1_000, 100_000]) func findsManyRanksInLittleRoom(_ limit: Int) throws {
        let budget = MemoryBudget(limitBytes: limit, directory: FileManager.default.temporaryDirectory.path)
        let sorted = values.sorted()
        let ranks = Array(stride(from: 0, to: values.count, by: 67))
        let found = try gather(budget, batch: 50_000).finish().values(at: ranks)
        #expect(found == ranks.map { Value.integer(Int128(sorted[$0])) })
    }

    @Test(arguments: [(1, 4_096, 12), (1, 1 << 40, 12), (5_000, 54_000, 3), (5_000, 20_000, 2), (5_000, 0, 1)])
    func cutsManyIntervalsIntoFewParts(_ intervals: Int, _ room: Int, _ bits: Int) {
        #expect(RankSelection<UInt64>.bits(forIntervals: intervals, room: room) == bits)
    }

    @Test func copiesOfOneThatSpilledGoTheirOwnWays() throws {
        let budget = MemoryBudget(limitBytes: 0, directory: FileManager.default.temporaryDirectory.path)
        func one(_ number: Int128) -> Quantiles {
            var part = Quantiles(column: 0, type: .int64, budget: budget)
            part.update(Batch(ordinal: 0, rowCount: 1, columns: [Column(.int64, [.integer(number)])]), rows: nil)
            return part
        }
        var first = Quantiles(column: 0, type: .int64, budget: budget)
        first.merge(one(1))
        var second = first
        first.merge(one(2))
        second.merge(one(3))
        let before = second.finish()
        second.merge(one(4))
        #expect(try first.finish().values(at: [0, 1]) == [.integer(1), .integer(2)])
        #expect(try before.values(at: [0, 1]) == [.integer(1), .integer(3)])
        #expect(try second.finish().values(at: [0, 1, 2]) == [.integer(1), .integer(3), .integer(4)])
    }

    @Test func saysWhyNothingIsKnownWhereItCannotSpill() {
        let reason = "no spill file can be made in /nonexistent/folder: no such file or directory"
        let result = gather(MemoryBudget(limitBytes: 1, directory: "/nonexistent/folder"), batch: 100_000).finish()
        #expect(result.failure == reason)
        #expect(result.count == 200_000)
        #expect(throws: Quantiles.Failure(reason: reason)) { try result.values(at: [0]) }
    }
}
