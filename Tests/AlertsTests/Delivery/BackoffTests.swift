import Tables
import Testing

@testable import Alerts

@Suite("Pauses between attempts")
struct BackoffTests {
    private let second: Int64 = 1_000_000

    @Test func doubleUpToAnHourAndDifferALittle() {
        let backoff = Backoff()
        for (attempt, seconds) in [
            (1, 10), (2, 20), (3, 40), (8, 1280), (9, 2560), (10, 3600), (99, 3600), (Int.max, 3600),
        ] {
            let pause = backoff.pause(after: attempt, of: "m/0")
            #expect(pause >= Int64(seconds) * second * 8 / 10 && pause <= Int64(seconds) * second * 12 / 10)
            #expect(pause == backoff.pause(after: attempt, of: "m/0"))
        }
        #expect(Set((0..<50).map { backoff.pause(after: 1, of: "m\($0)/0") }).count > 40)
    }

    @Test func wishesAreGrantedUpToSixHours() {
        let backoff = Backoff()
        #expect(backoff.pause(after: 1, of: "m", wish: 100 * second) == 100 * second)
        #expect(backoff.pause(after: 1, of: "m", wish: .max) == 21_600 * second)
        #expect(backoff.pause(after: 1, of: "m", wish: 0) >= 8 * second)
    }

    static let dates: [(text: String, seconds: Int64?)] = [
        ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
        ("Sun Nov  6 08:49:37 1994", 784_111_777), ("Sunday, 06-Nov-30 08:49:37 GMT", 1_920_185_377),
        ("Sun, 31 Feb 1994 08:49:37 GMT", nil), ("Sun, 06 Nov 1994 25:49:37 GMT", nil), ("", nil), ("Sun", nil),
        ("Sun, 06 Nov 1994 08:49:37 CET", nil), ("Sun, 06 Nov 99994 08:49:37 GMT", nil), ("a b c d e f", nil),
        ("Sun, 06 Nov 1994 08:49 GMT", nil), ("Sunday, 06-Nov-1994 08:49:37 GMT", nil),
    ]

    @Test(arguments: dates) func readsTheDatesOfHTTP(_ date: (text: String, seconds: Int64?)) {
        #expect(RetryAfter.date(date.text, near: ChannelSamples.at) == date.seconds.map { $0 * second })
    }
}
