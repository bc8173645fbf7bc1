import Expectations
import Ledger
import Suites
import Synchronization
import Tables
import Testing
import Transport

@testable import Alerts

@Suite("Delivery")
struct DelivererTests {
    private let start = DeliveryBench.start
    private let hour = DeliveryBench.hour

    @Test func isOnceAndInOrder() async throws {
        let bench = try DeliveryBench()
        for incident in ["a", "b"] { for sequence in 1...3 { try bench.put(incident, sequence) } }
        await bench.deliverer().deliverDue(at: start)
        for incident in ["a", "b"] {
            #expect(bench.keys.filter { $0.hasPrefix(incident) } == (1...3).map { "\(incident).\($0)/0" })
        }
        #expect(bench.kinds == Array(repeating: .delivered, count: 6))
        await bench.deliverer().deliverDue(at: start + hour)
        #expect(bench.received.count == 6)
        #expect(try bench.ledger.outboxCounts() == OutboxCounts(waiting: 0, dead: 0, oldest: nil))
    }

    @Test func nothingIsSentBeforeItsTime() async throws {
        let bench = try DeliveryBench()
        try bench.put("a", 1, at: start + 1)
        await bench.deliverer().deliverDue(at: start)
        #expect(bench.received.isEmpty)
    }

    @Test func aLaterMessageWaitsForAnEarlierOneAndOthersDoNot() async throws {
        let bench = try DeliveryBench { call in HTTPResponse(status: call.key == "a.1/0" && call.times == 1 ? 500 : 200)
        }
        try bench.put("a", 1)
        try bench.put("a", 2)
        try bench.put("b", 1)
        await bench.deliverer().deliverDue(at: start)
        #expect(Set(bench.keys) == ["a.1/0", "b.1/0"])
        await bench.deliverer().deliverDue(at: start + 7 * DeliveryBench.second)
        #expect(bench.received.count == 2)
        await bench.deliverer().deliverDue(at: start + 12 * DeliveryBench.second)
        #expect(Array(bench.keys.dropFirst(2)) == ["a.1/0", "a.2/0"])
    }

    static let wishes: [(wish: String, seconds: Int64)] = [
        ("120", 120), ("Sun, 01 Nov 2026 13:02:00 GMT", 120), ("0", 8), ("nonsense", 8), ("999999", 21_600), ("-5", 8),
        ("99999999999999999999", 8), ("Sun, 01 Nov 2026 12:00:00 GMT", 8),
    ]

    @Test(arguments: wishes) func waitsAsLongAsTheReceiverWishes(_ wish: (wish: String, seconds: Int64)) async throws {
        let bench = try DeliveryBench { call in
            call.times == 1
                ? HTTPResponse(status: 429, headers: [HTTPField("retry-after", wish.wish)]) : HTTPResponse(status: 200)
        }
        try bench.put("a", 1)
        await bench.deliverer().deliverDue(at: start)
        let next = try #require(bench.events.first?.nextAt)
        #expect(next - start >= wish.seconds * DeliveryBench.second)
        #expect(next - start <= max(wish.seconds, 12) * DeliveryBench.second)
        await bench.deliverer().deliverDue(at: next - 1)
        #expect(bench.received.count == 1)
        await bench.deliverer().deliverDue(at: next)
        #expect(bench.kinds == [.postponed, .delivered])
    }

    @Test func aReceiverThatWishesToBeLeftAloneIsLeftAlone() async throws {
        let bench = try DeliveryBench { _ in HTTPResponse(status: 429, headers: [HTTPField("Retry-After", "600")]) }
        for incident in ["a", "b", "c"] { try bench.put(incident, 1) }
        await bench.deliverer(lanes: 1).deliverDue(at: start)
        #expect(bench.received.count == 1)
    }

