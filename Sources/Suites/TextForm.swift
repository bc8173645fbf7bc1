public import Expectations
public import Tables

/// How files of text are written, and the types of their columns, as far as a project says so.
public struct TextForm: Sendable {
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
    public let declaredTypes: [ColumnName: TypeName]
    /// Where they are declared.
    public let columnsMark: SourceMark?
    /// Rows with more bytes are malformed; `nil` where the project doesn't say.
    public let maximumRowBytes: Int?
    public let compression: Compression
}
