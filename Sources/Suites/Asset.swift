public import Expectations
public import Tables

/// Data that a project knows by name, and how its files are to be read.
public struct Asset: Sendable {
    public enum Format: String, Sendable, Hashable, CaseIterable {
        /// Delimited text.
        case csv
        /// JSON Lines, or an array of objects.
        case json
        case parquet
        /// A Delta Lake table: a folder with a transaction log.
        case delta

        /// Whether values are text that is yet to be understood.
        var isText: Bool { self == .csv || self == .json }
    }

    /// Which version of a Delta table is meant.
    public enum Version: Sendable, Hashable {
        case latest
        case number(Int)
        /// The one that was the newest then: microseconds since 1970-01-01T00:00:00Z.
        case timestamp(microseconds: Int64)
    }

    /// Where the names of columns come from.
    public enum Header: Sendable, Hashable {
        /// The first row, unless it looks like data.
        case automatic
        case firstRow
        /// There is none, and columns are called by their numbers.
        case absent
        /// There is none, and these are the names.
        case names([String])
    }

    public enum Compression: String, Sendable, Hashable, CaseIterable {
        /// By the file's name or first bytes.
        case automatic = "auto"
        case none, gzip, zstd
    }

    public let name: String
    public let format: Format
    /// Paths of files, `*`, `?` and `[…]` included; relative ones have been joined to the project's folder.
    public let patterns: [String]
    /// One ASCII character; `nil` where the project doesn't say.
    public let delimiter: UInt8?
    public let header: Header
    /// One ASCII character; `nil` where there are no quotes, `"` where the project doesn't say.
    public let quote: UInt8?
    /// Texts that mean that a value is missing, besides nothing at all.
    public let missingValues: [String]
    /// Of timestamps that name none; as in `Europe/Berlin` or `+02:00`, `nil` where the project doesn't say.
    public let timezone: String?
    /// Where it is written, for who knows whether there is such a zone.
    public let timezoneMark: SourceMark?
    public let declaredTypes: [String: TypeName]
    /// Columns tagged `pii`.
    public let personalColumns: Set<String>
    /// Rows with more bytes are malformed; `nil` where the project doesn't say.
    public let maximumRowBytes: Int?
    public let compression: Compression
    /// Of a Delta table.
    public let version: Version
    /// Where it stands in the project file.
    public let mark: SourceMark
}
