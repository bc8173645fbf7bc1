import Tables

/// The requests that came under a key, for their retries.
///
/// They are forgotten a log at a time, the oldest first. About 100 bytes a key.
struct RememberedKeys {
    /// A request that is in.
    struct Entry {
        let segment: UInt32
        let records: UInt32
        let start: UInt64
        let length: UInt64
        let fingerprint: UInt64
    }

    private var entries: [Hash128: Entry] = [:]

    var count: Int { entries.count }

    subscript(key: Hash128) -> Entry? { entries[key] }

    mutating func remember(_ request: LoggedRequest) {
        guard let key = request.key else { return }
        entries[key] = Entry(
            segment: request.segment, records: request.records, start: request.start,
            length: request.end - request.start, fingerprint: request.fingerprint)
    }

    /// Forgets keys, but for those that came again with a segment that isn't among these.
    mutating func forget(_ keys: [Hash128], of segments: ClosedRange<UInt32>) {
        for key in keys where entries[key].map({ segments.contains($0.segment) }) ?? false { entries[key] = nil }
    }
}
