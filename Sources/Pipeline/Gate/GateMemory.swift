import Expectations
import Statistics
import Tables

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

    /// Decides what the batch's own look left open, where nothing is deduplicated; batches come in input order.
    mutating func settle(_ verdicts: inout GateVerdicts) {
        var none: KeyMemory?
        _ = settle(&verdicts, Going(excluded: Bitmap(repeating: false, count: verdicts.rowCount)), &none)
    }

    /// What is known of a batch's rows besides what the rules say.
    struct Going {
        var times = KeyTimes.same(0)
        /// Rows that don't go on whatever their keys, such as late ones; they are judged and not remembered.
        let excluded: Bitmap
        /// Whether rows go on although they break rules.
        var isReleased = false
        /// Rows that have the key of deduplication, and their keys; `nil` where nothing is deduplicated.
        var keys: (rows: Bitmap, hashes: [Hash128])?
    }

    /// Decides what the batch's own look left open, and gives the rows that repeat earlier ones; batches come in input order.
    ///
    /// Row by row, since where a row goes decides what it takes from those behind it: what a rule keeps out takes no key. A repetition
    /// takes no value that must be unique, and isn't asked whether it has one that is taken.
    mutating func settle(
        _ verdicts: inout GateVerdicts, _ going: Going, _ deduplication: inout KeyMemory?
    ) -> Bitmap {
        let count = verdicts.rowCount
        let none = Bitmap(repeating: false, count: count)
        let kept = going.isReleased ? going.excluded : verdicts.rows(Self.keeping, rules).union(going.excluded)
        let keyed = deduplication == nil ? none : going.keys?.rows.subtracting(kept) ?? none
        let hashes = going.keys?.hashes ?? []
        let open = verdicts.open.filter { !$0.considered.isEmpty }
        guard !open.isEmpty else {
            verdicts.close([])
            return deduplication?.settle(keyed, hashes: hashes, times: going.times) ?? none
        }
        let questions = open.map { question in
            guard let memory = places[question.rule] else {
                preconditionFailure("a rule that is left open has a memory")
            }
            return (memory: memory, keeps: !going.isReleased && Self.keeping.contains(rules[question.rule].action))
        }
        var failed = open.map { (rule: $0.rule, rows: none) }
        var repeated = none
        for row in 0..<count {
            if row % Self.fetchedAtOnce == 0 {
                for ahead in row..<min(row + Self.fetchedAtOnce, count) {
                    if keyed[ahead] { deduplication?.fetch(hashes[ahead]) }
                    for (place, question) in questions.enumerated() where open[place].considered[ahead] {
                        memories[question.memory].fetch(open[place].hashes[ahead])
                    }
                }
            }
            let time = going.times[row]
            if keyed[row], deduplication?.contains(hashes[row], time) == true {
                repeated[row] = true
                continue
            }
            var goesOn = !kept[row]
            for (place, question) in questions.enumerated() where open[place].considered[row] {
                guard memories[question.memory].contains(open[place].hashes[row], time) else { continue }
                failed[place].rows[row] = true
                if question.keeps { goesOn = false }
            }
            guard goesOn else { continue }
            if keyed[row] { _ = deduplication?.insert(hashes[row], time) }
            for (place, question) in questions.enumerated() where open[place].considered[row] {
                memories[question.memory].remember(open[place].hashes[row], time)
            }
        }
        verdicts.close(failed)
        return repeated
    }

    /// What keeps a record from going on.
    private static let keeping: Set<OnFail> = [.quarantine, .drop, .stop]
    /// Rows whose keys are looked for together: one after the other, each would wait for the memory.
    private static let fetchedAtOnce = 32

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