    /// What is written while the receiver is left alone waits like what was there.
    @Test func whatComesMeanwhileLeavesAReceiverAlone() async throws {
        let bench = try DeliveryBench { call in
            call.key == "a.1/0" && call.times == 1
                ? HTTPResponse(status: 429, headers: [HTTPField("Retry-After", "600")]) : HTTPResponse(status: 200)
        }
        let other = DeliveryBench.route(["https://a/", "https://b/"])
        try bench.put("a", 1)
        await bench.deliverer().deliverDue(at: start)
        try bench.put("b", 1, at: start + 60 * DeliveryBench.second)
        try bench.put("c", 1, to: 1, of: other, at: start + 60 * DeliveryBench.second)
        await bench.deliverer([other]).deliverDue(at: start + 599 * DeliveryBench.second)
        #expect(bench.keys == ["a.1/0", "c.1/1"])
        await bench.deliverer([other]).deliverDue(at: start + 600 * DeliveryBench.second)
        #expect(Set(bench.keys.suffix(2)) == ["a.1/0", "b.1/0"])
    }

    /// The wish was noted by a clock that was ahead.
    @Test func aWishOfAClockThatIsSetBackIsForgotten() async throws {
        let bench = try DeliveryBench { call in
            call.times == 1
                ? HTTPResponse(status: 429, headers: [HTTPField("Retry-After", "600")]) : HTTPResponse(status: 200)
        }
        try bench.put("a", 1, at: start + 48 * hour)
        await bench.deliverer().deliverDue(at: start + 48 * hour)
        await bench.deliverer().deliverDue(at: start)
        #expect(bench.kinds == [.postponed, .delivered])
    }

    /// Another service over the store must not send what this one is still sending.
    @Test func whatTakesLongStaysClaimed() async throws {
        let held = Mutex(false)
        let ledger = Mutex<Ledger?>(nil)
        let bench = try DeliveryBench { _ in
            let deadline = ContinuousClock.now + .seconds(20)
            while ContinuousClock.now < deadline, !held.withLock({ $0 }) {
                await Task.yield()
                let due = try? ledger.withLock { try $0?.outboxChannels(dueAt: DelivererTests.first) }
                held.withLock { $0 = due?.isEmpty == true }
            }
            return HTTPResponse(status: 200)
        }
        ledger.withLock { $0 = bench.ledger }
        try bench.put("a", 1)
        await bench.deliverer(hold: 3_000).deliverDue(at: start)
        #expect(held.withLock { $0 } && bench.kinds == [.delivered])
    }

    /// When what is claimed for three milliseconds is anybody's, if nobody claims it again.
    private static let first = DeliveryBench.start + 3_000

    @Test(arguments: [400, 405, 413, 422]) func whatCantBeMendedIsDeadAtOnce(_ status: Int) async throws {
        let bench = try DeliveryBench { call in HTTPResponse(status: call.key == "a.1/0" ? status : 200) }
        try bench.put("a", 1)
        try bench.put("a", 2)
        await bench.deliverer().deliverDue(at: start)
        #expect(bench.keys == ["a.1/0", "a.2/0"] && bench.kinds == [.dead, .delivered])
        let letter = try #require(try bench.ledger.deadLetters(limit: 9).first)
        #expect(letter.errorCode == "rejected" && letter.errorMessage == "the message is not accepted (\(status))")
        #expect(letter.attempts == 1 && letter.diedAt == start && letter.entry.id == "a.1/0")
    }

