/// Something that happened to an incident or one of its alerts.
public struct AlertEvent: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// An incident began; an incident that was over without everybody knowing went on; all of it was over.
        case opened, reopened, closed
        /// An alert began; got more severe; was over; is no longer asked.
        case fired, escalated, resolved, removed
        /// Its expectation was changed, and has another key.
        case edited
        /// It goes back and forth; it has been quiet for a while.
        case flapping, quiet
        /// It is not told as it follows from an incident upstream; that is no longer so.
        case muted, unmuted
        /// What people say.
        case acknowledged, snoozed, unsnoozed
        /// A snooze, an acknowledgement reached its end.
        case snoozeEnded = "snooze-ended"
        case acknowledgementEnded = "acknowledgement-ended"
        /// A message was written for a route.
        case told
        /// A route has another name.
        case renamed
        /// A run was older than one before, and changed nothing.
        case passedOver = "passed-over"
    }

    public let kind: Kind
    /// Microseconds since 1970-01-01T00:00:00Z.
    public let at: Int64
    public let subject: AlertSubject
    public let incident: String?
    /// The alert's; `nil` where it is about the incident.
    public let key: String?
    public let route: String?
    /// Who said it.
    public let actor: String?
    /// Why, or what: a sentence, a reason, a person's words.
    public let note: String?
    /// The run that gave the occasion.
    public let run: String?

    public init(
        _ kind: Kind, at: Int64, subject: AlertSubject, incident: String? = nil, key: String? = nil,
        route: String? = nil, actor: String? = nil, note: String? = nil, run: String? = nil
    ) {
        self.kind = kind
        self.at = at
        self.subject = subject
        self.incident = incident
        self.key = key
        self.route = route
        self.actor = actor
        self.note = note
        self.run = run
    }
}
