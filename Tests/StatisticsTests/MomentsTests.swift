import Statistics
import Tables
import TestSupport
import Testing

@Suite struct MomentsTests {
    private static func result(_ type: LogicalType, _ values: [Value]) -> Moments.Result {
        var moments = Moments(column: 0)
        moments.update(Batch(ordinal: 0, rowCount: values.count, columns: [Column(type, values)]), rows: nil)
        return moments.finish()
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let type: LogicalType
        let values: [Value]
        let sum: Value?
        let mean: Double?
        let deviation: Double?
    }

    private static let cents = LogicalType.decimal(precision: 10, scale: 2)
    private static func integers(_ values: Int128...) -> [Value] { values.map { .integer($0) } }
    private static func floats(_ values: Double...) -> [Value] { values.map { .float($0) } }
    private static func decimal(_ unscaled: Int128, _ scale: Int = 2) -> Value {
        .decimal(DecimalNumber(unscaled: unscaled, scale: scale))
    }
    private static let most = Int128(Int64.max)

    static let cases = [
        Case(testDescription: "nothing", type: .int64, values: [], sum: nil, mean: nil, deviation: nil),
        Case(
            testDescription: "only missing", type: .float64, values: [.missing, .float(.nan)], sum: nil, mean: nil,
            deviation: nil),
        Case(
            testDescription: "only uncomparable", type: .int64, values: [.text("x")], sum: nil, mean: nil,
            deviation: nil),
        Case(
            testDescription: "one value has no deviation", type: .int64, values: integers(5), sum: .integer(5), mean: 5,
            deviation: nil),
        Case(
            testDescription: "two equal values", type: .int64, values: integers(5, 5), sum: .integer(10), mean: 5,
            deviation: 0),
        Case(
            testDescription: "of a sample", type: .int64, values: integers(2, 4, 4, 4, 5, 5, 7, 9), sum: .integer(40),
            mean: 5, deviation: (32.0 / 7).squareRoot()),
        Case(
            testDescription: "others are left out", type: .int64,
            values: [.integer(1), .missing, .text("x"), .integer(3)], sum: .integer(4), mean: 2,
            deviation: 2.0.squareRoot()),
        Case(
            testDescription: "beyond 64 bits", type: .int64, values: integers(most, most, most),
            sum: .integer(3 * most), mean: 0x1p63, deviation: 0),
        Case(
            testDescription: "unsigned beyond 64 bits", type: .uint64, values: integers(Int128(UInt64.max), 1),
            sum: .integer(1 << 64), mean: 0x1p63, deviation: (Double(UInt64.max) - 1) / 2.0.squareRoot()),
        Case(
            testDescription: "negative", type: .int64, values: integers(Int128(Int64.min), -1),
            sum: .integer(Int128(Int64.min) - 1), mean: -0x1p62, deviation: 0x1p63 / 2.0.squareRoot()),
        Case(
            testDescription: "decimals", type: cents, values: [decimal(10), decimal(20), decimal(30)], sum: decimal(60),
            mean: 0.2, deviation: 0.1),
        Case(
            testDescription: "wide decimals", type: .decimal(precision: 38, scale: 2),
            values: [decimal(1 << 100), decimal(-(1 << 100))], sum: decimal(0), mean: 0,
            deviation: 0x1p100 * 2.0.squareRoot() / 100),
        Case(
            testDescription: "decimals beyond 38 digits", type: .decimal(precision: 38, scale: 0),
            values: [.integer(DecimalNumber.powerOfTen(38) - 1), .integer(DecimalNumber.powerOfTen(38) - 1)],
            sum: .float(2e38), mean: 1e38, deviation: 0),
        Case(
            testDescription: "floats", type: .float64, values: floats(0.1, 0.2, 0.3), sum: .float(0.6),
            mean: 0.19999999999999998, deviation: 0.09999999999999999),
        Case(
            testDescription: "infinite", type: .float64, values: floats(1, .infinity), sum: .float(.infinity),
            mean: .infinity, deviation: nil),
        Case(
            testDescription: "negative infinite", type: .float64, values: floats(1, -.infinity, -.infinity),
            sum: .float(-.infinity), mean: -.infinity, deviation: nil),
        Case(
            testDescription: "both infinities", type: .float64, values: floats(.infinity, -.infinity), sum: nil,
            mean: nil, deviation: nil),
        Case(
            testDescription: "a sum that overflows", type: .float64, values: floats(1.5e308, 1.5e308),
            sum: .float(.infinity), mean: 1.5e308, deviation: 0),
        Case(
            testDescription: "squares that overflow", type: .float64, values: floats(1e200, 3e200), sum: .float(4e200),
            mean: 2e200, deviation: 2e200 / 2.0.squareRoot()),
        Case(
            testDescription: "squares that underflow", type: .float64, values: floats(1e-200, 3e-200),
            sum: .float(4e-200), mean: 2e-200, deviation: 2e-200 / 2.0.squareRoot()),
        Case(
            testDescription: "cancellation", type: .float64, values: floats(1e9 + 0.25, 1e9 + 0.5, 1e9 + 0.75),
            sum: .float(3e9 + 1.5), mean: 1e9 + 0.5, deviation: 0.25),
        Case(
            testDescription: "cancellation to zero", type: .float64, values: floats(1e16, 1, -1e16, -1), sum: .float(0),
            mean: 0, deviation: 1e16 * (2.0 / 3).squareRoot()),
        Case(
            testDescription: "equal large values", type: .float64, values: floats(1e17 + 16, 1e17 + 16, 1e17 + 16),
            sum: .float(3e17 + 48), mean: 1e17 + 16, deviation: 0),
    ]

