/// What a spool found in its folder when it was opened.
public struct SpoolRecovery: Sendable, Hashable {
    /// Segments that wait to be read.
    public var segments = 0
    public var byteCount: Int64 = 0
    /// Bytes of requests that a crash cut short: nobody was told that they are in.
    public var bytesDropped: Int64 = 0
    /// Files of which something is missing or changed that had been durable, each with what is wrong, in words.
    ///
    /// What is left of them is kept to be read.
    public var damage: [String] = []
}
