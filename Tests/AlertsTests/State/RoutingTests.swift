import Expectations
import Ledger
import Suites
import Testing

@testable import Alerts

/// Who hears what, and what people and silences do to it.
@Suite struct RoutingTests {
    static let hour = AlertBench.hour

    @Test func routesHearFromTheirSeverityOn() throws {
        let bench = AlertBench(routes: [
            AlertBench.route("all"), AlertBench.route("ops", atOrAbove: .critical),
        ])
        #expect(try bench.run("a!w b") == ["all firing 1: a new"])
        #expect(try bench.run("a!w b!") == ["all firing 2: b new, a still", "ops firing 1: b new"])
        #expect(try bench.run("a!w b") == ["all improved 3: a still, b recovered", "ops resolved 2: b recovered"])
        #expect(try bench.run("a b") == ["all resolved 4: a recovered"])
    }

    @Test func whatGotMilderIsFollowedToItsEnd() throws {
        let bench = AlertBench(routes: [AlertBench.route("ops", atOrAbove: .critical)])
        #expect(try bench.run("a!w") == [])
        #expect(try bench.run("a!") == ["ops firing 1: a new"])
        #expect(try bench.run("a!w") == [])
        #expect(try bench.run("a") == ["ops resolved 2: a recovered"])
    }

    @Test func whatIsOverIsAsSevereAsWasTold() throws {
        let bench = AlertBench(routes: [AlertBench.route("ops", atOrAbove: .critical)])
        try bench.run("a!")
        try bench.run("a!i")
        try bench.run("a")
        let end = try #require(bench.store.entries.last.flatMap { JSONText.message($0.message) })
        #expect(end.reason == .resolved && end.severity == .critical && end.items.map(\.severity) == [.critical])
    }

    @Test func remindersComeByRoute() throws {
        let bench = AlertBench(routes: [
            AlertBench.route("often", remindEvery: 2), AlertBench.route("never"),
        ])
        try bench.run("a!")
        #expect(try bench.wait(1) == [])
        #expect(try bench.wait(1) == ["often reminder 2: a still"])
        #expect(try bench.wait(1) == [])
        #expect(try bench.run("a!") == ["often reminder 3: a still"])
        #expect(try bench.run("a") == ["often resolved 4: a recovered", "never resolved 2: a recovered"])
        #expect(try bench.wait(100) == [])
    }

    @Test func whoIsOnItIsNotReminded() throws {
        let bench = AlertBench(routes: [AlertBench.route("team", remindEvery: 2)])
        try bench.run("a!")
        let said = try bench.desk.acknowledge(
            .incident(bench.incident()), by: "anna", until: nil, note: "looking", at: bench.clock * Self.hour,
            store: bench.store)
        #expect(said.map { AlertBench.shorthand($0) } == ["team acknowledged 2: a still"])
        #expect(said.first?.actor == "anna")
        #expect(said.first?.note == "looking")
        #expect(try bench.wait(50) == [])
        #expect(try bench.run("a! b!") == ["team firing 3: b new, a still"])
        #expect(try bench.wait(2) == ["team reminder 4: a still, b still"])
        #expect(try bench.run("a! b") == ["team improved 5: a still, b recovered"])
        #expect(try bench.wait(50) == [])
        #expect(try bench.run("a b") == ["team resolved 6: a recovered"])
    }

    @Test func anAcknowledgementMayEnd() throws {
        let bench = AlertBench(routes: [AlertBench.route("team", remindEvery: 2)])
        try bench.run("a!w")
        try bench.acknowledge(for: 10)
        #expect(try bench.wait(9) == [])
        #expect(try bench.wait(1) == ["team reminder 3: a still"])
        try bench.acknowledge(for: nil)
        #expect(try bench.run("a!") == ["team firing 5: a still"])
        #expect(try bench.wait(2) == ["team reminder 6: a still"])
    }

    @Test func anAcknowledgementDuringASnoozeIsToldWhenItEnds() throws {
        let bench = AlertBench()
        try bench.run("a!")
        try bench.snooze(for: 5)
        #expect(try bench.acknowledge(for: nil) == [])
        #expect(try bench.wait(4) == [])
        #expect(try bench.wait(1) == ["team acknowledged 2: a still"])
        #expect(try bench.wait(1) == [])
    }

