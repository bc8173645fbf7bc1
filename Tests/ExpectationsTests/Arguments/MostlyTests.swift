import Expectations
import Tables
import Testing

@Suite struct MostlyTests {
    static let borders: [(share: String, considered: Int, unexpected: Int, isMet: Bool)] = [
        ("1", 5, 0, true), ("1", 5, 1, false), ("0", 5, 5, true), ("0.2", 5, 4, true), ("0.2", 5, 5, false),
        ("0.200000000000000001", 5, 4, false), ("0.45", 20, 11, true), ("0.45", 20, 12, false),
        ("0.999", 1_000, 1, true), ("0.999", 999, 1, false), ("0.3333333333333333", 3, 2, true),
        ("0.33333333333333334", 3, 2, false), ("0.5", .max, .max / 2, true), ("0.5", .max, .max / 2 + 1, false),
        ("0.999999999999999999", .max, 9, true), ("0.999999999999999999", .max, 10, false), ("0.7", 0, 0, true),
        ("0.0033333333333333335", 300, 299, false), ("0.0033333333333333333", 300, 299, true),
        ("0.99999999999999999999999999999999999999", .max, 1, false),
    ]

    @Test(arguments: borders)
    func isComparedExactly(_ share: String, _ considered: Int, _ unexpected: Int, _ isMet: Bool) throws {
        let mostly = try #require(DecimalNumber(share).flatMap { Mostly($0) })
        #expect(mostly.isMet(considered: considered, unexpected: unexpected) == isMet)
    }

    /// Every share of two digits that is exactly met by so many rows, against whole numbers.
    @Test func agreesWithWholeNumbers() throws {
        for considered in 1...100 {
            for percent in 0...100 {
                let mostly = try #require(Mostly(DecimalNumber(unscaled: Int128(percent), scale: 2)))
                for unexpected in 0...considered {
                    let isMet = (considered - unexpected) * 100 >= percent * considered
                    guard mostly.isMet(considered: considered, unexpected: unexpected) != isMet else { continue }
                    Issue.record("\(percent) % of \(considered) with \(unexpected) unexpected")
                }
            }
        }
    }

    @Test(arguments: ["-0.01", "1.01", "2", "1.0000000000000000000000000000000000001"]) func refusesOthers(
        _ share: String
    ) throws {
        #expect(Mostly(try #require(DecimalNumber(share))) == nil)
    }

    @Test func isAllWhereNothingIsSaid() { #expect(Mostly().share == DecimalNumber(1)) }
}
