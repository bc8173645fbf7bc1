/// What a server bears.
public struct ServerLimits: Sendable, Hashable {
    /// Connections at a time; for a further one the one closes that has been without a request longest.
    ///
    /// Where all have requests, further ones wait to be accepted, 1,024 of them in the kernel's queue; then whoever is answered makes
    /// room. One more than these is accepted where that was the last moment that somebody had none.
    public var connections = 4_096
    /// Those of one peer, by its address or its network of version 6, without this machine; the same holds for further ones,
    /// but where all have requests they are closed.
    public var connectionsPerPeer = 256
    /// Requests with bodies at a time; further ones are answered 429.
    public var requestsInFlight = 2_048
    /// Bytes of such bodies, packed and unpacked, that are in memory at a time; what has no room is answered 429.
    public var bytesInFlight = 128 << 20
    /// Bytes of a head: its request line and all of its fields.
    public var headBytes = 16 << 10
    /// How long a body may take to come; then the answer is 408.
    public var bodyTime = Duration.seconds(30)
    /// How long the first head of a connection may take to come, TLS included; then it is closed.
    public var headTime = Duration.seconds(10)
    /// How long a connection may be without a request, and further heads may take to come; then it is closed.
    ///
    /// At least a second more than `bodyTime`, whatever is set.
    public var idleTime = Duration.seconds(60)
    /// How long requests in hand have when the server is stopped; then their connections are closed.
    public var graceTime = Duration.seconds(10)
    /// What `Retry-After` says under pressure.
    public var retryAfter = Duration.seconds(1)

    public init() {}
}