    @Test(arguments: cases) func sumsUp(_ c: Case) {
        let result = Self.result(c.type, c.values)
        #expect(result.sum == c.sum)
        Self.expectClose(result.mean, c.mean)
        Self.expectClose(result.standardDeviation, c.deviation)
    }

    /// Equal, or a few roundings of the last digit apart.
    private static func expectClose(_ found: Double?, _ wanted: Double?) {
        guard let found, let wanted, found.isFinite, wanted.isFinite, wanted != 0 else {
            #expect(found == wanted)
            return
        }
        #expect(abs(found - wanted) <= 3 * wanted.ulp, "\(found), not \(wanted)")
    }

    @Test func countsWhatItLeavesOut() {
        let result = Self.result(.float64, [.float(1), .missing, .float(.nan), .text("x"), .float(.infinity)])
        #expect(
            [result.rows, result.missing, result.uncomparable, result.infinite, result.count] == [5, 2, 1, 1, 2])
    }

    /// The deviation of whole numbers, from their exact sums: `n Σx² − (Σx)²` without rounding.
    @Test(arguments: 1...30 as ClosedRange<UInt64>) func theDeviationIsExactUpToItsLastDigits(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let base = random.pick([0, 1_000_000_000, Int128(1) << 52, Int128(Int64.max) - 100, -(Int128(1) << 62)])
        let width = random.pick([1, 10, 100])
        let values = (0..<random.pick([2, 3, 100])).map { _ in base + Int128(Int.random(in: 0...width, using: &random))
        }
        let result = Self.result(.int64, values.map { .integer($0) })
        let sum = values.map { BigInteger($0) }.reduce(BigInteger(), +)
        let squares = values.map { BigInteger($0) * BigInteger($0) }.reduce(BigInteger(), +)
        let count = values.count
        let spread = (BigInteger(Int128(count)) * squares + -(sum * sum)).double(exponent: 0)
        Self.expectClose(result.standardDeviation, (spread / Double(count) / Double(count - 1)).squareRoot())
        Self.expectClose(result.mean, sum.double(exponent: 0) / Double(count))
        #expect(result.sum == .integer(values.reduce(0, +)), "seed \(seed)")
    }

    /// Two passes over doubles whose distances from their mean are exact.
    @Test(arguments: 1...20 as ClosedRange<UInt64>) func agreesWithTwoPasses(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let offset = random.pick([0, 1e6, 1e9, -1e12])
        let halves = (0..<64).map { _ in Double(Int.random(in: -1_000...1_000, using: &random)) / 2 }
        let balanced = halves + halves.map { -$0 }
        let result = Self.result(.float64, balanced.map { .float($0 + offset) })
        let squares = balanced.reduce(0) { $0 + $1 * $1 }
        Self.expectClose(result.mean, offset)
        Self.expectClose(result.standardDeviation, (squares / Double(balanced.count - 1)).squareRoot())
    }
}
