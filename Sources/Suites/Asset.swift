public import Expectations

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

    public let name: String
    public let format: Format
    /// Paths of files, `*`, `?` and `[…]` included; relative ones have been joined to the project's folder.
    public let patterns: [String]
    /// How files of text are written; for other formats, what the project doesn't say.
    public let text: TextForm
    /// Columns tagged `pii`.
    public let personalColumns: Set<String>
    /// Of a Delta table.
    public let version: Version
    /// Names of the assets that it is made of, besides what pipelines tell.
    public let upstream: [String]
    /// Where it stands in the project file.
    public let mark: SourceMark
}
