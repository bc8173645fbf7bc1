public import Tables

/// A server that can't be started.
public struct ServiceError: Error, Sendable, Equatable {
    /// Stable and documented: `token-required`, `unusable-address`, `bad-certificate`, `store-unavailable`.
    public let code: String
    public let message: String
    /// The address, or the file.
    public let place: String
    public let hint: String?
    /// The system's words.
    public let cause: String?

    public init(code: String, message: String, place: String, hint: String? = nil, cause: String? = nil) {
        self.code = code
        self.message = message
        self.place = place
        self.hint = hint
        self.cause = cause
    }

    public var fault: Fault { ["unusable-address", "store-unavailable"].contains(code) ? .outside : .suiteAuthor }
    public var mayHelpToRetry: Bool { fault == .outside }

    /// One line: place, message, cause, code.
    public var summary: String { "\(place): \(message)\(cause.map { ": \($0)" } ?? "") [\(code)]" }
}
