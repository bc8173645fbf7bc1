public import Expectations
public import Expressions
public import Tables

/// A stream of a project: where its records come from, and which layers they go to.
///
/// What a person wrote, checked as far as it can be without the data; assets and suites that it names are there.
public struct PipelineDefinition: Sendable {
    public let name: String
    public let source: StreamSource
    /// Folder of its memory: what it has read, keys that it has seen, windows that are open.
    public let state: String
    public let trigger: StreamTrigger
    /// The layer with the records as they came; `nil` for none.
    public let bronze: LayerPlace?
    public let silver: SilverDefinition
    /// In the order of the file.
    public let gold: [GoldDefinition]
    /// The table of what is kept apart.
    public let quarantine: LayerPlace
    public let upkeep: PipelineUpkeep
    public let mark: SourceMark

    /// The table of records of silver that came too late for gold, beside that of the others; `nil` without gold.
    public var late: LayerPlace? {
        gold.isEmpty ? nil : LayerPlace(name: "\(quarantine.name)_late", folder: "\(quarantine.folder)_late")
    }

    /// All tables that it writes.
    public var places: [LayerPlace] { [bronze, silver.place, quarantine, late].compactMap(\.self) + gold.map(\.place) }
}

/// What is done about the tables and the memory of a pipeline besides its batches.
public struct PipelineUpkeep: Sendable, Hashable {
    /// Microseconds between two times that small files are put together; `nil` for never.
    public let optimizeEvery: Int64?
    /// Microseconds that batches are remembered one by one.
    public let retention: Int64

    /// 90 days.
    public static let usualRetention: Int64 = 90 * 86_400_000_000
    /// So long at least, that what waits to be recovered is never forgotten: an hour.
    static let leastRetention: Int64 = 3_600_000_000
}

/// A Delta table that a pipeline writes.
public struct LayerPlace: Sendable, Hashable {
    /// The asset's name; of a table that is no asset, the folder.
    public let name: String
    public let folder: String
    /// Columns whose values make the folders of the data files.
    public let partitionColumns: [String]

    /// The folder without steps that lead nowhere or back, so that two spellings of one compare equal.
    var plainFolder: String { "/" + Path.steps(folder).joined(separator: "/") }

    public init(name: String, folder: String, partitionColumns: [String] = []) {
        self.name = name
        self.folder = folder
        self.partitionColumns = partitionColumns
    }
}

/// When a batch begins, and how much it takes.
public struct StreamTrigger: Sendable, Hashable {
    /// Microseconds between the beginnings of two batches, at least.
    public let every: Int64
    /// Files of one batch, at most.
    public let maximumFiles: Int
    /// Bytes as they lie on disk of one batch, at most; a single file may have more.
    public let maximumBytes: Int64

    public init(every: Int64 = 1_000_000, maximumFiles: Int = 1_000, maximumBytes: Int64 = 1 << 30) {
        self.every = every
        self.maximumFiles = maximumFiles
        self.maximumBytes = maximumBytes
    }
}

/// A column that an expression makes, and where it is written.
public struct DerivedColumn: Sendable, Hashable {
    public let name: String
    public let value: ValueExpression
    public let mark: SourceMark

    public init(name: String, value: ValueExpression, mark: SourceMark) {
        self.name = name
        self.value = value
        self.mark = mark
    }
}

/// How a bronze record becomes a silver one.
public struct SilverDefinition: Sendable {
    public let place: LayerPlace
    /// Columns that are made or replaced; all others go on as they are.
    public let select: [DerivedColumn]
    /// Columns of the source that end here.
    public let drop: [String]
    /// Where they are named.
    public let markOfDrop: SourceMark?
    /// Records that go on; `nil` for all.
    public let filter: DerivedColumn?
    public let deduplicate: DeduplicationDefinition?
    public let gate: GateDefinition?
}

/// Which records count as the same.
public struct DeduplicationDefinition: Sendable, Hashable {
    public let columns: [String]
    /// Microseconds: equal records farther apart may both go on; `nil` for never.
    public let within: Int64?
    /// The column of the records' time; `nil` for the time of their batch.
    public let timeColumn: String?
    /// Microseconds that records may be older than the newest; older ones are late, and kept apart.
    public let lateness: Int64
    /// Microseconds: times farther ahead of the batch's clock make no other record late.
    public let futureTolerance: Int64
    /// The same where nobody said it: an hour.
    public static let usualFutureTolerance: Int64 = 3_600_000_000
    public let mark: SourceMark
}

/// The suite that judges the records, and when it is the feed that is wrong and not the records.
public struct GateDefinition: Sendable {
    public let suite: Suite
    /// What becomes of records that break a rule which doesn't say itself; `nil` for what the rule's severity says.
    public let onFail: OnFail?
    public let stopAbove: StopThreshold?
    /// Microseconds until a held batch is tried again.
    public let retryAfter: Int64
    /// The same where nobody said it: five minutes.
    public static let usualRetryAfter: Int64 = 300_000_000
    public let mark: SourceMark
}

/// The share of quarantined records above which a batch is held.
public struct StopThreshold: Sendable, Hashable {
    /// 0 or more, and less than 1.
    public let share: DecimalNumber
    /// Batches with fewer records are never held for it.
    public let minimumRows: Int

    /// `nil` for a share that none could be above, and one with more than 18 digits after the point.
    public init?(share: DecimalNumber, minimumRows: Int) {
        let reduced = share.reduced
        guard reduced >= DecimalNumber(0), reduced < DecimalNumber(1), reduced.scale <= 18 else { return nil }
        self.share = reduced
        self.minimumRows = minimumRows
    }

    /// Whether `quarantined > share × records`, exactly, of a batch that isn't too small.
    public func isExceeded(by quarantined: Int, of records: Int) -> Bool {
        records >= minimumRows
            && Int128(quarantined) * DecimalNumber.powerOfTen(share.scale) > share.unscaled * Int128(records)
    }
}
