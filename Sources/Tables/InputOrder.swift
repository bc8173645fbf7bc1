/// Gives back in the order of the input what threads made of its batches, whoever comes first.
public struct InputOrder<Made: Sendable>: Sendable {
    /// Where the rows of a batch begin: its ordinal, and the rows of earlier parts.
    public struct Place: Sendable, Hashable {
        fileprivate let ordinal: Int
        fileprivate let firstRow: Int

        /// Of the first batch.
        public static var first: Self { Self(ordinal: 0, firstRow: 0) }
    }

    private var early: [Place: (made: Made, after: Place)] = [:]
    /// Where the batch begins that is to be given next.
    public private(set) var next = Place.first

    public init() {}

    /// How many wait for earlier ones, those that were not asked for yet included.
    public var count: Int { early.count }

    /// Whether nothing waits, and no batch lacks its later parts.
    public var isComplete: Bool { early.isEmpty && next.firstRow == 0 }

    /// Takes in what was made of a batch.
    public mutating func add(_ made: Made, of batch: Batch) {
        early[Place(ordinal: batch.ordinal, firstRow: batch.part.firstRow)] = (made, Place(after: batch))
    }

    /// What comes next; `nil` where it isn't there yet.
    public mutating func take() -> Made? {
        guard let found = early.removeValue(forKey: next) else { return nil }
        next = found.after
        return found.made
    }

    /// Forgets what waits.
    public mutating func drop() { early = [:] }
}

extension InputOrder.Place {
    /// Where the batch begins that follows another.
    public init(after batch: Batch) {
        self =
            batch.part.isLast
            ? Self(ordinal: batch.ordinal + 1, firstRow: 0)
            : Self(ordinal: batch.ordinal, firstRow: batch.part.firstRow + batch.rowCount)
    }
}
