import Tables

/// What a client calls a request, so that its retry is not taken for another.
public struct RequestKey: Sendable, Hashable {
    let hash: Hash128
    /// Whether another content under the same key is the client's mistake, rather than another spelling of the same message.
    let hasOneContent: Bool

    /// As the header `Idempotency-Key` has it.
    public init(idempotencyKey: String) {
        hash = Self.hash(idempotencyKey, domain: 1)
        hasOneContent = true
    }

    /// A message of Pub/Sub, which is delivered again until it is acknowledged; the number is its topic's own.
    public init(messageId: String, subscription: String) {
        hash = Self.hash(subscription, domain: 2).combined(with: Self.hash(messageId, domain: 3))
        hasOneContent = false
    }

    private static func hash(_ text: String, domain: UInt64) -> Hash128 {
        let hash = Hash128(text, seed: 0x4B45_59, domain: domain)
        // Zero stands for no key in the log.
        return hash == Hash128(high: 0, low: 0) ? Hash128(high: 0, low: 1) : hash
    }
}
