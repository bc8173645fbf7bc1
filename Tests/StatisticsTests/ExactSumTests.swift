import Statistics
import Tables
import TestSupport
import Testing

@Suite struct ExactSumTests {
    private func sum(_ values: [Double]) -> ExactSum {
        var sum = ExactSum()
        for value in values { sum.add(value) }
        return sum
    }

    private static let tiny = Double.leastNonzeroMagnitude

    /// Numbers and the nearest double of their exact sum.
    static let cases: [(String, [Double], Double)] = [
        ("nothing", [], 0), ("negative zero", [-0.0, -0.0], 0), ("large and small", [1e308, 1, -1e308], 1),
        ("a tenth, ten times", [Double](repeating: 0.1, count: 10), 1),
        ("subnormals", [tiny, tiny, -3 * tiny], -tiny), ("subnormal beside huge", [1e308, tiny, -1e308], tiny),
        ("alternating signs", (0..<1_000).map { $0 % 2 == 0 ? 0.1 : -0.1 }, 0),
        ("half to even, down", [9_007_199_254_740_992, 1], 9_007_199_254_740_992),
        ("half to even, up", [9_007_199_254_740_994, 1], 9_007_199_254_740_996),
        ("a hair above half", [9_007_199_254_740_992, 1, tiny], 9_007_199_254_740_994),
        ("overflow", [Double.greatestFiniteMagnitude, Double.greatestFiniteMagnitude], .infinity),
        ("overflow on the way", [Double.greatestFiniteMagnitude, 1e308, -1e308], Double.greatestFiniteMagnitude),
        ("negative overflow", [-1e308, -1e308], -.infinity),
        ("just too small to overflow", [Double.greatestFiniteMagnitude, 1e291], Double.greatestFiniteMagnitude),
        ("the smallest normal", [Double.leastNormalMagnitude, -tiny], Double.leastNormalMagnitude.nextDown),
    ]

    @Test(arguments: cases) func addsWithoutRounding(_ name: String, _ values: [Double], _ wanted: Double) {
        #expect(sum(values).double == wanted)
        #expect(sum(values.reversed()).double == wanted)
        #expect(sum(values.map { -$0 }).double == -wanted)
    }

    @Test func aQuotientIsRoundedOnce() {
        var sum = ExactSum()
        let values: [Int128] = [
            3_662_735_820_377_772_178, 2_859_038_547_005_105_001, 3_938_011_120_559_414_261, 4_038_547_068_881_179_294,
            1_455_120_036_022_892_797,
        ]
        for value in values { sum.add(value) }
        #expect(sum.divided(by: 5) == 3.190690518569273e+18)
        sum.add(-2 * values.reduce(0, +))
        #expect(sum.divided(by: 5) == -3.190690518569273e+18)
        #expect(ExactSum().divided(by: 3, powerOfTen: 38) == 0)
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>) func quotientsAreTheNearestDoubles(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let number = Int128.random(in: -(1 << 100)...(1 << 100), using: &random)
        let (count, digits) = (Int.random(in: 1...9_999, using: &random), Int.random(in: 0...33, using: &random))
        var sum = ExactSum()
        sum.add(number)
        let result = sum.divided(by: count, powerOfTen: digits)
        // Doubles beside it are further away: |number - double × divisor|, all times 2^1074.
        let divisor = BigInteger(Int128(count) * DecimalNumber.powerOfTen(digits))
        let scaled = BigInteger(number) * BigInteger(scaling: 1)
        func distance(_ double: Double) -> BigInteger {
            let difference = scaled + -(BigInteger(scaling: double) * divisor)
            return difference.isNegative ? -difference : difference
        }
        for other in [result.nextUp, result.nextDown] {
            #expect(!(distance(other) + -distance(result)).isNegative, "seed \(seed)")
        }
    }

    /// 0.1 is a little more than a tenth: a million of them, exactly, then rounded once.
    @Test func aTenthAMillionTimes() {
        var sum = ExactSum()
        for _ in 0..<1_000_000 { sum.add(0.1) }
        #expect(sum.double == (BigInteger(scaling: 0.1) * BigInteger(1_000_000)).double(exponent: -1_074))
        #expect(sum.double == 100_000)
    }

