import Expectations
import Statistics
public import Tables

/// What a gate remembers of earlier records: the keys of those that went on.
///
/// A record whose key an earlier one had is a repetition; the first one went on and can't be called back. What was kept apart doesn't
/// count: a bad first copy must not stand in the way of a good second one.
public struct GateMemory: Sendable {
    private let rules: [GateRule]
    /// By rule, the place of its memory; `nil` for those without.
    private let places: [Int?]
    private let names: [String]
    private var memories: [KeyMemory]

    /// A memory for ever, which ends with the process.
    public init(_ rules: [GateRule]) {
        self.init(rules, names: rules.indices.map { rules[$0].hasMemory ? "\($0)" : nil }) { _ in KeyMemory() }
    }

    /// The memories that `open` finds by their names; rules with the same name share one.
    ///
    /// The gate's keys must be hashed with the memories' seed.
    ///
    /// - names: by rule; `nil` for those without memory.
    public init<Failure>(
        _ rules: [GateRule], names: [String?], open: (String) throws(Failure) -> KeyMemory
    ) throws(Failure) {
        self.rules = rules
        var known: [String] = []
        for name in names.compactMap(\.self) where !known.contains(name) { known.append(name) }
        places = names.map { name in name.flatMap { known.firstIndex(of: $0) } }
        self.names = known
        memories = []
        for name in known { memories.append(try open(name)) }
    }

    /// Bytes that it takes.
    public var byteCount: Int { memories.reduce(0) { $0 + $1.byteCount } }

    /// The files that its memories consist of, as of the last commit.
    public var fileNames: [String] { memories.flatMap(\.fileNames) }

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
                guard let memory = places[question.rule], memories[memory].contains(question.hashes[row], time)
                else { continue }
                failed[place].rows[row] = true
                if rules[question.rule].action != .warn { goesOn = false }
            }
            guard goesOn else { continue }
            for question in open where question.considered[row] {
                guard let memory = places[question.rule] else { continue }
                _ = memories[memory].insert(question.hashes[row], time)
            }
        }
        verdicts.close(failed)
    }

    /// Remembers a key that a rule's memory has forgotten once more, for the batch at hand.
    mutating func recall(_ key: Hash128, _ time: Int64, rule: Int) {
        if let memory = places[rule] { memories[memory].recall(key, time) }
    }

    /// Fills a rule's memory: see `KeyMemory.fill`.
    mutating func fill(_ rows: Bitmap, hashes: [Hash128], times: KeyTimes, rule: Int) {
        if let memory = places[rule] { memories[memory].fill(rows, hashes: hashes, times: times) }
    }

    // MARK: Batches of a memory that outlives the process

    /// What the batch changes, by the memory's name: see `KeyMemory.prepare`.
    public mutating func prepare(batch: Int64, watermark: Int64?) throws -> [(name: String, change: KeyChange)] {
        var changes: [(name: String, change: KeyChange)] = []
        for place in memories.indices {
            let change = try memories[place].prepare(batch: batch, watermark: watermark)
            if !change.isEmpty { changes.append((names[place], change)) }
        }
        return changes
    }

    public mutating func commit() { for place in memories.indices { memories[place].commit() } }

    /// Forgets the batch at hand.
    public mutating func rollBack() { for place in memories.indices { memories[place].rollBack() } }
}
