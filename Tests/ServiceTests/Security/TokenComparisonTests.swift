import Testing

@testable import Service

@Suite struct TokenComparisonTests {
    /// What decides must be the whole comparison: each byte counts, at each place, and nothing is found out early.
    @Test func everyByteCounts() throws {
        let secret = Array("0123456789abcdefghijklmnopqrstuv".utf8)
        let token = try #require(AccessToken(String(decoding: secret, as: UTF8.self)))
        #expect(token.matches(secret))
        for place in secret.indices {
            for bit in 0..<8 {
                var other = secret
                other[place] ^= 1 << UInt8(bit)
                #expect(!token.matches(other))
            }
            #expect(!token.matches(secret[..<place]))
            #expect(!token.matches(secret + secret[...place]))
        }
        #expect(!token.matches([UInt8]()))
    }

    /// Time doesn't tell how much of a guess is right: where a comparison stopped at the first difference, a guess that is wrong at its
    /// end would take many times as long as one that is wrong at its beginning.
    @Test func timeDoesNotTell() throws {
        let secret = [UInt8](repeating: 0x61, count: 8_192)
        let token = try #require(AccessToken(String(decoding: secret, as: UTF8.self)))
        func fastest(_ guess: [UInt8]) -> Duration {
            (0..<200).map { _ in ContinuousClock().measure { #expect(!token.matches(guess)) } }.min() ?? .zero
        }
        var first = secret
        first[0] = 0x62
        var last = secret
        last[secret.count - 1] = 0x62
        let times = (fastest(first), fastest(last))
        #expect(times.0 > times.1 / 3 && times.1 > times.0 / 3, "\(times)")
    }

    @Test func theVerdictIsThatOfTheBestToken() throws {
        let text = "0123456789abcdef"
        let tokens = AccessTokens(
            tokens: [AccessToken(text, role: .ingest, pipelines: ["a"]), AccessToken(text, role: .read)].compactMap {
                $0
            })
        #expect(tokens.verdict(on: text.utf8, for: .read) == .allowed)
        #expect(tokens.verdict(on: text.utf8, for: .ingest(pipeline: "a")) == .allowed)
        #expect(tokens.verdict(on: text.utf8, for: .ingest(pipeline: "b")) == .forAnother)
        #expect(tokens.verdict(on: text.utf8, for: .operate) == .notEnough)
        #expect(tokens.verdict(on: "other".utf8, for: .read) == .unknown)
        #expect(AccessTokens(tokens: []).verdict(on: "".utf8, for: .operate) == .allowed)
    }
}
