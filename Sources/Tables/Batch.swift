/// A few thousand rows of a table, column by column.
public struct Batch: Sendable {
    /// Place in input order: 0, 1, 2 … without gaps.
    public let ordinal: Int
    /// Which of the rows at that place these are: where they are many, they come in several batches.
    public let part: BatchPart
    /// Which of the source's partitions (files) the rows come from.
    public let partition: Int
    public let rowCount: Int
    /// By the schema's index; `nil` where nobody asked for the column.
    public let columns: [Column?]
    /// Where each row begins, in bytes from the start of its partition; empty where the format has no such place.
    public let offsets: RowOffsets
    /// What was wrong with rows as such, ascending by row.
    public let problems: [RowProblem]
    /// Each row as it was read, without the line's end; `nil` where nobody asked for it, or the format is no text.
    public let records: TextCells?
    /// Rows of whose record something is in none of the schema's columns; `nil` where there are none, or nobody asked for records.
    public let unfitting: Bitmap?
    /// Columns with values that the partition has and the schema hasn't, where the format knows columns and records were asked for.
    public let surplus: [SurplusColumn]
    /// How much input the batch stands for, for progress.
    public let byteCount: Int

    public init(
        ordinal: Int, part: BatchPart = .whole, partition: Int = 0, rowCount: Int, columns: [Column?],
        offsets: RowOffsets = .unknown,
        problems: [RowProblem] = [], records: TextCells? = nil, unfitting: Bitmap? = nil,
        surplus: [SurplusColumn] = [], byteCount: Int = 0
    ) {
        self.ordinal = ordinal
        self.part = part
        self.partition = partition
        self.rowCount = rowCount
        self.columns = columns
        self.offsets = offsets
        self.problems = problems
        self.records = records
        self.unfitting = unfitting
        self.surplus = surplus
        self.byteCount = byteCount
    }

    /// A column that the projection asked for.
    public func column(_ index: Int) -> Column {
        guard let column = columns[index] else { preconditionFailure("column \(index) was not asked for") }
        return column
    }
}

/// Which of the rows of one place in input order a batch has.
///
/// The parts of a place come one after another from one worker. Where they are cut may depend on the columns that are read, so
/// that few cells are in memory at once; where places end does not.
public struct BatchPart: Sendable, Hashable {
    /// So many of the place's rows come before.
    public let firstRow: Int
    /// Whether none come after.
    public let isLast: Bool

    public init(firstRow: Int, isLast: Bool) {
        self.firstRow = firstRow
        self.isLast = isLast
    }

    /// All of them.
    public static let whole = BatchPart(firstRow: 0, isLast: true)
}

/// A column of a partition that the table's schema hasn't.
public struct SurplusColumn: Sendable {
    public let name: String
    public let column: Column

    public init(name: String, column: Column) {
        self.name = name
        self.column = column
    }
}

/// Byte offsets of rows: a base and 32-bit distances from it.
public struct RowOffsets: Sendable {
    public let base: Int64
    public let starts: [UInt32]

    public init(base: Int64, starts: [UInt32]) {
        self.base = base
        self.starts = starts
    }

    public static let unknown = RowOffsets(base: 0, starts: [])

    /// The offset of a row of the batch, or `nil` where the format has none.
    public subscript(row: Int) -> Int64? { row < starts.count ? base + Int64(starts[row]) : nil }
}

/// A row that is kept although something is wrong with it as a row.
public struct RowProblem: Sendable, Equatable {
    public enum Kind: String, Sendable, CaseIterable, Hashable {
        /// Fewer fields than the header; the absent ones are missing.
        case tooFewFields = "too-few-fields"
        /// More fields than the header; the surplus is not judged.
        case tooManyFields = "too-many-fields"
        case invalidUTF8 = "invalid-utf8"
        /// As in `"abc"def`: the field's value is then `abcdef`.
        case textAfterQuote = "text-after-quote"
        /// No JSON value; all columns of the row are missing.
        case invalidJSON = "invalid-json"
        /// A JSON value, but none with keys, where an object is expected; its columns are missing.
        case notAnObject = "not-an-object"
        /// A key twice in one object; the last one counts.
        case duplicateKey = "duplicate-key"
        /// An escape such as `\ud800` without its other half; it is read as U+FFFD.
        case loneSurrogate = "lone-surrogate"
        /// More bytes than a row may have; all its columns are missing, and only its beginning is among the records.
        case rowTooLong = "row-too-long"
        /// A quote that is closed nowhere: everything behind it is one row, of which the same is kept.
        case unclosedQuote = "unclosed-quote"
    }

    /// Within the batch, from 0.
    public let row: Int
    public let kind: Kind
    /// What was found, as in `5 fields, expected 4`; no values.
    public let detail: String

    public init(row: Int, kind: Kind, detail: String) {
        self.row = row
        self.kind = kind
        self.detail = detail
    }
}
