import Expectations
import Statistics
import Tables

/// What a gate remembers of earlier records: the keys of those that went on.
///
/// A record whose key an earlier one had is a repetition; the first one went on and can't be called back. What was kept apart doesn't
/// count: a bad first copy must not stand in the way of a good second one.
public struct GateMemory: Sendable {
    private let rules: [GateRule]
    /// By rule; those of rules without memory stay empty.
    private var keys: [SeenKeys]

    public init(_ rules: [GateRule]) {
        self.rules = rules
        keys = rules.map { _ in SeenKeys() }
    }

    /// Bytes that it takes.
    public var byteCount: Int { keys.reduce(0) { $0 + $1.byteCount } }

    /// Decides what the batch's own look left open; batches come in input order.
    public mutating func settle(_ verdicts: inout GateVerdicts) {
        guard !verdicts.open.isEmpty else { return }
        let open = verdicts.open
        let kept = verdicts.rows([.quarantine, .drop, .stop], rules)
        var failed = open.map { (rule: $0.rule, rows: Bitmap(repeating: false, count: verdicts.rowCount)) }
        for row in 0..<verdicts.rowCount {
            var goesOn = !kept[row]
            for (place, question) in open.enumerated() where question.considered[row] {
                guard keys[question.rule].contains(question.hashes[row]) else { continue }
                failed[place].rows[row] = true
                if rules[question.rule].action != .warn { goesOn = false }
            }
            guard goesOn else { continue }
            for question in open where question.considered[row] { _ = keys[question.rule].insert(question.hashes[row]) }
        }
        verdicts.close(failed)
    }
}