    /// PagerDuty calls a key that nobody has a mistake of the event; what is wrong with the event itself is so, too.
    @Test(arguments: [
        (
            #"{"status":"invalid event","errors":["Length of 'routing_key' is incorrect (should be 32 characters)"]}"#,
            "denied"
        ),
        (#"{"status":"Bad Request","errors":["Invalid routing key"]}"#, "denied"),
        (#"{"status":"invalid event","errors":["'payload.severity' is invalid"]}"#, "rejected"),
    ])
    func aKeyThatPagerDutyDoesNotKnowMayBeMended(_ said: String, _ code: String) async throws {
        let bench = try DeliveryBench { _ in HTTPResponse(status: 400, body: Array(said.utf8)) }
        let channel = AlertChannel(
            kind: .pagerDuty(url: "https://a/v2/enqueue", routingKey: "k"), allowsPrivateAddresses: false)
        let route = AlertRoute(
            name: "team", channels: [channel], atOrAbove: .info, remindEvery: nil, rateLimit: nil, links: nil,
            mark: SourceMark(file: "assay.yaml", line: 1, column: 1))
        try bench.put("a", 1, of: route)
        await bench.deliverer([route]).deliverDue(at: start)
        #expect(bench.events.map(\.code) == [code] && bench.kinds == [code == "denied" ? .postponed : .dead])
    }

    /// A receiver that tells the address it was called at, each in its own spelling.
    @Test(arguments: [
        ("no path /hook/kéy part-123456", "no path /hook/…"),
        ("no path /hook/k%c3%a9y%20part-123456", "no path /hook/…"),
        ("no such sig: ab+c", "no such sig: …"), ("a9+x is wrong", "… is wrong"),
        ("POST \\/hook\\/kéy part-123456?sig=ab%2Bc&n=a9%2bx", "POST …"),
    ])
    func whatAReceiverRepeatsOfItsAddressIsNotTold(_ said: String, _ told: String) async throws {
        let bench = try DeliveryBench { _ in HTTPResponse(status: 400, body: Array(said.utf8)) }
        let route = DeliveryBench.route(["https://a/hook/k%C3%A9y%20part-123456?sig=ab%2Bc&n=a9%2bx"])
        try bench.put("a", 1, of: route)
        await bench.deliverer([route]).deliverDue(at: start)
        #expect(bench.events.map(\.message) == ["the message is not accepted (400): \(told)"])
    }

    /// What a receiver says is shown on terminals and in logs.
    @Test func whatAReceiverSaysIsOneHarmlessLine() async throws {
        let said = "\u{1B}[31mred\u{7}\r\n[ok] all is delivered \u{202E}\u{9B}2J"
        let bench = try DeliveryBench { _ in HTTPResponse(status: 400, body: Array(said.utf8)) }
        try bench.put("a", 1)
        await bench.deliverer().deliverDue(at: start)
        let letter = try #require(try bench.ledger.deadLetters(limit: 9).first)
        #expect(
            letter.errorMessage == "the message is not accepted (400):  [31mred   [ok] all is delivered  2J")
        #expect(bench.events.map(\.message) == [letter.errorMessage])
    }

    @Test(arguments: [401, 403, 404, 408, 410, 425, 429, 500, 502, 503, 504])
    func whatMayBeMendedIsTriedForThreeDays(_ status: Int) async throws {
        let bench = try DeliveryBench { _ in HTTPResponse(status: status) }
        try bench.put("a", 1)
        var now = start
        while try bench.ledger.outboxCounts().waiting > 0 {
            await bench.deliverer().deliverDue(at: now)
            now = bench.events.last?.nextAt ?? now
            try #require(bench.received.count < 200)
        }
        #expect((70...100).contains(bench.received.count))
        #expect(now - start > 70 * hour && now - start <= 72 * hour)
        #expect(Set(bench.keys) == ["a.1/0"] && bench.kinds.last == .dead)
    }

    /// The service tried once, and was down for four days.
    @Test func whatNobodyTriedCountsForNothing() async throws {
        let bench = try DeliveryBench { call in HTTPResponse(status: call.times <= 2 ? 503 : 200) }
        try bench.put("a", 1)
        await bench.deliverer().deliverDue(at: start)
        let later = start + 96 * hour
        await bench.deliverer().deliverDue(at: later)
        #expect(bench.kinds == [.postponed, .postponed])
        await bench.deliverer().deliverDue(at: later + hour)
        #expect(bench.kinds == [.postponed, .postponed, .delivered])
    }

    /// They waited while the one before them was tried, and a receiver that is gone for good is not given as long for each.
    @Test func whatWaitsBehindIsGivenUpWithWhatItWaitedFor() async throws {
        let bench = try DeliveryBench { _ in HTTPResponse(status: 503) }
        for sequence in 1...3 { try bench.put("a", sequence) }
        var now = start
        while try bench.ledger.outboxCounts().waiting > 0 {
            await bench.deliverer().deliverDue(at: now)
            now = bench.events.last?.nextAt ?? now
            try #require(bench.received.count < 300)
        }
        #expect(now - start <= 73 * hour)
        #expect(bench.events.filter { $0.kind == .dead }.map(\.id) == ["a.1/0", "a.2/0", "a.3/0"])
    }

    /// A clock that was ahead for a while: what it wrote and put off is due, in order, and what it counted doesn't count.
    @Test(arguments: [3, 960]) func aClockThatIsSetBackHoldsNothingUp(_ hours: Int64) async throws {
        let bench = try DeliveryBench { call in HTTPResponse(status: call.key == "a.1/0" && call.times == 1 ? 503 : 200)
        }
        let ahead = start + hours * hour
        let limit = AlertRoute.RateLimit(count: 2, period: hour)
        let deliverer = bench.deliverer([DeliveryBench.route(limit: limit)], lanes: 1)
        for incident in ["c", "d"] { try bench.put(incident, 1, at: ahead) }
        await deliverer.deliverDue(at: ahead)
        for sequence in 1...2 { try bench.put("a", sequence, at: ahead) }
        await bench.deliverer().deliverDue(at: ahead)
        #expect(bench.kinds == [.delivered, .delivered, .postponed])
        try bench.put("b", 1, at: ahead)
        let killed = try bench.ledger.claimFromOutbox(
            DeliveryBench.channel, pace: nil, holder: "killed", at: ahead, until: ahead + hour / 12)
        #expect(killed?.entry.id == "b.1/0")
        await deliverer.deliverDue(at: start)
        #expect(bench.keys.suffix(2) == ["a.1/0", "a.2/0"])
        await deliverer.deliverDue(at: start + hour)
        #expect(bench.keys.suffix(1) == ["b.1/0"])
        #expect(try bench.ledger.outboxCounts() == OutboxCounts(waiting: 0, dead: 0, oldest: nil))
    }

    /// Another try after the clock was set back waits as any other does.
    @Test func aClockThatIsSetBackMakesNobodyHasty() async throws {
        let bench = try DeliveryBench { _ in HTTPResponse(status: 503) }
        try bench.put("a", 1, at: start + 3 * hour)
        for _ in 0..<3 { await bench.deliverer().deliverDue(at: start) }
        #expect(bench.received.count == 1)
    }

    @Test func anHourWithoutReceiverLosesNothing() async throws {
        let isUp = Mutex(false)
        let bench = try DeliveryBench { _ throws(TransportError) in
            guard isUp.withLock({ $0 }) else { throw DeliveryBench.unreachable }
            return HTTPResponse(status: 204)
        }
        for minute in 0..<150 {
            let now = start + Int64(minute) * 60 * DeliveryBench.second
            if minute == 60 { isUp.withLock { $0 = true } }
            if minute % 10 == 0, minute < 60 { try bench.put("a", minute / 10 + 1, at: now) }
            await bench.deliverer().deliverDue(at: now)
        }
        let delivered = bench.events.filter { $0.kind == .delivered }.map(\.id)
        #expect(delivered == (1...6).map { "a.\($0)/0" })
    }

    @Test func whatAKilledProcessHeldIsSentAgainWithTheSameKey() async throws {
        let bench = try DeliveryBench()
        try bench.put("a", 1)
        try bench.put("a", 2)
        let channel = DeliveryBench.channel
        let until = start + 300 * DeliveryBench.second
        // Somebody took it, sent it, and was killed before he could say so.
        #expect(try bench.ledger.claimFromOutbox(channel, pace: nil, holder: "dead", at: start, until: until) != nil)
        await bench.deliverer().deliverDue(at: until - 1)
        #expect(bench.received.isEmpty)
        await bench.deliverer().deliverDue(at: until)
        #expect(bench.keys == ["a.1/0", "a.2/0"])
    }

    @Test func aLateWordOfItsFirstHolderDoesNoHarm() async throws {
        let bench = try DeliveryBench()
        try bench.put("a", 1)
        let channel = DeliveryBench.channel
        func claim(_ holder: String, at now: Int64) throws -> OutboxClaim? {
            try bench.ledger.claimFromOutbox(channel, pace: nil, holder: holder, at: now, until: now + 10)
        }
        let first = try #require(try claim("one", at: start))
        #expect(try claim("two", at: start + 9) == nil)
        let second = try #require(try claim("two", at: start + 10))
        try bench.ledger.postpone(first, at: start, for: 99, because: "busy", "late")
        try bench.ledger.bury(first, at: start, because: "busy", "late")
        try bench.ledger.release(first)
        #expect(try claim("three", at: start + 11) == nil)
        // It was delivered after all: nobody is to send it again.
        try bench.ledger.settleDelivered(first, at: start + 12)
        try bench.ledger.postpone(second, at: start, for: 99, because: "busy", "no")
        #expect(try bench.ledger.outboxCounts().waiting == 0)
    }

    @Test func twoInstancesSendNothingTwice() async throws {
        let bench = try DeliveryBench { _ in
            await Task.yield()
            return HTTPResponse(status: 200)
        }
        for incident in 0..<30 { for sequence in 1...3 { try bench.put("i\(incident)", sequence) } }
        let other = try Ledger(path: bench.ledger.path)
        async let one: Void = bench.deliverer(holder: "one").deliverDue(at: start)
        async let two: Void = bench.deliverer(holder: "two", ledger: other).deliverDue(at: start)
        _ = await (one, two)
        #expect(bench.received.count == 90 && Set(bench.keys).count == 90)
        for incident in 0..<30 {
            let keys = bench.keys.filter { $0.hasPrefix("i\(incident).") }
            #expect(keys == (1...3).map { "i\(incident).\($0)/0" })
        }
    }

    @Test func noMoreThanTheRateIsSent() async throws {
        let bench = try DeliveryBench()
        for incident in 0..<7 { try bench.put("i\(incident)", 1) }
        let limit = AlertRoute.RateLimit(count: 3, period: 600 * DeliveryBench.second)
        var counts: [Int] = []
        for minute in stride(from: 0, through: 30, by: 5) {
            let now = start + Int64(minute) * 60 * DeliveryBench.second
            await bench.deliverer([DeliveryBench.route(limit: limit)]).deliverDue(at: now)
            counts.append(bench.received.count)
        }
        #expect(counts == [3, 3, 6, 6, 7, 7, 7])
    }

    @Test func whatNoProjectHasIsDeadAfterAnHour() async throws {
        let bench = try DeliveryBench()
        let slack = AlertBench.route("team")
        try bench.put("a", 1)
        try bench.put("b", 1, of: slack)
        await bench.deliverer().deliverDue(at: start + hour - 1)
        #expect(bench.keys == ["a.1/0"])
        await bench.deliverer().deliverDue(at: start + hour)
        try bench.put("c", 1, at: start + hour)
        await bench.deliverer([]).deliverDue(at: start + 2 * hour)
        let dead = bench.events.filter { $0.kind == .dead }
        #expect(dead.map(\.id) == ["b.1/0", "c.1/0"] && dead.map(\.attempts) == [0, 0])
        #expect(dead.map(\.code) == ["no-such-channel", "no-such-route"])
        #expect(
            dead.map(\.message) == [
                "the route has no such channel any more", "no project has such a route any more",
            ])
    }