    private func number(_ random: inout SeededGenerator) -> Double {
        let width = random.pick([2, 60, 1_000])
        let exponent = Int.random(in: -width...width, using: &random)
        let value = Double(sign: .plus, exponent: exponent, significand: Double.random(in: 1..<2, using: &random))
        return random.chance(50) ? -value : value
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>) func agreesWithExactArithmetic(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let values = (0..<random.pick([1, 2, 5, 30])).map { _ in number(&random) }
        var squares = ExactSum()
        for value in values { squares.addSquare(value) }
        let exact = values.map { BigInteger(scaling: $0) }
        #expect(sum(values).double == exact.reduce(BigInteger(), +).double(exponent: -1_074), "seed \(seed): \(values)")
        let small = values.filter { abs($0) < 1e150 && abs($0) > 1e-140 }
        var smallSquares = ExactSum()
        for value in small { smallSquares.addSquare(value) }
        let wanted = small.map { BigInteger(scaling: $0) * BigInteger(scaling: $0) }.reduce(BigInteger(), +).double(
            exponent: -2_148)
        #expect(smallSquares.double == wanted, "seed \(seed): \(small)")
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>) func doesNotDependOnTheOrder(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let values = (0..<200).map { _ in number(&random) }
        let cut = Int.random(in: 0...200, using: &random)
        var parts = sum(Array(values[..<cut]))
        parts.add(sum(Array(values[cut...])))
        let whole = sum(values)
        #expect(parts == whole, "seed \(seed)")
        #expect(sum(values.shuffled(using: &random)) == whole, "seed \(seed)")
        #expect(parts.double.bitPattern == whole.double.bitPattern, "seed \(seed)")
    }

    static let integers: [[Int128]] = [
        [], [0], [1, -1], [.max], [.min], [.max, .min], [.max, -1, 1], [Int128(Int64.max), Int128(Int64.max)],
        [Int128(UInt64.max), 1], [1 << 64, -1], [-(1 << 100), 3], [1 << 126, 1 << 126],
    ]

    @Test(arguments: integers) func addsIntegersExactly(_ values: [Int128]) {
        var sum = ExactSum()
        var wanted: Int128? = 0
        for value in values {
            sum.add(value)
            wanted = wanted.flatMap {
                let (total, overflow) = $0.addingReportingOverflow(value)
                return overflow ? nil : total
            }
        }
        // The most negative number of 128 bits is the one that has no magnitude of its own.
        #expect(sum.integer == (wanted == .min ? nil : wanted))
        #expect(sum.double == values.map { BigInteger($0) }.reduce(BigInteger(), +).double(exponent: 0))
    }

    @Test(arguments: [0, 1, -3, 1 << 40, -(1 << 63), .max, .min, 1 << 64] as [Int128])
    func squaresIntegersExactly(_ value: Int128) {
        var sum = ExactSum()
        sum.addSquare(value)
        sum.addSquare(1 as Int128)
        #expect(sum.double == (BigInteger(value) * BigInteger(value) + BigInteger(1)).double(exponent: 0))
    }

    @Test func aFractionIsNoInteger() {
        #expect(sum([0.5]).integer == nil)
        #expect(sum([0.5, 0.5]).integer == 1)
        #expect(sum([1e300]).integer == nil)
        #expect(sum([-1e30]).integer == -Int128(1e30))
    }

    @Test func readsBackFromItsLimbs() {
        var random = SeededGenerator(seed: 4)
        for count in [0, 1, 2, 50] {
            for _ in 0..<200 {
                var sum = ExactSum()
                for _ in 0..<count {
                    let value = Double(bitPattern: UInt64.random(in: 0 ... .max, using: &random))
                    if value.isFinite { sum.add(value) }
                }
                let (isNegative, first, limbs) = sum.limbs
                let again = ExactSum(isNegative: isNegative, first: first, limbs: limbs)
                #expect(again == sum)
                #expect(again?.limbs.limbs == limbs)
            }
        }
        #expect(ExactSum(isNegative: false, first: 0, limbs: [UInt32](repeating: .max, count: 137)) == nil)
        #expect(ExactSum(isNegative: false, first: 136, limbs: [1]) == nil)
        #expect(ExactSum(isNegative: false, first: -1, limbs: []) == nil)
        #expect(ExactSum(isNegative: true, first: 135, limbs: [.max])?.double == -.infinity)
    }
}
