import Pipeline
import Tables
import Testing

@Suite struct CircuitBreakerTests {
    private static let hour: Int64 = 3_600_000_000

    @Test func holdsUntilTheWaitIsOver() {
        var breaker = CircuitBreaker()
        #expect(breaker.mayTry(at: 0, wait: 50))
        breaker.trip("too many", at: 100, wait: 50)
        #expect(breaker.state == .open(since: 100, until: 150, reason: "too many"))
        #expect(!breaker.mayTry(at: 149, wait: 50))
        #expect(breaker.mayTry(at: 150, wait: 50))
    }

    /// A clock that was once wrong keeps nothing back when it is right again.
    @Test func waitsNoLongerThanFromNow() {
        var breaker = CircuitBreaker()
        breaker.trip("a", at: 1_000, wait: 50)
        #expect(!breaker.mayTry(at: 1_000, wait: 50))
        #expect(breaker.mayTry(at: 999, wait: 50))
    }

    @Test func triesAtOnceWhereTheWaitIsAnotherOne() throws {
        var breaker = CircuitBreaker()
        breaker.trip("a", at: 0, wait: 50)
        breaker.beginTrial(at: 50, wait: 50, byOtherRules: false)
        breaker.trip("a", at: 50, wait: 50)
        breaker = try #require(JSON(text: breaker.json.text()).flatMap { CircuitBreaker(json: $0) })
        #expect(!breaker.mayTry(at: 51, wait: 50))
        #expect(breaker.mayTry(at: 51, wait: 10))
        // What an older Assay held doesn't say.
        let old = try #require(
            JSON(text: #"{"state":"open","since":0,"until":100,"wait":100,"reason":"a"}"#).flatMap {
                CircuitBreaker(json: $0)
            })
        #expect(!old.mayTry(at: 51, wait: 10))
    }

    @Test func waitsTwiceAsLongEachTimeUpToAnHour() {
        var breaker = CircuitBreaker()
        breaker.trip("a", at: 0, wait: 600_000_000)
        var (now, waits) = (Int64(0), [Int64]())
        for _ in 0..<5 {
            guard case .open(let since, let until, _) = breaker.state else { break }
            waits.append(until - now)
            #expect(since == now || since == 0)
            now = until
            breaker.beginTrial(at: now, wait: 600_000_000, byOtherRules: false)
            breaker.trip("a", at: now, wait: 600_000_000)
        }
        #expect(waits == [600_000_000, 1_200_000_000, 2_400_000_000, Self.hour, Self.hour])
    }

    /// What held it under other rules, or for another time, says nothing of these.
    @Test(arguments: [(true, Int64(50)), (false, 10)]) func waitsAsAtFirstByOtherRules(
        _ byOtherRules: Bool, _ wait: Int64
    ) throws {
        var breaker = CircuitBreaker()
        breaker.trip("a", at: 0, wait: 50)
        breaker.beginTrial(at: 50, wait: 50, byOtherRules: false)
        breaker.trip("a", at: 50, wait: 50)
        #expect(breaker.state == .open(since: 0, until: 150, reason: "a"))
        breaker.beginTrial(at: 60, wait: wait, byOtherRules: byOtherRules)
        // The process may die meanwhile.
        breaker = try #require(JSON(text: breaker.json.text()).flatMap { CircuitBreaker(json: $0) })
        breaker.trip("b", at: 60, wait: wait)
        #expect(breaker.state == .open(since: 0, until: 60 + wait, reason: "b"))
        breaker.beginTrial(at: 200, wait: wait, byOtherRules: false)
        breaker.trip("b", at: 200, wait: wait)
        #expect(breaker.state == .open(since: 0, until: 200 + 2 * wait, reason: "b"))
    }

    @Test func closesWithTheFirstBatchThatGoesThrough() {
        var breaker = CircuitBreaker()
        breaker.trip("a", at: 0, wait: 10)
        breaker.beginTrial(at: 10, wait: 10, byOtherRules: false)
        #expect(breaker.mayTry(at: 0, wait: 10))
        breaker.succeed()
        #expect(breaker == CircuitBreaker())
    }

    @Test func letsOneBatchPassWhereAnOperatorSaysSo() {
        var breaker = CircuitBreaker()
        breaker.trip("a", at: 0, wait: 1_000)
        breaker.letNextPass()
        #expect(breaker.mayTry(at: 1, wait: 1_000))
        breaker.succeed()
        #expect(!breaker.passesNext)
    }

    @Test(arguments: [Int64.min, -1, 0, .max]) func survivesClocksThatAreWrong(_ now: Int64) {
        var breaker = CircuitBreaker()
        breaker.trip("a", at: now, wait: .max)
        _ = breaker.mayTry(at: .min, wait: .max)
        breaker.beginTrial(at: now, wait: .max, byOtherRules: false)
        breaker.trip("a", at: .max, wait: 5)
        guard case .open(_, let until, _) = breaker.state else {
            Issue.record("it is closed")
            return
        }
        #expect(until == .max)
    }

    @Test func comesBackFromItsJSON() {
        var breaker = CircuitBreaker()
        var all = [breaker]
        breaker.trip("\"a\"\n", at: -5, wait: 10)
        all.append(breaker)
        breaker.letNextPass()
        all.append(breaker)
        breaker.beginTrial(at: 5, wait: 10, byOtherRules: true)
        all.append(breaker)
        for breaker in all { #expect(JSON(text: breaker.json.text()).flatMap { CircuitBreaker(json: $0) } == breaker) }
    }

    @Test(arguments: [
        "{}", "[]", "null", #"{"state":"open"}"#, #"{"state":"ajar"}"#, #"{"state":"half-open","since":"1"}"#,
    ])
    func refusesWhatIsNone(_ text: String) throws {
        let json = try #require(JSON(text: text))
        #expect(CircuitBreaker(json: json) == nil)
    }
}
