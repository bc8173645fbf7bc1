import Expectations
import Foundation
import Ledger
import Suites
import TestSupport
import Testing

@testable import Alerts

/// What must be true whatever happens, held against random histories of three layers of assets, three routes, people and maintenance.
@Suite struct LawTests {
    static let hour = AlertBench.hour
    static let minute: Int64 = 60_000_000
    static let routes = [
        AlertBench.route("all"), AlertBench.route("team", atOrAbove: .warning, remindEvery: 6),
        AlertBench.route("ops", atOrAbove: .critical, remindEvery: 24),
    ]

    /// Some hours of each week of 168 hours nothing is told of silver.
    static func isInMaintenance(_ asset: String, _ time: Int64) -> Bool {
        asset == "silver" && (40..<52).contains(time / hour % 168)
    }

    static func play(seed: UInt64) -> Play {
        let window = Int(seed % 3) + 1
        return Play(
            desk: AlertDesk(
                routes: routes, lineage: Lineage(["silver": ["bronze"], "gold": ["silver"]]),
                maintenance: { isInMaintenance($0, $1) ? "weekly" : nil }),
            policy: { _ in
                AlertPolicy(
                    failures: (window + 1) / 2, window: window, successes: Int(seed / 3 % 2) + 1,
                    routes: routes.map(\.name))
            })
    }

    /// Random moves, then enough successes and time for all to be over.
    static func moves(seed: UInt64, count: Int) -> [Move] {
        var dice = Dice(seed)
        let assets = ["bronze", "silver", "gold"]
        var broken: Set<String> = []
        var clock: Int64 = 1_000 * hour
        var moves: [Move] = []
        for number in 0..<count {
            // Long enough for a tick in between.
            clock += Int64(dice.roll(180) + 2) * minute
            let asset = assets[dice.roll(3)]
            let until = clock + Int64(dice.roll(20) + 1) * hour
            let kind: Move.Kind =
                switch dice.roll(20) {
                case 0: .acknowledge(by: "anna", until: dice.roll(2) == 0 ? nil : until)
                case 1: .snooze(by: "ben", until: until, key: [nil, "a", "b"][dice.roll(3)])
                case 2: .unsnooze(by: "ben")
                case 3...7: .tick
                case 8: .run("run-\(number)", [AlertBench.signal("run", .failing)], isComplete: false)
                default: .run("run-\(number)", signals(asset, &broken, &dice), isComplete: true)
                }
            moves.append(Move(at: clock, asset: asset, kind: kind))
        }
        for number in 0..<200 {
            clock += hour
            let fine = ["a", "b", "c", "run"].map { AlertBench.signal($0, .succeeding) }
            moves.append(
                Move(
                    at: clock, asset: assets[number % 3], kind: .run("last-\(number)", fine, isComplete: true)))
            moves.append(Move(at: clock, asset: "", kind: .tick))
        }
        return moves
    }

    private static func signals(_ asset: String, _ broken: inout Set<String>, _ dice: inout Dice) -> [AlertSignal] {
        var signals = [AlertBench.signal("run", .succeeding)]
        for key in ["a", "b", "c"] where dice.roll(30) > 0 {
            let name = "\(asset)/\(key)"
            if dice.roll(4) == 0 { broken.formSymmetricDifference([name]) }
            let severity = Severity.allCases[
                dice.roll(8) == 0 ? dice.roll(3) : ["a", "b", "c"].firstIndex(of: key) ?? 0]
            let news: AlertSignal.News = dice.roll(10) == 0 ? .nothing : broken.contains(name) ? .failing : .succeeding
            signals.append(AlertBench.signal(key, news, severity, unexpected: dice.roll(90) + 1))
        }
        return signals
    }

    @Test(arguments: 0..<90) func hold(_ seed: UInt64) throws {
        let play = Self.play(seed: seed)
        let store = MemoryAlertStore()
        var ears: [String: Ear] = [:]
        func hear(_ message: AlertMessage) {
            let route = Self.routes.first { $0.name == message.route }
            let subject = store.subjects[AlertSubject(asset: message.asset, suite: message.suite)]
            let snoozed = subject?.alerts.values.filter { $0.snooze != nil }.map(\.key) ?? []
            ears[message.route, default: Ear(route: route)].hear(message, snoozed: Set(snoozed), events: store.events)
        }
        for (number, move) in Self.moves(seed: seed, count: 400).enumerated() {
            for message in try play.carryOut(move, number: number, in: store) {
                #expect(!Self.isInMaintenance(message.asset, message.at), "told in maintenance")
                hear(message)
            }
            guard case .tick = move.kind else { continue }
            // What one subject's step has changed upstream, a tick a minute later sees downstream.
            let later = Move(at: move.at + Self.minute, asset: move.asset, kind: .tick)
            for message in try play.carryOut(later, number: number, in: store) { hear(message) }
            try expectNobodyIsLeftInTheDark(store, play.desk, at: later.at)
        }
        #expect(ears.count == 3)
        for ear in ears.values {
            #expect(ear.known.isEmpty, "something was never told to be over")
            #expect(ear.complaints.isEmpty, "\(ear.complaints)")
        }
        #expect(store.unsettledAlertSubjects().isEmpty)
        #expect(Set(store.entries.map(\.id)).count == store.entries.count)
    }

