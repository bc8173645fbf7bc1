/// An event that waits to be sent.
public struct LineageEntry: Sendable, Hashable {
    public let number: Int64
    /// Whose events are sent in their order.
    public let job: String
    /// As JSON, on one line.
    public let event: String
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let createdAt: Int64
    /// How often it was tried.
    public let attempts: Int
}
