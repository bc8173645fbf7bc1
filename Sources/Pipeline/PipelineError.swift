import Delta
public import Expectations
import Files
public import Tables

/// A pipeline that can't go on, or that could not be asked.
public struct PipelineError: Error, Sendable, Equatable {
    /// Stable and documented in `docs/errors.md`.
    public enum Code: String, Sendable, CaseIterable {
        /// Another process runs the pipeline.
        case isRunning = "is-running"
        /// The tables know of batches that the state doesn't.
        case stateLost = "state-lost"
        /// The state knows of batches that a table doesn't.
        case tableLost = "table-lost"
        /// What the source before this one took would stay unread.
        case sourceChanged = "source-changed"
        /// A table, a stage or a suite doesn't fit the records.
        case schemaMismatch = "schema-mismatch"
        /// The records of a batch don't add up: some are nowhere, or in two places.
        case imbalance
        /// A file of the pipeline's own is damaged or gone.
        case corrupt
        case newerVersion = "newer-version"
        case locked
        case diskFull = "disk-full"
        case unwritable
        case unreadable
        /// A file changed that was read, and must not.
        case changed
        case badArgument = "bad-argument"
        case notFound = "not-found"
        case `internal`
    }

    public let code: Code
    public let message: String
    /// The pipeline, a table or a file.
    public let place: String
    public let hint: String?
    /// Where the project says what is in the way; `nil` where it doesn't.
    public let location: SourceMark?

    public init(_ code: Code, _ message: String, place: String, hint: String? = nil, at location: SourceMark? = nil) {
        self.code = code
        self.message = message
        self.place = place
        self.hint = hint
        self.location = location
    }

    public var fault: Fault {
        switch code {
        case .isRunning, .locked, .diskFull, .unwritable, .unreadable, .changed, .stateLost, .tableLost, .newerVersion,
            .corrupt:
            .outside
        case .schemaMismatch, .sourceChanged, .badArgument, .notFound: .suiteAuthor
        case .imbalance, .internal: .assay
        }
    }

    /// Whether the same batch, run again, may go through.
    public var mayHelpToRetry: Bool {
        switch code {
        case .diskFull, .unwritable, .unreadable, .changed, .locked: true
        default: false
        }
    }

    /// One line: where the project says it, place, message, code.
    public var summary: String { "\(location.map { "\($0): " } ?? "")\(place): \(message) [\(code.rawValue)]" }
}

extension PipelineError {
    init(_ error: DeltaError) {
        let code: Code =
            switch error.code {
            case .diskFull: .diskFull
            case .unwritable: .unwritable
            case .unreadable, .truncated, .concurrentChange, .concurrentDelete, .concurrentAppend: .unreadable
            case .schemaMismatch, .unsupportedFeature, .appendOnly, .badArgument, .tableExists: .schemaMismatch
            default: .corrupt
            }
        self.init(code, error.message, place: error.place, hint: error.hint)
    }

    init(_ error: OutputError) {
        let code: Code =
            switch error.code {
            case "disk-full": .diskFull
            default: error.fault == .outside ? .unwritable : .internal
            }
        let cause = error.cause.map { ": \($0)" } ?? ""
        self.init(code, error.message + cause, place: error.place, hint: error.hint)
    }

    public init(_ error: SourceError) {
        self.init(
            error.code == "changed" ? .changed : .unreadable, error.message, place: error.place, hint: error.hint)
    }
}
