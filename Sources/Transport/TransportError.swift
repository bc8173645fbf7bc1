public import Tables

/// Something that could not be sent, or not to its end.
public struct TransportError: Error, Sendable, Equatable {
    /// Stable and documented.
    public let code: String
    public let message: String
    /// Host and port; never a path, a query or a secret.
    public let place: String
    public let hint: String?
    public let fault: Fault
    public let mayHelpToRetry: Bool

    public init(
        code: String, message: String, place: String, hint: String? = nil, fault: Fault = .outside, mayHelpToRetry: Bool
    ) {
        self.code = code
        self.message = message
        self.place = place
        self.hint = hint
        self.fault = fault
        self.mayHelpToRetry = mayHelpToRetry
    }

    /// One line: place, message, code.
    public var summary: String { "\(place): \(message) [\(code)]" }
}
