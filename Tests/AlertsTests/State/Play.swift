import Ledger
import Suites

@testable import Alerts

/// Something that happens to alerts at a time.
struct Move: Sendable {
    enum Kind: Sendable {
        case run(String, [AlertSignal], isComplete: Bool)
        case tick
        case acknowledge(by: String, until: Int64?)
        case snooze(by: String, until: Int64, key: String?)
        case unsnooze(by: String)
    }

    /// Microseconds since 1970.
    let at: Int64
    let asset: String
    let kind: Kind
}

/// Carries out moves one by one on any store; people's mistakes, as acknowledging what is over, say nothing.
final class Play {
    let desk: AlertDesk
    let policy: @Sendable (String) -> AlertPolicy
    private var agenda = AlertAgenda()

    init(desk: AlertDesk, policy: @escaping @Sendable (String) -> AlertPolicy) {
        self.desk = desk
        self.policy = policy
    }

    func carryOut(_ move: Move, number: Int, in store: some AlertStore) throws -> [AlertMessage] {
        let subject = AlertSubject(asset: move.asset, suite: "suite")
        switch move.kind {
        case .run(let id, let signals, let isComplete):
            return try desk.take(
                signals, of: subject, occasion: AlertOccasion(id: id, startedAt: move.at, isComplete: isComplete),
                policy: policy(move.asset), at: move.at, store: store)
        case .tick: return try desk.tick(at: move.at, agenda: &agenda, store: store)
        case .acknowledge, .snooze, .unsnooze: break
        }
        guard let incident = try store.alertSubject(subject)?.incident?.id else { return [] }
        do {
            switch move.kind {
            case .acknowledge(let person, let until):
                return try desk.acknowledge(
                    .incident(incident), by: person, until: until, note: nil, at: move.at, store: store)
            case .snooze(let person, let until, let key):
                return try desk.snooze(
                    key.map { .alert(incident, key: $0) } ?? .incident(incident), by: person, until: until, note: nil,
                    at: move.at, store: store)
            case .unsnooze(let person):
                return try desk.unsnooze(.incident(incident), by: person, note: nil, at: move.at, store: store)
            case .run, .tick: return []
            }
        } catch is AlertError { return [] }
    }
}

/// Numbers that look random and are the same in each run (SplitMix64).
struct Dice {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func roll(_ sides: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((word ^ (word >> 31)) % UInt64(sides))
    }
}
