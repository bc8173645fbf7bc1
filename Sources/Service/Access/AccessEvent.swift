/// What a server tells of who changed something, and of who wasn't let in; without a token in it.
public struct AccessEvent: Sendable, Equatable {
    public enum Kind: Sendable, Equatable {
        /// Somebody had something done: what it was, who is said to have asked, and why.
        case changed(action: String, by: String, reason: String?)
        /// Somebody wasn't let in: the refusal's code, and what a token would have had to allow, where one was wanted.
        ///
        /// `unlogged`: how many refusals before it nobody was told of.
        case refused(code: String, need: String?, unlogged: Int)
    }

    public let kind: Kind
    public let method: String
    /// Without a query, in which a token may stand.
    public let path: String
    public let status: Int
    /// Where the connection comes from; a proxy's where one stands between.
    public let peer: String
    /// Whom a proxy says that it speaks for; anybody can say it.
    public let forwardedFor: String?
    /// The name of the token; `nil` where it has none, or wasn't one.
    public let token: String?
}
