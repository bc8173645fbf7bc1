public import Files
public import Tables

/// How a delimited file is written, as far as somebody said so; the rest is found out from its beginning.
public struct CSVOptions: Sendable, Hashable {
    public enum Header: Sendable, Hashable {
        /// The first row holds names, unless it looks like data.
        case sniffed
        case present
        /// Columns are called `column_1`, `column_2` …
        case absent
        /// The file has no header; these are the names.
        case names([String])
    }

    /// One ASCII character; `nil` to be found out among `, ; tab |`.
    public var delimiter: UInt8?
    /// One ASCII character; `nil` where the file has no quotes.
    public var quote: UInt8? = 0x22
    public var header = Header.sniffed
    /// Texts that stand for a missing value, besides an unquoted empty field.
    public var missingValues: Set<String> = []
    /// Where timestamps without zone are meant.
    public var timeZone = ZoneRule.utc
    /// Types that somebody declared, by column; they win over what the values look like.
    public var declaredTypes: [ColumnName: LogicalType] = [:]
    /// How the files are packed; `nil` to be told by their names or first bytes.
    public var compression: Compression?
    /// A longer row is an error, or malformed: what stops an unclosed quote from filling the memory.
    public var maximumRowBytes = 16 << 20
    /// How many bytes are kept of a longer row, and of one whose quote is never closed; they are malformed then.
    ///
    /// `nil` where they are errors.
    public var keptOfLongRows: Int?
    /// How much is read at a time.
    public var chunkBytes = 1 << 20
    /// How many cells a batch has at most, beyond those of one row: short rows of many columns come in several.
    public var batchCells = 1 << 20
    /// How much of the beginning of each file is looked at for its dialect, columns and types, unpacked.
    public var sampleBytes = 1 << 18

    public init() {}
}
