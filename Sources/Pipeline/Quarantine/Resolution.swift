/// What became of a quarantined record, and who decided it.
public struct Resolution: Sendable, Hashable {
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// It was judged again and went on, or was kept apart anew as the next attempt.
        case replayed
        /// It went on although it breaks rules.
        case released
        /// It goes nowhere.
        case discarded
    }

    public let id: String
    /// Of the judgement that it is about, from 1.
    public let attempt: Int
    public let status: Status
    public let actor: String
    public let reason: String
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let time: Int64
    /// Where the record went.
    public let fate: RecordFate

    public init(
        id: String, attempt: Int, status: Status, actor: String, reason: String, time: Int64, fate: RecordFate
    ) {
        self.id = id
        self.attempt = attempt
        self.status = status
        self.actor = actor
        self.reason = reason
        self.time = time
        self.fate = fate
    }
}