    @Test func anAcknowledgementInMaintenanceIsToldAfterwards() throws {
        let bench = AlertBench(maintenance: { _, time in
            (1_010..<1_020).contains(time / AlertBench.hour) ? "migration" : nil
        })
        try bench.run("a!")
        bench.clock = 1_010
        #expect(try bench.acknowledge(for: nil) == [])
        #expect(try bench.run("a! b!") == [])
        bench.clock = 1_020
        // What began meanwhile comes first, then who is on what was known.
        #expect(try bench.wait(0) == ["team firing 2: b new, a still"])
        #expect(try bench.wait(0) == ["team acknowledged 3: a still, b still"])
        #expect(try bench.wait(0) == [])
    }

    @Test func anAcknowledgementThatEndsDuringASnoozeIsNotTold() throws {
        let bench = AlertBench()
        try bench.run("a!")
        try bench.snooze(for: 5)
        try bench.acknowledge(for: 2)
        #expect(try bench.wait(5) == ["team reminder 2: a still"])
    }

    /// Whoever is on it tunes its arguments: the fingerprint is another one, and what is known of it goes on.
    @Test func anExpectationThatIsChangedKeepsItsAcknowledgement() throws {
        let bench = AlertBench(routes: [AlertBench.route("team", remindEvery: 2)])
        var runs = 0
        func run(_ keys: [String: AlertSignal.News]) throws -> [String] {
            runs += 1
            bench.clock += 1
            return try bench.desk.take(
                keys.sorted { $0.key < $1.key }.map { key, news in
                    // The first letter is the kind.
                    AlertSignal(
                        key: key, news: news, type: "expect_\(key.prefix(1))", columns: ["amount"],
                        severity: .critical, sentence: key)
                }, of: AlertSubject(asset: "orders", suite: "suite"),
                occasion: AlertOccasion(id: "\(runs)", startedAt: bench.clock * Self.hour, isComplete: true),
                policy: bench.policy, at: bench.clock * Self.hour, store: bench.store
            ).map { AlertBench.shorthand($0) }
        }
        #expect(try run(["a1": .failing, "b1": .failing, "b2": .succeeding]) == ["team firing 1: a1 new, b1 new"])
        try bench.acknowledge(for: nil)
        #expect(try run(["a2": .failing, "b1": .failing, "b2": .succeeding]) == [])
        #expect(bench.alert("a1") == nil && bench.alert("a2")?.acknowledgement?.actor == "anna")
        #expect(bench.store.events.last?.kind == .edited)
        // There were two of its kind: nobody knows which it was.
        #expect(try run(["a2": .failing, "b2": .succeeding]) == ["team improved 3: a2 still, b1 removed"])
        #expect(try run(["a3": .succeeding, "b2": .succeeding]) == ["team resolved 4: a3 recovered"])
    }

    @Test func aSnoozeEndsOnce() throws {
        let bench = AlertBench()
        try bench.run("a!")
        try bench.snooze(for: 5)
        #expect(try bench.run("a! b!") == [])
        #expect(try bench.wait(3) == [])
        #expect(try bench.wait(1) == ["team firing 2: b new, a still"])
        #expect(try bench.wait(1) == [])
        try bench.snooze(for: 5)
        #expect(try bench.wait(5) == ["team reminder 3: a still, b still"])
        #expect(try bench.wait(5) == [])
        try bench.snooze(for: 5)
        #expect(try bench.run("a b!") == [])
        #expect(try bench.run("a b") == ["team resolved 4: a recovered, b recovered"])
        #expect(try bench.wait(50) == [])
    }

    @Test func whatMendedWhileSnoozedIsToldWithTheRest() throws {
        let bench = AlertBench()
        try bench.run("a! b!")
        try bench.snooze(for: 5)
        try bench.run("a b!")
        #expect(try bench.wait(4) == ["team improved 2: b still, a recovered"])
    }

    @Test func oneAlertCanBeSnoozed() throws {
        let bench = AlertBench(routes: [AlertBench.route("team", remindEvery: 2)])
        try bench.run("a! b!")
        _ = try bench.desk.snooze(
            .alert(bench.incident(), key: "a"), by: "ben", until: (bench.clock + 10) * Self.hour, note: nil,
            at: bench.clock * Self.hour, store: bench.store)
        #expect(try bench.wait(2) == ["team reminder 2: a still, b still"])
        #expect(try bench.run("a! b") == ["team improved 3: a still, b recovered"])
        #expect(try bench.wait(6) == [])
        #expect(try bench.wait(1) == ["team reminder 4: a still"])
        #expect(try bench.run("a b") == ["team resolved 5: a recovered"])
    }

