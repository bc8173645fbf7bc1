/// Something that happened to a message on its way, for logs and counts; it has no secret in it.
public struct DeliveryEvent: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The receiver has it.
        case delivered
        /// An attempt failed; another one follows.
        case postponed
        /// It was given up.
        case dead
        /// The ledger could not be read or written: what was to be noted will be found out again.
        case storeFailed = "store-failed"
    }

    public let kind: Kind
    /// The outbox entry's; empty where it is about none.
    public let id: String
    public let route: String
    public let channel: String
    public let incident: String
    /// How many there were with this one.
    public let attempts: Int
    /// What failed; `nil` for what was delivered.
    public let code: String?
    public let message: String
    /// When the next attempt is due, microseconds since 1970.
    public let nextAt: Int64?
    /// Microseconds from the message's writing to now.
    public let age: Int64
}
