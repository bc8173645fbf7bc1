public import Files

/// How a Parquet file is written; as it stands, for files that any reader reads well.
public struct ParquetWriterOptions: Sendable, Hashable {
    public var codec: BlockCodec = .zstd
    /// The codec's own; `nil` for a usual one (zstd: 3).
    public var compressionLevel: Int?
    /// Bytes of values and levels after which a page is closed, before anything makes them fewer.
    public var pageByteLimit = 1 << 20
    public var pageRowLimit = 20_000
    public var rowGroupRowLimit = 1 << 20
    /// Bytes of packed pages, dictionaries and pages in the making after which a row group is written: the memory that
    /// the writer takes, but for one batch or row.
    public var rowGroupByteLimit = 128 << 20
    /// Bytes of a dictionary after which further pages of its chunk do without; 0 for no dictionaries.
    public var dictionaryByteLimit = 1 << 20
    /// The longest text or byte string that statistics and indexes hold; longer bounds are cut off, and say so.
    public var boundByteLimit = 64
    public var keyValues: [KeyValue] = []
    /// The writing program, as readers expect it: `name version 1.2.3`, then perhaps `(build …)`.
    public var createdBy = "assay version 0.1.0"
    public var uncomparable = UncomparableCells.refuse
    public var invalidText = InvalidText.refuse
    public var inexactFloats = InexactFloats.round

    public init() {}

    /// What becomes of cells that hold no value of their column's type.
    public enum UncomparableCells: Sendable, Hashable {
        /// The error `uncomparable-value`.
        case refuse
        /// They are written as missing; their text is lost.
        case missing
    }

    /// What becomes of texts that aren't UTF-8, which a file's readers may fail on.
    public enum InvalidText: Sendable, Hashable {
        /// The error `invalid-utf8`.
        case refuse
        /// What is wrong in them becomes U+FFFD.
        case repair
        /// They are written byte for byte: for who copies what readers had to bear before.
        case keep
    }

    /// What becomes of columns' numbers that lie between those of 32 bits, where a file has no others.
    public enum InexactFloats: Sendable, Hashable {
        /// The nearest one is written; beyond all of them it is the error `unfit-value`.
        case round
        /// The error `unfit-value`.
        case refuse
    }
}