    @Test func aSnoozeCanBeTakenBack() throws {
        let bench = AlertBench()
        try bench.run("a!")
        try bench.snooze(for: 50)
        try bench.run("a! b!")
        let said = try bench.desk.unsnooze(
            .incident(bench.incident()), by: "ben", note: nil, at: bench.clock * Self.hour, store: bench.store)
        #expect(said.map { AlertBench.shorthand($0) } == ["team firing 2: b new, a still"])
        #expect(throws: AlertError.notSnoozed) {
            try bench.desk.unsnooze(
                .incident(bench.incident()), by: "ben", note: nil, at: bench.clock * Self.hour, store: bench.store)
        }
    }

    @Test func mistakesOfPeopleHaveCodes() throws {
        let bench = AlertBench()
        try bench.run("a! b!")
        let incident = bench.incident()
        func code(_ target: AlertDesk.Target, until: Int64 = .max) -> String? {
            do {
                _ = try bench.desk.snooze(
                    target, by: "ben", until: until, note: nil, at: bench.clock * Self.hour, store: bench.store)
                return nil
            } catch { return (error as? AlertError)?.code }
        }
        #expect(code(.incident("nowhere")) == "unknown-incident")
        #expect(code(.incident(incident), until: bench.clock * Self.hour) == "bad-time")
        #expect(code(.alert(incident, key: "c")) == "unknown-alert")
        #expect(code(.alert(incident, key: "")) == "unknown-alert")
        #expect(code(.incident(String(incident.prefix(6)))) == nil)
        try bench.run("a b")
        #expect(code(.incident(incident)) == "incident-over")
    }

    @Test func nothingIsToldInMaintenance() throws {
        let bench = AlertBench(
            routes: [AlertBench.route("team", remindEvery: 2)],
            maintenance: { _, time in (1_010..<1_020).contains(time / AlertBench.hour) ? "migration" : nil })
        try bench.run("a! b!")
        bench.clock = 1_010
        #expect(try bench.run("a b! c!") == [])
        #expect(try bench.run("a b! c! d!") == [])
        #expect(try bench.run("a b! c! d") == [])
        #expect(try bench.wait(5) == [])
        bench.clock = 1_020
        #expect(try bench.wait(0) == ["team firing 2: c new, b still, a recovered"])
        #expect(try bench.run("a b c") == ["team resolved 3: b recovered, c recovered"])
    }

    @Test func whatIsOverInMaintenanceIsToldAfterwards() throws {
        let bench = AlertBench(
            maintenance: { _, time in (1_010..<1_020).contains(time / AlertBench.hour) ? "migration" : nil })
        try bench.run("a!")
        bench.clock = 1_010
        try bench.run("a")
        try bench.run("b!")
        bench.clock = 1_025
        #expect(try bench.wait(0) == ["team firing 2: b new, a removed"])
    }

    @Test func routesThatAreGoneKeepNothingOpen() throws {
        let bench = AlertBench(routes: [AlertBench.route("team"), AlertBench.route("ops")])
        try bench.run("a!")
        bench.desk = AlertDesk(routes: [AlertBench.route("team")])
        #expect(try bench.run("a") == ["team resolved 2: a recovered"])
        #expect(!bench.store.unsettledAlertSubjects().isEmpty)
        #expect(try bench.wait(1) == [])
        #expect(bench.store.unsettledAlertSubjects().isEmpty)
    }

    /// Two instances over one store, of which only the other one has a route.
    @Test func whatAnotherInstanceToldIsLeftToIt() throws {
        let bench = AlertBench(routes: [AlertBench.route("team"), AlertBench.route("ops")])
        let (both, team) = (bench.desk, AlertDesk(routes: [AlertBench.route("team")]))
        try bench.run("a!")
        for desk in [team, both, team, both] {
            bench.desk = desk
            #expect(try bench.wait(1) == [])
        }
        bench.desk = team
        #expect(try bench.run("a") == ["team resolved 2: a recovered"])
        bench.desk = both
        #expect(try bench.wait(0) == ["ops resolved 2: a recovered"])
        #expect(bench.store.unsettledAlertSubjects().isEmpty)
    }

    /// What was told under the old name is gone on with under the new one: the same thread, and no word of it.
    @Test func aRouteThatIsCalledOtherwiseGoesOn() throws {
        let bench = AlertBench(routes: [AlertBench.route("crit")])
        try bench.run("a!")
        let thread = bench.store.entries.first.flatMap { JSONText.message($0.message) }?.thread
        bench.desk = AlertDesk(routes: [AlertBench.route("pager")])
        bench.policy = AlertPolicy(routes: ["pager"])
        #expect(try bench.wait(1) == [])
        #expect(bench.store.entries.map(\.route) == ["pager"])
        #expect(bench.store.events.last?.kind == .renamed)
        #expect(try bench.run("a") == ["pager resolved 2: a recovered"])
        #expect(bench.store.entries.last.flatMap { JSONText.message($0.message) }?.thread == thread)
        #expect(bench.store.unsettledAlertSubjects().isEmpty)
    }

    @Test func aRouteThatAnotherProjectHasIsNotTakenForARenamedOne() throws {
        let bench = AlertBench(routes: [AlertBench.route("crit")])
        try bench.run("a!")
        let key = try #require(AlertBench.route("crit").receivers.first?.key)
        bench.store.declarations[.receiver(route: "crit", key: key)] = bench.clock * Self.hour
        bench.desk = AlertDesk(routes: [AlertBench.route("pager")])
        try bench.wait(1)
        #expect(bench.store.entries.map(\.route) == ["crit"])
        func lost(_ hours: Int64) throws -> [String: Int] {
            try bench.desk.lostRoutes(at: (bench.clock + hours) * Self.hour, store: bench.store)
        }
        #expect(try lost(0) == [:])
        // The other one has been gone for long.
        #expect(try lost(100) == ["crit": 1])
    }

    @Test func aRouteThatCameHearsWhatFailsBeforeTheNextRun() throws {
        let bench = AlertBench(routes: [AlertBench.route("team"), AlertBench.route("ops", atOrAbove: .critical)])
        bench.policy = AlertPolicy(routes: ["team"])
        try bench.run("a! b!w")
        func adopt(_ routes: [String]) throws -> [String] {
            let subject = AlertSubject(asset: "orders", suite: "suite")
            return try bench.desk.adopt(
                [subject: AlertPolicy(routes: routes)], at: bench.clock * Self.hour, store: bench.store
            ).map { AlertBench.shorthand($0) }
        }
        #expect(try adopt(["team"]) == [])
        #expect(try adopt(["team", "ops"]) == ["ops firing 1: a new"])
        #expect(try adopt(["team", "ops"]) == [])
    }

    @Test func routesThatAValidationLeavesHearTheEnd() throws {
        let bench = AlertBench(routes: [AlertBench.route("team"), AlertBench.route("ops")])
        try bench.run("a!")
        bench.policy = AlertPolicy(routes: ["team"])
        #expect(try bench.run("a! b!") == ["team firing 2: b new, a still"])
        #expect(try bench.run("a b") == ["team resolved 3: a recovered, b recovered", "ops resolved 2: a recovered"])
    }

    @Test func whatNoProjectHasAnyMoreIsOver() throws {
        let bench = AlertBench()
        try bench.run("a!")
        try bench.run("b!", of: "customers")
        func retire() throws -> [String] {
            try bench.desk.retire(at: bench.clock * Self.hour, store: bench.store).map { AlertBench.shorthand($0) }
        }
        let other = Declaration.subject(AlertSubject(asset: "customers", suite: "suite"))
        bench.store.declarations[other] = bench.clock * Self.hour
        #expect(try retire() == ["team resolved 2: a removed"])
        #expect(try retire().isEmpty)
        #expect(bench.store.unsettledAlertSubjects().map(\.subject.asset) == ["customers"])
        bench.clock += 49
        #expect(try retire() == ["team resolved 2: b removed"])
    }

    @Test func sayingTheSameAgainIsToldNobody() throws {
        let bench = AlertBench()
        try bench.run("a! b!")
        func acknowledge(by person: String, until: Int64? = nil, note: String? = nil) throws -> [String] {
            bench.clock += 1
            return try bench.desk.acknowledge(
                .incident(bench.incident()), by: person, until: until.map { $0 * Self.hour }, note: note,
                at: bench.clock * Self.hour, store: bench.store
            ).map { AlertBench.shorthand($0) }
        }
        #expect(try acknowledge(by: "anna", note: "on it") == ["team acknowledged 2: a still, b still"])
        let count = bench.store.events.count
        #expect(try acknowledge(by: "anna", note: "on it") == [])
        #expect(try acknowledge(by: "anna") == [])
        #expect(bench.store.events.count == count)
        #expect(try acknowledge(by: "ben") == ["team acknowledged 3: a still, b still"])
        #expect(try acknowledge(by: "ben", until: 2_000) == ["team acknowledged 4: a still, b still"])
        #expect(try acknowledge(by: "ben", until: 2_000, note: "late") == ["team acknowledged 5: a still, b still"])
        #expect(try bench.run("a! b! c!") == ["team firing 6: c new, a still, b still"])
        #expect(
            try acknowledge(by: "ben", until: 2_000, note: "late") == ["team acknowledged 7: a still, b still, c still"]
        )
    }

    @Test func oldRunsRewindNothing() throws {
        let bench = AlertBench()
        try bench.run("a!")
        let now = (bench.clock + 1) * Self.hour
        func take(_ id: String, startedAt: Int64, at time: Int64) throws -> [String] {
            try bench.desk.take(
                [AlertBench.signal("a", .succeeding)], of: AlertSubject(asset: "orders", suite: "suite"),
                occasion: AlertOccasion(id: id, startedAt: startedAt, isComplete: true), policy: bench.policy, at: time,
                store: bench.store
            ).map { AlertBench.shorthand($0) }
        }
        #expect(try take("slow", startedAt: now - 10 * Self.hour, at: now) == [])
        #expect(bench.store.events.last?.kind == .passedOver)
        // A clock that was set back makes runs begin earlier; they count.
        #expect(
            try take("after the clock was set back", startedAt: now - 5 * Self.hour, at: now - 5 * Self.hour)
                == ["team resolved 2: a recovered"])
        #expect(try take("after the clock was set back", startedAt: now, at: now) == [])
    }
}

