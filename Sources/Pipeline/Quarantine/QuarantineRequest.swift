public import Tables

/// What somebody wants done about quarantined records, or a held batch: left in the state, carried out by the process that runs the
/// pipeline.
public struct QuarantineRequest: Sendable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The records are judged again, by the rules of then.
        case replay
        /// They go on although they break rules.
        case release
        /// They go nowhere.
        case discard
        /// The held batch goes through, whatever is wrong with it.
        case pass
    }

    public let kind: Kind
    public let selector: QuarantineSelector
    /// The version of the quarantine that is meant: what is kept apart later is not.
    public let version: Int
    /// Columns that get another value before records are judged again: their expressions.
    public let patch: [RecordPatch.Assignment]
    public let actor: String
    public let reason: String
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let time: Int64

    public init(
        kind: Kind, selector: QuarantineSelector, version: Int, patch: [RecordPatch.Assignment] = [], actor: String,
        reason: String, time: Int64
    ) {
        self.kind = kind
        self.selector = selector
        self.version = version
        self.patch = patch
        self.actor = actor
        self.reason = reason
        self.time = time
    }
}

/// What a request came to, so far.
public struct RequestOutcome: Sendable, Hashable {
    /// Records that were judged again, or discarded.
    public var resolved = 0
    /// By what became of them.
    public var fates: [RecordFate: Int] = [:]
    /// Records that can't be read as records, or for which a value of the patch can't be made: they are as they were.
    public var stayed = 0
    /// What gold made of the records that went to silver, by table.
    public private(set) var gold: [HopCounts] = []

    public init() {}

    /// Takes in what a batch's records came to in gold, of the counts of all hops.
    mutating func add(_ counts: [HopCounts]) {
        for table in counts where GoldStage.isName(table.hop) {
            if let place = gold.firstIndex(where: { $0.hop == table.hop }) {
                gold[place].add(table)
            } else {
                gold.append(table)
            }
        }
    }

    public var json: JSON {
        .object(
            [JSON.Member("resolved", .integer(resolved))]
                + RecordFate.allCases.map { JSON.Member($0.rawValue, .integer(fates[$0] ?? 0)) }
                + [JSON.Member("stayed", .integer(stayed)), JSON.Member("gold", .array(gold.map(\.json)))])
    }

    init?(json: JSON) {
        guard let resolved = json["resolved"]?.integer, let stayed = json["stayed"]?.integer else { return nil }
        self.resolved = Int(resolved)
        self.stayed = Int(stayed)
        for fate in RecordFate.allCases {
            if let count = json[fate.rawValue]?.integer, count > 0 { fates[fate] = Int(count) }
        }
        gold = json["gold"]?.items?.compactMap { HopCounts(json: $0) } ?? []
    }
}

/// That somebody takes a request back.
public struct Withdrawal: Sendable, Hashable {
    public let actor: String
    public let reason: String
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let time: Int64

    public init(actor: String, reason: String, time: Int64) {
        self.actor = actor
        self.reason = reason
        self.time = time
    }
}

/// A request as the state has it.
public struct StoredRequest: Sendable {
    public let number: Int
    public let request: QuarantineRequest
    public let outcome: RequestOutcome
    public let isDone: Bool
    /// Why it could not be carried out; `nil` where it could, or nobody has tried.
    public let failure: String?
    /// Who took it back; `nil` where nobody did.
    public internal(set) var withdrawal: Withdrawal?
    /// Where the next batch of it begins.
    let next: QuarantineTable.Place
}
