public import Files
public import Tables

/// How JSON files are read, as far as somebody said so; the rest is found out from their beginning.
public struct JSONOptions: Sendable, Hashable {
    /// Texts and numbers that stand for a missing value, besides null and an absent key.
    public var missingValues: Set<String> = []
    /// Where timestamps without zone are meant.
    public var timeZone = ZoneRule.utc
    /// Types that somebody declared, by path; they win over what the values look like.
    ///
    /// A path that holds an object becomes a column of its raw JSON, besides those of its keys.
    public var declaredTypes: [ColumnName: LogicalType] = [:]
    /// Whether every line is a row, even if the first one begins as an array or as UTF-16 does.
    public var readsLines = false
    /// Whether that is so of files that are called `.jsonl` or `.ndjson`.
    public var trustsNames = false
    /// Paths that rows are to be asked for, whether or not the beginning of the files has them; one that no row has is no column.
    ///
    /// One that holds an object in the beginning is none of itself: its keys are.
    public var expectedColumns: Set<ColumnName> = []
    /// Paths that are columns of no declared type, whether or not the beginning of the files has them.
    ///
    /// One that holds an object becomes a column as if it were declared. With some, the table's columns are those and what the
    /// beginning shows, whatever else rows have.
    public var fixedColumns: Set<ColumnName> = []
    /// How many levels of objects become columns of their own; 1 for the keys of the row itself.
    ///
    /// Deeper objects are text, as are arrays.
    public var flattenedLevels = 32
    /// How the files are packed; `nil` to be told by their names or first bytes.
    public var compression: Compression?
    /// A longer row is an error, or malformed.
    public var maximumRowBytes = 16 << 20
    /// How many bytes are kept of a longer row, which is then a malformed one; `nil` where it is an error.
    public var keptOfLongRows: Int?
    /// How much is read at a time.
    public var chunkBytes = 1 << 20
    /// How many cells a batch has at most, beyond those of one row: short rows of many columns come in several.
    public var batchCells = 1 << 20
    /// How much of the beginning of each file is looked at for columns and types, unpacked.
    public var sampleBytes = 1 << 18

    public init() {}
}