extension AlertBench {
    @discardableResult
    func acknowledge(for hours: Int64?) throws -> [String] {
        try desk.acknowledge(
            .incident(incident()), by: "anna", until: hours.map { (clock + $0) * Self.hour }, note: nil,
            at: clock * Self.hour, store: store
        ).map { Self.shorthand($0) }
    }

    func snooze(for hours: Int64, of asset: String = "orders") throws {
        let said = try desk.snooze(
            .incident(incident(of: asset)), by: "anna", until: (clock + hours) * Self.hour, note: nil,
            at: clock * Self.hour,
            store: store)
        precondition(said.isEmpty, "a snooze says nothing")
    }

    /// Two routes may reach one service of PagerDuty: what one of them is told must not end what the other one knows.
    @Test func eachRouteHasAThreadOfItsOwn() throws {
        let bench = AlertBench(routes: [AlertBench.route("one"), AlertBench.route("two")])
        try bench.run("a!")
        try bench.run("a! b!")
        try bench.run("a b")
        let messages = bench.store.entries.compactMap { JSONText.message($0.message) }
        #expect(messages.count == 6)
        let threads = Dictionary(grouping: messages, by: \.route).mapValues { Set($0.map(\.thread)) }
        #expect(threads["one"]?.count == 1 && threads["two"]?.count == 1)
        #expect(threads["one"] != threads["two"])
        #expect(
            messages.filter { $0.route == "one" }.map(\.opening)
                == [nil, "orders: 1 check began to fail (critical)", "orders: 1 check began to fail (critical)"])
    }

    /// Receivers take a key that they know for a repetition, and numbers begin anew where a store was restored.
    @Test func whatARestoredStoreTellsIsNoRepetition() throws {
        func messages(_ later: [String]) throws -> [AlertMessage] {
            let bench = AlertBench()
            try bench.run("a! b!")
            for signs in later { try bench.run(signs) }
            return bench.store.entries.compactMap { JSONText.message($0.message) }
        }
        let (before, after) = (try messages(["a b!"]), try messages(["a! b!", "a b"]))
        #expect(before.map(\.sequence) == [1, 2] && after.map(\.sequence) == [1, 2])
        #expect(before[0].id == after[0].id && before[1].id != after[1].id)
        #expect(before[1].incident == after[1].incident && before[1].thread == after[1].thread)
    }

    /// Receivers know what began before threads had keys of their own by the incident's id.
    @Test func aThreadGoesOnUnderTheKeyThatItHas() throws {
        let bench = AlertBench()
        try bench.run("a!")
        let subject = AlertSubject(asset: "orders", suite: "suite")
        let old = try #require(bench.store.alertSubject(subject))
        var record = old
        record.incident?.threads["team"] = .init(
            key: bench.incident(), sequence: 1, toldAt: bench.clock * AlertBench.hour,
            since: bench.clock * AlertBench.hour)
        bench.store.saveAlerts(record, replacing: old, run: nil)
        #expect(try bench.run("a") == ["team resolved 2: a recovered"])
        let message = try #require(bench.store.entries.last.flatMap { JSONText.message($0.message) })
        #expect(message.thread == message.incident && message.opening == nil)
    }
}
