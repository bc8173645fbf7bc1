/// What a scan wants of a column, beyond which rows have a value.
public struct ColumnNeed: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Only which rows have a value.
    public static let presence: ColumnNeed = []
    /// The typed values.
    public static let values = ColumnNeed(rawValue: 1)
    /// The text of each value, whatever its type.
    public static let text = ColumnNeed(rawValue: 2)
    /// Values that are none of an inferred type, read as what they are: see ``Column/strays``.
    ///
    /// JSON knows those of any type; delimited text, and files of pipelines that know their types, numbers among numbers.
    public static let strays = ColumnNeed(rawValue: 4)
    /// In each batch the type that most of its values are of, where the schema's was inferred.
    ///
    /// JSON alone knows it.
    public static let fitted = ColumnNeed(rawValue: 8)
    /// Values as they are stored, whatever columns say of them otherwise: NaN is one, and so is a text that isn't UTF-8.
    ///
    /// For who copies rows, not for who judges them. Parquet and Delta tables alone know it.
    public static let stored = ColumnNeed(rawValue: 16)
}

/// The columns that a scan wants, by the schema's index.
public struct Projection: Sendable, Hashable {
    public private(set) var needs: [Int: ColumnNeed] = [:]
    /// Whether rows are wanted as they were read, byte by byte, where the format is text.
    public var wantsRecords = false

    public init(_ needs: [Int: ColumnNeed] = [:]) { self.needs = needs }

    public mutating func add(_ need: ColumnNeed, of column: Int) { needs[column, default: []].formUnion(need) }

    public mutating func formUnion(_ other: Projection) {
        for (column, need) in other.needs { add(need, of: column) }
        wantsRecords = wantsRecords || other.wantsRecords
    }
}

/// A file, or whatever else a source is made of.
public struct Partition: Sendable, Hashable {
    public let name: String
    /// Bytes on disk; `nil` where that isn't known before reading.
    public let byteCount: Int64?
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let modified: Int64?
    /// The columns that it has, where partitions may differ; `nil` where they are the table's, or it has no rows.
    public let columns: [String]?

    public init(name: String, byteCount: Int64? = nil, modified: Int64? = nil, columns: [String]? = nil) {
        self.name = name
        self.byteCount = byteCount
        self.modified = modified
        self.columns = columns
    }
}

/// A table that can be read, any number of times, with the same batches each time.
public protocol BatchSource: Sendable {
    var schema: Schema { get }
    var partitions: [Partition] { get }
    /// A line on each partition and how it is written, for `assay plan`.
    var descriptions: [String] { get }
    /// Bytes that will be read in all, unpacked; `nil` where that isn't known before.
    var unpackedByteCount: Int64? { get }
    /// Where timestamps are meant that name no zone.
    var timeZone: ZoneRule { get }
    /// How each column got its type; by the schema's index.
    var typeOrigins: [TypeOrigin] { get }

    /// Begins to read the columns of a projection; with `ordinals`, only those batches.
    func open(_ projection: Projection, ordinals: Set<Int>?) throws(SourceError) -> any BatchReader

    /// The same table with columns of other types, where their types were only guessed; `nil` where none was.
    ///
    /// `origin` is what is known of them then: `.inferred` where values showed the type, `.unknown` where the first value will.
    func retyping(_ types: [Int: LogicalType], origin: TypeOrigin) -> (any BatchSource)?

    /// Columns of the schema that somebody named, and of which no row that was looked at says that the table has them; by index.
    var awaitedColumns: Set<Int> { get }

    /// The same table with the columns that it turned out to have, after all of it was read; `nil` where those are the schema's.
    ///
    /// Columns that the beginning showed keep their order, and the others follow in that of their first appearance.
    func settling(_ sightings: ColumnSightings) -> (any BatchSource)?

    /// Why the values of a column can't be read, though the rest of the table can; `nil` where they can.
    func refusal(ofColumn column: Int) -> SourceError?

