import Expectations
import Ledger
import Suites
import Tables

@testable import Alerts

/// Plays a script from one time to another, as a service would: runs on schedule, a tick each ten minutes, people when they speak.
struct Simulation {
    static let minute: Int64 = 60 * CivilTime.microsecondsPerSecond
    /// The checks of each asset, and how loud they are.
    static let checks: [(name: String, severity: Severity)] = [
        ("row_count", .critical), ("amount", .critical), ("country", .warning), ("note", .info),
    ]

    let script: Script
    let play: Play

    init(_ script: Script, routes: [AlertRoute], lineage: Lineage, policy: @escaping @Sendable (String) -> AlertPolicy)
    {
        self.script = script
        let windows = script.maintenance
        play = Play(
            desk: AlertDesk(
                routes: routes, lineage: lineage,
                maintenance: { asset, time in
                    windows.contains { window in
                        let isFitting =
                            window.assets.hasSuffix("*")
                            ? asset.hasPrefix(window.assets.dropLast()) : asset == window.assets
                        return isFitting && window.from <= time && time < window.until
                    } ? "planned work" : nil
                }), policy: policy)
    }

    /// All that happens, in order.
    func moves(from start: Int64, until end: Int64) -> [Move] {
        var moves: [Move] = []
        for time in stride(from: start, to: end, by: Int(5 * Self.minute)) {
            let clock = script.clock(at: time)
            for person in script.people where person.at == time {
                let until = person.length.map { clock + $0 }
                let kind: Move.Kind =
                    switch person.verb {
                    case "acknowledge": .acknowledge(by: person.name, until: until)
                    case "snooze": .snooze(by: person.name, until: until ?? clock, key: nil)
                    default: .unsnooze(by: person.name)
                    }
                moves.append(Move(at: clock, asset: person.asset, kind: kind))
            }
            for asset in script.assets where isDue(asset, at: time) {
                guard script.holds(.down, of: asset.name, at: time) == nil else { continue }
                moves.append(run(of: asset.name, at: time, clock: clock))
            }
            if time % (10 * Self.minute) == 0 { moves.append(Move(at: clock, asset: "", kind: .tick)) }
        }
        return moves
    }

    private func isDue(_ asset: Script.Asset, at time: Int64) -> Bool {
        let local = asset.isLocal ? time + (Self.isSummer(time) ? 120 : 60) * Self.minute : time
        return (local - asset.offset) % asset.every == 0
    }

    /// Central Europe's clocks are set forward on 2028-03-26 at 01:00 UTC.
    private static func isSummer(_ time: Int64) -> Bool {
        time >= Int64(CivilTime.days(year: 2028, month: 3, day: 26) ?? 0) * CivilTime.microsecondsPerDay + 60 * minute
    }

    private func run(of asset: String, at time: Int64, clock: Int64) -> Move {
        let id = "\(asset)@\(CivilTime.format(microseconds: time))"
        if script.holds(.unreadable, of: asset, at: time) != nil {
            let signal = AlertSignal(
                key: "run", news: .failing, type: "data", severity: .critical,
                sentence: "The data could not be read: the folder is empty [no-files]")
            return Move(at: clock, asset: asset, kind: .run(id, [signal], isComplete: false))
        }
        let reading = AlertSignal(
            key: "run", news: .succeeding, type: "data", severity: .critical, sentence: "The data can be read.")
        let signals = Self.checks.compactMap { check in signal(check.name, check.severity, of: asset, at: time) }
        return Move(at: clock, asset: asset, kind: .run(id, [reading] + signals, isComplete: true))
    }

    private func signal(_ check: String, _ severity: Severity, of asset: String, at time: Int64) -> AlertSignal? {
        if script.holds(.absent, of: asset, check: check, at: time) != nil { return nil }
        let hour = time / (60 * Self.minute)
        let failing =
            script.holds(.fails, of: asset, check: check, at: time)
            ?? script.holds(.flips, of: asset, check: check, at: time).flatMap { hour % 2 == 0 ? $0 : nil }
        let isEmpty = script.holds(.empty, of: asset, check: check, at: time) != nil
        let unexpected = failing.map { 12 + Int((time - $0.from) / (60 * Self.minute)) * 7 } ?? 0
        return AlertSignal(
            key: check, news: isEmpty ? .nothing : failing == nil ? .succeeding : .failing,
            type: "expect_\(check)", columns: [check], severity: failing?.severity ?? severity,
            sentence: failing == nil
                ? "All 1,000 values of \(check) are as they should be."
                : "\(Wording.count(unexpected)) of 1,000 values of \(check) are not as they should be.",
            counts: .init(unexpected: unexpected, elements: 1_000))
    }
}
