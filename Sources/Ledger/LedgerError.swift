public import Tables

/// A store of results that can't be opened, read or written.
public struct LedgerError: Error, Sendable, Equatable {
    /// Stable and documented: `not-a-database`, `newer-version`, `read-only`, `disk-full`, `locked`, `not-found`, `no-runs`,
    /// `unwritable-directory`, `corrupt`, `duplicate-run`, `duplicate-request`, `lease-lost`, `name-taken`, `input-output`,
    /// `interrupted`, `internal`, and what writing a backup has of its own (`file-too-large`, …).
    public let code: String
    public let message: String
    /// The database file.
    public let place: String
    public let hint: String?
    /// What SQLite said, where it was asked; for logs.
    public let cause: String?

    public init(code: String, message: String, place: String, hint: String? = nil, cause: String? = nil) {
        self.code = code
        self.message = message
        self.place = place
        self.hint = hint
        self.cause = cause
    }

    public var fault: Fault {
        switch code {
        case "internal", "duplicate-run", "duplicate-request": .assay
        default: .outside
        }
    }

    /// True for what passes by itself or once someone makes room.
    public var mayHelpToRetry: Bool { ["locked", "disk-full", "input-output"].contains(code) }

    /// One line: place, message, code.
    public var summary: String { "\(place): \(message) [\(code)]" }
}

extension LedgerError {
    static func notADatabase(_ place: String, because reason: String) -> LedgerError {
        LedgerError(
            code: "not-a-database", message: "\(reason); wanted an Assay results store", place: place,
            hint: "point store: at another path; this file is left as it is")
    }

    static func notFound(_ place: String) -> LedgerError {
        LedgerError(
            code: "not-found", message: "there is no results store here", place: place,
            hint: "the first run that records its results creates it")
    }

    static func newerVersion(_ place: String, unknown: [String]) -> LedgerError {
        let names = unknown.joined(separator: "\", \"")
        return LedgerError(
            code: "newer-version",
            message: "the results store was written by a newer Assay (unknown migration \"\(names)\")",
            place: place, hint: "update Assay, or point store: at another path")
    }

    static func unwritableDirectory(_ place: String, because reason: String) -> LedgerError {
        LedgerError(
            code: "unwritable-directory", message: "the results store can't be created: \(reason)", place: place,
            hint: "create the directory, or let Assay's user write to it")
    }

    static func readOnly(_ place: String, cause: String? = nil) -> LedgerError {
        LedgerError(
            code: "read-only", message: "the results store can't be written", place: place,
            hint: "let Assay's user write to the file and its directory", cause: cause)
    }

    static func duplicateRun(_ id: String, _ place: String) -> LedgerError {
        LedgerError(
            code: "duplicate-run", message: "a run with the id \"\(id)\" is recorded already", place: place,
            hint: "a run is recorded once, under an id of its own")
    }
}
