/// How much a spool takes and remembers.
public struct SpoolLimits: Sendable, Hashable {
    /// Bytes that may wait to be read, those of segments and of requests on their way to them.
    public var maximumBytes: Int64 = 4 << 30
    /// Bytes of one request, unpacked.
    public var maximumRequestBytes = 16 << 20
    /// Bytes of one record; as long as a row of JSON may be by default.
    public var maximumRecordBytes = 16 << 20
    /// Bytes that may wait in memory for the disk.
    public var queuedBytes = 64 << 20
    /// Bytes at which a segment is closed and the next one begun, if no batch wanted it before.
    public var segmentBytes: Int64 = 64 << 20
    /// Requests at which it is.
    public var segmentRequests = 65_536
    /// Keys of requests that are remembered at least, the last ones; about 100 bytes of memory each.
    public var rememberedKeys = 250_000
    /// Seconds for which a key is remembered at most, give or take an hour.
    public var rememberedSeconds: Int64 = 86_400

    public init() {}
}