    /// A new version beside the old one, whose routes differ.
    @Test func whatAnotherInstanceHasIsLeftToIt() async throws {
        let bench = try DeliveryBench()
        let (old, new) = (DeliveryBench.route(["https://a/", "https://b/"]), DeliveryBench.route(["https://b/"]))
        try bench.ledger.transaction { transaction in
            let things = try old.receivers.map { Declaration.receiver(route: "team", key: $0.key) }
            try transaction.declare(Set(things), by: DeclaringInstance(project: "old.yaml"), at: start)
        }
        try bench.put("a", 1, to: 0, of: old)
        try bench.put("a", 1, to: 1, of: old)
        await bench.deliverer([]).deliverDue(at: start + 47 * hour)
        #expect(bench.events.isEmpty)
        await bench.deliverer([new]).deliverDue(at: start + 47 * hour)
        #expect(bench.received.map(\.url) == ["https://b/"])
        await bench.deliverer([old]).deliverDue(at: start + 47 * hour)
        #expect(bench.received.map(\.url) == ["https://b/", "https://a/"])
    }

    @Test func channelsThatChangePlacesKeepTheirMessages() async throws {
        let bench = try DeliveryBench()
        let route = DeliveryBench.route(["https://a/", "https://b/"])
        for place in 0...1 { try bench.put("a", 1, to: place, of: route) }
        await bench.deliverer([DeliveryBench.route(["https://b/", "https://a/"])]).deliverDue(at: start)
        #expect(Set(bench.received.map { "\($0.key) \($0.url)" }) == ["a.1/0 https://a/", "a.1/1 https://b/"])
    }

