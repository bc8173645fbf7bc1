public import Expectations

/// Where the records of a pipeline come from.
public struct StreamSource: Sendable {
    public enum Kind: Sendable {
        case files(LandingDefinition)
        case http(HTTPSourceDefinition)
        case standardInput
    }

    /// What becomes of columns that the kept schema doesn't have.
    public enum SchemaEvolution: String, Sendable, Hashable, CaseIterable {
        /// The tables get them from the next batch on.
        case addNewColumns = "add_new_columns"
        /// They stay in `_rescued`.
        case rescue
        /// The batch is held.
        case fail
    }

    public let kind: Kind
    /// `nil` where each file's name and beginning tell.
    public let format: Asset.Format?
    /// How the records are written, and their types.
    public let records: TextForm
    public let evolution: SchemaEvolution
    public let mark: SourceMark

    /// Microseconds between two batches where nobody says otherwise: who posts a record wants to see it soon.
    var usualTrigger: Int64 {
        switch kind {
        case .files: 1_000_000
        case .http, .standardInput: 250_000
        }
    }
}

/// A folder that files land in.
public struct LandingDefinition: Sendable, Hashable {
    /// What becomes of a file that was read and then changed.
    public enum OnChange: String, Sendable, Hashable, CaseIterable {
        /// It is a new file: all of it is read.
        case read
        case ignore
        /// The pipeline stops.
        case fail
    }

    public let folder: String
    /// Of names, as in `*.jsonl`; empty for all that look like data.
    public let patterns: [String]
    public let isRecursive: Bool
    /// Microseconds that a file must have been left alone.
    public let settle: Int64
    /// The same where nobody said it: two seconds.
    public static let usualSettle: Int64 = 2_000_000
    public let onChange: OnChange
}

/// Records that are posted over HTTP.
public struct HTTPSourceDefinition: Sendable, Hashable {
    /// The bearer token that clients must show; `nil` for none, which only loopback allows.
    ///
    /// Throws what the environment lacks for it.
    public var token: String? { get throws(SuiteProblems) { try secretToken.get() } }
    let secretToken: SecretPart<String?>
    /// Bytes that may wait to be read; beyond them clients are told to come back later.
    public let maximumBytes: Int64
    /// Bytes of one request, unpacked.
    public let maximumRequestBytes: Int
    /// Whether attributes of Pub/Sub messages are kept, in `_attributes`.
    public let keepsAttributes: Bool
}
