import Statistics
import Tables
import Testing

/// Hashes that are kept never change: not with the process, not with a column's type, not with the version.
struct LastingHashTests {
    private func hash(_ type: LogicalType, _ value: Value, seed: UInt64 = 42) -> Hash128 {
        RowHasher([Column(type, [value])], seed: seed, isLasting: true).hashes(rowCount: 1)[0]
    }

    @Test func staysTheSameForEver() {
        #expect(hash(.string, .text("a1b2")).hexadecimal == "9297bf9041283eb1642932bafbc7bc3a")
        #expect(hash(.int64, .integer(7)).hexadecimal == "606d722817e3e42f23be64d135279537")
        #expect(hash(.int64, .missing).hexadecimal == "ae82aa6ff2a4d931fa730dc401a33fad")
        let pair = RowHasher([Column(.int64, [.integer(1)]), Column(.string, [.text("x")])], seed: 42, isLasting: true)
        #expect(pair.hashes(rowCount: 1)[0].hexadecimal == "a472c93d19d2c93acd7601d96c3590dc")
    }

    @Test func equalNumbersAreEqualInAnyType() {
        let seven = hash(.int64, .integer(7))
        #expect(hash(.uint64, .integer(7)) == seven)
        #expect(hash(.float64, .float(7)) == seven)
        #expect(hash(.decimal(precision: 12, scale: 2), .decimal(DecimalNumber(unscaled: 700, scale: 2))) == seven)
        #expect(hash(.decimal(precision: 30, scale: 4), .decimal(DecimalNumber(unscaled: 70_000, scale: 4))) == seven)
        let half = hash(.decimal(precision: 12, scale: 2), .decimal(DecimalNumber(unscaled: 50, scale: 2)))
        #expect(hash(.decimal(precision: 30, scale: 1), .decimal(DecimalNumber(unscaled: 5, scale: 1))) == half)
        #expect(half != hash(.int64, .integer(5)))
        #expect(hash(.float64, .float(-0.0)) == hash(.int64, .integer(0)))
    }

    @Test func differsWithTheSeed() {
        #expect(hash(.string, .text("a")) != hash(.string, .text("a"), seed: 43))
        #expect(hash(.string, .text("7")) != hash(.int64, .integer(7)))
    }
}
