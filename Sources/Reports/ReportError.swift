public import Tables

/// A report that can't be made or written.
public struct ReportError: Error, Sendable, Equatable {
    /// Stable and documented: `unwritable-directory`, `bad-name`, `disk-full`, `input-output`, `internal`.
    public let code: String
    public let message: String
    /// The file or directory.
    public let place: String
    public let hint: String?
    /// What the system said, where it was asked; for logs.
    public let cause: String?

    public init(code: String, message: String, place: String, hint: String? = nil, cause: String? = nil) {
        self.code = code
        self.message = message
        self.place = place
        self.hint = hint
        self.cause = cause
    }

    public var fault: Fault { code == "internal" || code == "bad-name" ? .assay : .outside }

    /// True for what passes by itself or once someone makes room.
    public var mayHelpToRetry: Bool { code == "disk-full" || code == "input-output" }

    /// One line: place, message, code.
    public var summary: String { "\(place): \(message) [\(code)]" }
}