    /// Refuses what was read, where somebody wrote to it since the table was opened: error `changed`, or `truncated`.
    ///
    /// Files that others replaced as a whole are read as they were. Costs a look at each file.
    func checkUnchanged() throws(SourceError)

    /// The number in its file of a row of a partition, both from 0.
    ///
    /// They differ where a file holds rows that aren't the table's.
    func storedRow(_ row: Int, in partition: Int) -> Int
}

extension BatchSource {
    public func refusal(ofColumn column: Int) -> SourceError? { nil }

    /// Refuses a projection with a column that can't be read.
    public func checkColumns(of projection: Projection) throws(SourceError) {
        for column in projection.needs.keys.sorted() {
            if let refusal = refusal(ofColumn: column) { throw refusal }
        }
    }

    public func checkUnchanged() throws(SourceError) {}

    public func storedRow(_ row: Int, in partition: Int) -> Int { row }

    public var awaitedColumns: Set<Int> { [] }

    public func settling(_ sightings: ColumnSightings) -> (any BatchSource)? { nil }

    public var timeZone: ZoneRule { .utc }

    public var descriptions: [String] { partitions.map(\.name) }

    public var unpackedByteCount: Int64? {
        partitions.reduce(0) { total, partition in
            guard let total, let count = partition.byteCount else { return nil }
            return total + count
        }
    }
}

/// How a column came by its type.
public enum TypeOrigin: String, Sendable, Hashable {
    case declared
    case inferred
    /// Nothing was seen yet that a type could be told by; the first batch with values tells it.
    case unknown
    /// The file's own schema says so.
    case stored
}

/// A reading in progress, shared by several workers.
public protocol BatchReader: Sendable {
    /// A worker of its own for each thread.
    func makeWorker() -> any BatchWorker
}

/// One thread's share of a reading.
///
/// Each batch goes to one worker; together they get all of them.
public protocol BatchWorker: AnyObject {
    /// The next batch nobody has taken, or `nil` at the end.
    func next() throws(SourceError) -> Batch?
    /// Types that columns turned out to need, in the batches of this worker so far: wider ones than were inferred, and those of
    /// columns that nothing was known of.
    var widenings: [Int: LogicalType] { get }
    /// Which columns the batches of this worker so far turned out to have besides.
    var sightings: ColumnSightings { get }
}

extension BatchWorker {
    public var sightings: ColumnSightings { ColumnSightings() }
}

/// Who has to act on an error.
public enum Fault: String, Sendable {
    case suiteAuthor = "suite-author"
    case data
    case outside
    case assay
}

/// Data that can't be read.
public struct SourceError: Error, Sendable, Equatable {
    /// Stable and documented: `not-found`, `unreadable`, `utf-16`, `invalid-utf8`, `row-too-long`, `unclosed-quote`, `truncated`,
    /// `corrupt`, `duplicate-column`, `not-text`, `changed`, `unwritable`, `reader-gone`.
    public let code: String
    public let message: String
    /// The file or stream.
    public let place: String
    public var partition: Int?
    public let byteOffset: Int64?
    /// Rows before the place, counted from the start of the batch that could not be made.
    public let rowsIntoBatch: Int?
    public let hint: String?

    public init(
        code: String, message: String, place: String, partition: Int? = nil, byteOffset: Int64? = nil,
        rowsIntoBatch: Int? = nil, hint: String? = nil
    ) {
        self.code = code
        self.message = message
        self.place = place
        self.partition = partition
        self.byteOffset = byteOffset
        self.rowsIntoBatch = rowsIntoBatch
        self.hint = hint
    }

    public var fault: Fault { ["unreadable", "unwritable", "reader-gone"].contains(code) ? .outside : .data }
    /// Only what may have been a passing state of the machine is worth another try.
    public var mayHelpToRetry: Bool { ["unreadable", "truncated", "changed"].contains(code) }

    /// One line: place, message, code.
    public var summary: String { "\(place): \(message) [\(code)]" }
}
