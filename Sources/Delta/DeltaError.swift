public import Tables

/// A table that can't be read or written, or a commit that could not be made.
public struct DeltaError: Error, Sendable, Equatable {
    /// Stable and documented in `docs/errors.md`.
    public enum Code: String, Sendable, CaseIterable {
        /// There is no transaction log.
        case notATable = "not-a-table"
        case noSuchVersion = "no-such-version"
        /// A commit is missing between others, or the first ones are gone and no checkpoint stands for them.
        case logGap = "log-gap"
        /// The log, a checkpoint or a deletion vector is not as the protocol says.
        case corrupt
        /// The table needs something of its readers or writers that isn't done here.
        case unsupportedFeature = "unsupported-feature"
        case notFound = "not-found"
        case unreadable
        case truncated
        case tableExists = "table-exists"
        /// Rows or a schema that the table can't take.
        case schemaMismatch = "schema-mismatch"
        case appendOnly = "append-only"
        /// Somebody else changed the schema, the properties or the protocol.
        case concurrentChange = "concurrent-change"
        /// Somebody else removed a file that this transaction read or removes.
        case concurrentDelete = "concurrent-delete"
        /// Somebody else added files to what this transaction replaces.
        case concurrentAppend = "concurrent-append"
        /// Somebody else committed for the same application.
        case concurrentTransaction = "concurrent-transaction"
        /// A file could not be written or put in its place.
        case unwritable
        case diskFull = "disk-full"
        /// It was asked to end before it was done.
        case cancelled
        /// The caller asked for what makes no sense.
        case badArgument = "bad-argument"
    }

    public let code: Code
    public let message: String
    /// The table or file.
    public let place: String
    public let hint: String?

    public init(_ code: Code, _ message: String, place: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.place = place
        self.hint = hint
    }

    public var fault: Fault {
        switch code {
        case .unreadable, .unwritable, .diskFull, .concurrentChange, .concurrentDelete, .concurrentAppend,
            .concurrentTransaction, .cancelled:
            .outside
        case .badArgument, .tableExists, .schemaMismatch, .appendOnly, .noSuchVersion: .suiteAuthor
        default: .data
        }
    }

    /// Whether the same call, begun anew on the table's newest version, may succeed.
    public var mayHelpToRetry: Bool {
        switch code {
        case .unreadable, .truncated, .unwritable, .concurrentDelete, .concurrentAppend, .concurrentChange: true
        default: false
        }
    }

    /// One line: place, message, code.
    public var summary: String { "\(place): \(message) [\(code.rawValue)]" }
}

extension DeltaError {
    static func missingDataFile(_ path: String) -> DeltaError {
        DeltaError(
            .notFound, "the data file is not there", place: path,
            hint: "a vacuum removes files that only older versions need: where it did, newer ones can still be read")
    }

    init(_ error: SourceError) {
        self.init(
            Code(rawValue: error.code) ?? .corrupt,
            error.message, place: error.place, hint: error.hint)
    }
}

extension SourceError {
    /// The same error, where a table is read as a source of batches.
    public init(_ error: DeltaError) {
        self.init(code: error.code.rawValue, message: error.message, place: error.place, hint: error.hint)
    }
}
