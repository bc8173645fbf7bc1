public import Tables

/// A file of keys, as the state's database lists it: what isn't listed is nothing but leftovers.
public struct KeyFile: Sendable, Hashable {
    /// In the memory's folder.
    public let name: String
    public let byteCount: Int64
    public let keyCount: Int
    /// The first and the last time bucket that it has keys of.
    public let firstBucket: Int32
    public let lastBucket: Int32

    init(name: String, byteCount: Int64, keyCount: Int, firstBucket: Int32, lastBucket: Int32) {
        self.name = name
        self.byteCount = byteCount
        self.keyCount = keyCount
        self.firstBucket = firstBucket
        self.lastBucket = lastBucket
    }

    public var json: JSON {
        .object([
            JSON.Member("name", .string(name)), JSON.Member("bytes", .integer(byteCount)),
            JSON.Member("keys", .integer(keyCount)), JSON.Member("first_bucket", .integer(firstBucket)),
            JSON.Member("last_bucket", .integer(lastBucket)),
        ])
    }

    /// `nil` for what ``json`` doesn't write.
    public init?(_ json: JSON) {
        guard let name = json["name"]?.string, !name.isEmpty, !name.utf8.contains(0x2F), !name.utf8.contains(0),
            let byteCount = json["bytes"]?.integer, byteCount >= 0,
            let keyCount = json["keys"]?.integer, keyCount >= 0,
            let first = json["first_bucket"]?.integer.flatMap({ Int32(exactly: $0) }),
            let last = json["last_bucket"]?.integer.flatMap({ Int32(exactly: $0) }), first <= last
        else {
            return nil
        }
        self.init(
            name: name, byteCount: byteCount, keyCount: Int(keyCount), firstBucket: first, lastBucket: last)
    }
}

/// What a batch changes about the files of a memory, for the transaction that commits it.
public struct KeyChange: Sendable, Hashable {
    /// Durable already; to be listed.
    public var added: [KeyFile]
    /// To be listed no longer; they stay on disk until the memory's `commit()`.
    public var removed: [KeyFile]

    public init(added: [KeyFile] = [], removed: [KeyFile] = []) {
        self.added = added
        self.removed = removed
    }

    public var isEmpty: Bool { added.isEmpty && removed.isEmpty }
}
