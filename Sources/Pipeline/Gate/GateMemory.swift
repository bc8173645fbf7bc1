import Expectations
import Statistics
public import Tables

/// What a gate remembers of earlier records: the keys of those that went on.
///
/// A record whose key an earlier one had is a repetition; the first one went on and can't be called back. What was kept apart doesn't
/// count: a bad first copy must not stand in the way of a good second one.
public struct GateMemory: Sendable {
    private let rules: [GateRule]
    /// By rule; `nil` for those without memory.
    private var memories: [KeyMemory?]

    /// A memory for ever, which ends with the process.
    public init(_ rules: [GateRule]) {
        self.rules = rules
        memories = rules.map { $0.hasMemory ? KeyMemory() : nil }
    }

    /// A memory that `open` finds for each rule that has one, by the rule's fingerprint, say.
    ///
    /// The gate's keys must be hashed with the memories' seed.
    public init<Failure>(
        _ rules: [GateRule], open: (GateRule) throws(Failure) -> KeyMemory
    ) throws(Failure) {
        self.rules = rules
        var memories: [KeyMemory?] = []
        for rule in rules { memories.append(rule.hasMemory ? try open(rule) : nil) }
        self.memories = memories
    }

    /// Removes what the memories' folder holds besides, left behind by a process that was killed.
    public func sweep() { for memory in memories { memory?.sweep() } }

    /// Bytes that it takes.
    public var byteCount: Int { memories.reduce(0) { $0 + ($1?.byteCount ?? 0) } }

    /// Decides what the batch's own look left open; batches come in input order.
    ///
    /// - excluding: rows that don't go on whatever their keys, such as late ones; they are judged and not remembered.
    public mutating func settle(
        _ verdicts: inout GateVerdicts, times: KeyTimes = .same(0), excluding: Bitmap? = nil
    ) {
        guard !verdicts.open.isEmpty else { return }
        let open = verdicts.open
        var kept = verdicts.rows([.quarantine, .drop, .stop], rules)
        if let excluding { kept.formUnion(excluding) }
        var failed = open.map { (rule: $0.rule, rows: Bitmap(repeating: false, count: verdicts.rowCount)) }
        for row in 0..<verdicts.rowCount {
            let time = times[row]
            var goesOn = !kept[row]
            for (place, question) in open.enumerated() where question.considered[row] {
                guard memories[question.rule]?.contains(question.hashes[row], time) ?? false else { continue }
                failed[place].rows[row] = true
                if rules[question.rule].action != .warn { goesOn = false }
            }
            guard goesOn else { continue }
            for question in open where question.considered[row] {
                _ = memories[question.rule]?.insert(question.hashes[row], time)
            }
        }
        verdicts.close(failed)
    }

    /// Remembers a key that a rule's memory has forgotten once more, for the batch at hand.
    mutating func recall(_ key: Hash128, _ time: Int64, rule: Int) { memories[rule]?.recall(key, time) }

    // MARK: Batches of a memory that outlives the process

    /// What the batch changes, by rule: see `KeyMemory.prepare`.
    public mutating func prepare(batch: Int64, watermark: Int64?) throws -> [(rule: Int, change: KeyChange)] {
        var changes: [(rule: Int, change: KeyChange)] = []
        for rule in memories.indices {
            if let change = try memories[rule]?.prepare(batch: batch, watermark: watermark), !change.isEmpty {
                changes.append((rule, change))
            }
        }
        return changes
    }

    public mutating func commit() { for rule in memories.indices { memories[rule]?.commit() } }

    /// Forgets the batch at hand.
    public mutating func rollBack() { for rule in memories.indices { memories[rule]?.rollBack() } }
}