    /// Each failure is known to each route that it concerns, or there is a reason that somebody knows.
    private func expectNobodyIsLeftInTheDark(_ store: MemoryAlertStore, _ desk: AlertDesk, at now: Int64) throws {
        let surroundings = StoredSurroundings(store: store, lineage: desk.lineage, setting: desk.setting)
        for record in store.unsettledAlertSubjects() where !Self.isInMaintenance(record.subject.asset, now) {
            guard let incident = record.incident, incident.snooze == nil else { continue }
            for alert in record.alerts.values where alert.phase == .firing && alert.snooze == nil {
                for route in Self.routes where alert.severity >= route.atOrAbove && alert.tellings[route.name] == nil {
                    guard let cause = alert.mutedBy.flatMap({ store.incidents[$0] }) else {
                        Issue.record("\(record.subject.asset) \(alert.key) is silent for no reason")
                        continue
                    }
                    let causes = try surroundings.causes(of: record.subject.asset, at: now)
                    let end = causes.first { $0.incident == cause.id }?.quietSince ?? cause.closedAt
                    let isWaiting = end.map { alert.judgedAt <= $0 } ?? false
                    let isCovered = causes.contains { $0.mutes(alert, for: route.name) }
                    #expect(isWaiting || isCovered, "\(record.subject.asset) \(alert.key): both are silent")
                }
            }
        }
    }

    @Test(arguments: 0..<6) func aRestartAtAnyPointIsNone(_ seed: UInt64) throws {
        let play = Self.play(seed: seed)
        let memory = MemoryAlertStore()
        let scratch = try Scratch()
        let ledger = try Ledger(path: scratch.path())
        let moves = Self.moves(seed: seed, count: 150)
        var kept: [AlertMessage] = []
        for (number, move) in moves.enumerated() { kept += try play.carryOut(move, number: number, in: memory) }
        let stored = try ledger.transaction { transaction in
            // Each begins anew, and looks at all that is open.
            try moves.enumerated().flatMap { number, move in
                try Self.play(seed: seed).carryOut(move, number: number, in: transaction)
            }
        }
        #expect(stored == kept)
        #expect(try ledger.alertEvents(limit: 100_000).reversed() == memory.events)
    }
}

/// One route, which believes what it is told and notices what can't be.
struct Ear {
    let route: AlertRoute?
    /// What fails as far as it knows, and how loud; by subject and key.
    var known: [String: (severity: Severity, isFlapping: Bool)] = [:]
    var complaints: [String] = []
    private var sequences: [String: Int] = [:]
    private var latest: [String: Int64] = [:]
    /// Incidents whose followers it was told of.
    private var named: Set<String> = []

    init(route: AlertRoute?) { self.route = route }

    /// What has become of `snoozed` alerts stands in messages that others give occasion for, and is no occasion itself.
    mutating func hear(_ message: AlertMessage, snoozed: Set<String>, events: [AlertEvent]) {
        let sequence = (sequences[message.incident] ?? 0) + 1
        if message.sequence != sequence { complaints.append("\(message.sequence) came where \(sequence) was due") }
        sequences[message.incident] = message.sequence
        var hasNews = false
        for item in message.items {
            let name = "\(message.asset)/\(item.key)"
            let isFlapping = item.standing == .flapping
            switch (item.standing, known[name]) {
            case (.new, nil), (.flapping, nil): hasNews = true
            case (.new, _): complaints.append("\(name) is told as new twice")
            case (_, nil): complaints.append("\(name) is spoken of as if it were known")
            case (.still, let before?), (.flapping, let before?):
                let hasChanged = item.severity > before.severity || isFlapping != before.isFlapping
                if hasChanged, !snoozed.contains(item.key) { hasNews = true }
            case (.recovered, _), (.removed, _): hasNews = true
            }
            let isOver = item.standing == .recovered || item.standing == .removed
            let severity = max(item.severity, known[name]?.severity ?? .info)
            known[name] = isOver ? nil : (severity, isFlapping)
        }
        let isOver = !known.keys.contains { $0.hasPrefix("\(message.asset)/") }
        if isOver != (message.reason == .resolved) {
            complaints.append("\(message.reason) where all is over: \(isOver)")
        }
        switch message.reason {
        case .firing, .improved, .resolved, .flapping:
            if !hasNews { complaints.append("nothing new in \(message.reason)") }
        case .reminder: checkReminder(message, hasNews: hasNews, events: events)
        case .consequences: checkConsequences(message, hasNews: hasNews)
        case .acknowledged, .test: if hasNews { complaints.append("news in \(message.reason)") }
        }
        latest[message.incident] = message.at
        if !message.mutes.isEmpty { named.insert(message.incident) }
    }

    private mutating func checkConsequences(_ message: AlertMessage, hasNews: Bool) {
        if hasNews { complaints.append("news in consequences") }
        if message.mutes.isEmpty { complaints.append("consequences without any") }
        if named.contains(message.incident) { complaints.append("consequences were named before") }
        let age = message.at - (latest[message.incident] ?? 0)
        if age < AlertStep.gathering { complaints.append("consequences after \(age)") }
    }

    private mutating func checkReminder(_ message: AlertMessage, hasNews: Bool, events: [AlertEvent]) {
        if hasNews { complaints.append("news in a reminder") }
        let isAwoken = events.contains { $0.kind == .snoozeEnded && $0.at == message.at }
        let age = message.at - (latest[message.incident] ?? 0)
        if !isAwoken, age < route?.remindEvery ?? .max { complaints.append("a reminder after \(age)") }
    }
}

extension Scratch {
    /// Where a test's ledger is.
    func path() -> String { path("assay.db") }
}
