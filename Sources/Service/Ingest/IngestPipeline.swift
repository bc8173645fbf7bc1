public import Intake

/// A pipeline that records are posted to.
public struct IngestPipeline: Sendable {
    public let spool: Spool
    public let envelope: Envelope
    /// Whether a message's attributes become the member `_attributes` of its records.
    public let keepsAttributes: Bool

    /// What documents of JSON may be.
    public enum Envelope: String, Sendable, CaseIterable {
        /// Messages of Pub/Sub where they look like it, else records.
        case automatic
        /// Records, whatever they look like.
        case none
        /// Messages of Pub/Sub; what is none is refused.
        case pubsub
    }

    public init(_ spool: Spool, envelope: Envelope = .automatic, keepsAttributes: Bool = false) {
        self.spool = spool
        self.envelope = envelope
        self.keepsAttributes = keepsAttributes
    }
}