    @Test func anAddressThatWasMendedGetsWhatWaits() async throws {
        let bench = try DeliveryBench()
        try bench.put("a", 1)
        await bench.deliverer([DeliveryBench.route(["https://mended/"])]).deliverDue(at: start)
        #expect(bench.received.map(\.url) == ["https://mended/"] && bench.keys == ["a.1/0"])
    }

    @Test func deadLettersAreSentWhenSomebodySaysSo() async throws {
        let bench = try DeliveryBench { call in HTTPResponse(status: call.times == 1 ? 400 : 200) }
        try bench.put("a", 1)
        try bench.put("b", 1)
        await bench.deliverer().deliverDue(at: start)
        let later = start + 100 * hour
        #expect(try bench.ledger.revive(["a.1/0", "nobody"], at: later) == RevivedLetters(count: 1, superseded: []))
        await bench.deliverer().deliverDue(at: later)
        #expect(try bench.ledger.deadLetters(limit: 9).map(\.entry.id) == ["b.1/0"])
        #expect(try bench.ledger.revive(nil, at: later).count == 1)
        await bench.deliverer().deliverDue(at: later)
        #expect(bench.kinds.suffix(2) == [.delivered, .delivered] && bench.received.count == 4)
    }

    @Test func whatIsOverIsNotSentAfterItsEnd() async throws {
        let bench = try DeliveryBench { call in HTTPResponse(status: call.key.hasSuffix(".1/0") ? 400 : 200) }
        for (incident, sequence) in [("a", 1), ("a", 2), ("b", 1)] { try bench.put(incident, sequence) }
        await bench.deliverer().deliverDue(at: start)
        let letters = try bench.ledger.deadLetters(limit: 9)
        #expect(
            Dictionary(uniqueKeysWithValues: letters.map { ($0.entry.id, $0.isSuperseded) }) == [
                "a.1/0": true, "b.1/0": false,
            ])
        #expect(try bench.ledger.revive(["a.1/0"], at: start) == RevivedLetters(count: 0, superseded: ["a.1/0"]))
        #expect(try bench.ledger.revive(nil, at: start) == RevivedLetters(count: 1, superseded: ["a.1/0"]))
    }

    /// PagerDuty takes an acknowledgement of what it doesn't know, and has nothing of it.
    @Test(arguments: [AlertMessage.Reason.acknowledged, .resolved])
    func whatOnlyAddsToAnIncidentSupersedesNothing(_ later: AlertMessage.Reason) async throws {
        let bench = try DeliveryBench { call in HTTPResponse(status: call.number == 1 ? 400 : 202) }
        let route = AlertRoute(
            name: "team",
            channels: [
                AlertChannel(
                    kind: .pagerDuty(url: "https://events.example.com", routingKey: "key"),
                    allowsPrivateAddresses: false)
            ], atOrAbove: .info, remindEvery: nil, rateLimit: nil, links: nil,
            mark: SourceMark(file: "assay.yaml", line: 1, column: 1))
        try bench.put("a", 1, of: route)
        await bench.deliverer([route]).deliverDue(at: start)
        try bench.put("a", 2, later, of: route)
        await bench.deliverer([route]).deliverDue(at: start)
        #expect(bench.kinds == [.dead, .delivered])
        let isOver = later == .resolved
        #expect(try bench.ledger.deadLetters(limit: 9).map(\.isSuperseded) == [isOver])
        #expect(try bench.ledger.revive(nil, at: start).count == (isOver ? 0 : 1))
    }

    /// A dead letter is taken out while the message after it is on its way.
    @Test func whatIsRevivedTooLateIsSuperseded() async throws {
        let bench = try DeliveryBench { _ in HTTPResponse(status: 400) }
        try bench.put("a", 1)
        await bench.deliverer().deliverDue(at: start)
        try bench.put("a", 2)
        let claim = try bench.ledger.claimFromOutbox(
            DeliveryBench.channel, pace: nil, holder: "me", at: start, until: start + hour)
        #expect(try bench.ledger.revive(["a.1/0"], at: start).count == 1)
        try bench.ledger.settleDelivered(#require(claim), at: start)
        #expect(try bench.ledger.outboxCounts() == OutboxCounts(waiting: 0, dead: 1, oldest: nil))
        #expect(try bench.ledger.deadLetters(limit: 9).map(\.isSuperseded) == [true])
    }

    /// The next look at the outbox never comes.
    @Test func whatIsWrittenHereIsSentAtOnce() async throws {
        let bench = try DeliveryBench()
        try bench.put("a", 1)
        let now = start
        let running = Task {
            await bench.deliverer().run(clock: { now }) { _ in try await Task.sleep(for: .seconds(86_400)) }
        }
        while bench.events.isEmpty { await Task.yield() }
        try bench.put("b", 1)
        while bench.events.count < 2 { await Task.yield() }
        #expect(bench.keys == ["a.1/0", "b.1/0"] && bench.kinds == [.delivered, .delivered])
        running.cancel()
        await running.value
    }

    @Test func oldDeadLettersCanBeForgotten() async throws {
        let bench = try DeliveryBench { _ in HTTPResponse(status: 400) }
        try bench.put("a", 1)
        await bench.deliverer().deliverDue(at: start)
        #expect(try bench.ledger.forgetDeadLetters(before: start) == 0)
        #expect(try bench.ledger.forgetDeadLetters(before: start + 1) == 1)
        #expect(try bench.ledger.deadLetters(limit: 9).isEmpty)
    }

    @Test func whatWasDeliveredLongAgoIsForgotten() async throws {
        let bench = try DeliveryBench()
        try bench.put("a", 1)
        await bench.deliverer().deliverDue(at: start)
        // Its id is taken as long as it is remembered.
        #expect(throws: LedgerError.self) { try bench.put("a", 1) }
        let later = start + 31 * 24 * hour
        try bench.put("b", 1, at: later)
        await bench.deliverer().deliverDue(at: later)
        try bench.put("a", 1, at: later)
    }

    @Test func aSlowReceiverHoldsUpNobodyElse() async throws {
        let isOver = Mutex(false)
        let bench = try DeliveryBench { call in
            while call.url == "https://slow/", !isOver.withLock({ $0 }) { await Task.yield() }
            return HTTPResponse(status: 200)
        }
        let route = DeliveryBench.route(["https://slow/", "https://fast/"])
        try bench.put("a", 1, to: 0, of: route)
        let now = start
        let running = Task { await bench.deliverer([route]).run(clock: { now }) { _ in await Task.yield() } }
        while bench.received.isEmpty { await Task.yield() }
        // The slow one has it; what comes now for the other is delivered all the same.
        try bench.put("a", 1, to: 1, of: route)
        while bench.events.isEmpty { await Task.yield() }
        #expect(bench.events.map(\.id) == ["a.1/1"])
        isOver.withLock { $0 = true }
        while bench.events.count < 2 { await Task.yield() }
        running.cancel()
        await running.value
        #expect(bench.events.map(\.id) == ["a.1/1", "a.1/0"])
    }

    @Test func whatIsBrokenOffByTheEndIsFreeAtOnce() async throws {
        let bench = try DeliveryBench { _ throws(TransportError) in
            while !Task.isCancelled { await Task.yield() }
            throw TransportError(code: "cancelled", message: "it was given up", place: "a:443", mayHelpToRetry: true)
        }
        try bench.put("a", 1)
        let now = start
        let running = Task { await bench.deliverer().run(clock: { now }) }
        while bench.received.isEmpty { await Task.yield() }
        running.cancel()
        await running.value
        #expect(bench.events.isEmpty)
        let channel = DeliveryBench.channel
        let claim = try bench.ledger.claimFromOutbox(channel, pace: nil, holder: "next", at: now, until: now + 1)
        #expect(claim?.attempts == 0)
    }

    @Test func aStoredMessageThatCantBeReadIsDead() async throws {
        let bench = try DeliveryBench()
        try bench.ledger.transaction { transaction in
            try transaction.enqueue(
                OutboxEntry(
                    id: "x/0", route: "team", channel: DeliveryBench.channel.channel, channelName: "webhook",
                    incident: "x", sequence: 1, message: "{\"version\": 99}", createdAt: start))
        }
        await bench.deliverer().deliverDue(at: start)
        #expect(bench.events.map(\.code) == ["unreadable-message"] && bench.received.isEmpty)
    }

    @Test func theSameMessageIsNotWrittenTwice() throws {
        let bench = try DeliveryBench()
        try bench.put("a", 1)
        #expect(throws: LedgerError.self) { try bench.put("a", 1) }
        #expect(try bench.ledger.outboxCounts().waiting == 1)
    }
}
