import Files
public import Tables

/// The keys of records that went on, so that their repetitions can be told.
///
/// Two records with equal keys whose times differ by less than `within` yield one, the first; farther apart they may yield two (they
/// do from 17/16 of it and a second more on). Without `within` there is one for ever. Keys are told apart by 128 bits of a keyed hash.
///
/// Memory: 27 to 31 bytes a key once there are some ten thousands, and 20 more for those of a batch that isn't committed. Keys are forgotten
/// when the watermark says that no record can come any more that they count for.
///
/// A memory with a folder outlives the process. A batch's new keys are made durable by `prepare`, the caller lists the files in the
/// transaction that commits the batch, and `commit` or `rollBack` ends it. Files that no transaction listed are nothing but leftovers.
///
/// A memory that no transaction knows yet is filled with the keys of records that went on before there was one. The first batch that is
/// committed writes all of them.
public struct KeyMemory: Sendable {
    private let buckets: KeyBuckets
    private var table = KeyTable()
    private var folder: KeyFolder?
    /// Keys of the batch at hand, in the order they came.
    private var fresh: [KeyTable.Entry] = []
    /// Forgotten keys that are there again as long as the batch at hand.
    private var recalled: [KeyTable.Entry] = []
    private var files: [KeyFile] = []
    private var watermark: Int64?
    /// Whether a transaction has listed it; else all of its keys are to be written still.
    private var isListed = true
    /// The earliest bucket that has keys; the last one there is where none has.
    private var earliest = Int32.max
    private var prepared: Prepared?

    private struct Prepared: Sendable {
        let change: KeyChange
        let watermark: Int64?
    }

    /// A memory that ends with the process: nothing is written, and nothing can be given up.
    ///
    /// - within: in microseconds, above 0; `nil` for ever.
    public init(within: Int64? = nil) { buckets = KeyBuckets(within: within) }

    /// Opens what a folder holds of a memory.
    ///
    /// Reads all its files at some hundreds of megabytes a second; changes nothing.
    ///
    /// - name: tells the memories of a folder apart.
    /// - seed: of the keys' hashes, kept with the files' list.
    /// - files: those that the last committed transaction listed; `nil` where none knew of the memory.
    /// - watermark: the one of that transaction.
    /// - Throws: `not-found`, `unreadable` and `corrupt`, with the file's name.
    public init(
        folder: String, name: String, within: Int64?, seed: UInt64, files listed: [KeyFile]?, watermark: Int64?
    ) throws(SourceError) {
        buckets = KeyBuckets(within: within)
        let folder = KeyFolder(path: folder, name: name, kind: KeyFileFormat.Kind(buckets, seed: seed))
        self.folder = folder
        files = listed ?? []
        isListed = listed != nil
        self.watermark = watermark
        let firstLive = buckets.firstLive(watermark)
        table.reserve(files.reduce(0) { $0 + $1.keyCount })
        for file in files {
            try folder.read(file) { bucket, entries in
                guard bucket >= firstLive else { return }
                table.insert(entries, reach: 0) { _, _ in }
                earliest = min(earliest, bucket)
            }
        }
    }

    /// The files that it consists of, as of the last commit.
    public var fileNames: [String] { files.map(\.name) }

    /// Keys that are remembered; one that came again after its time counts twice.
    public var count: Int { table.count }
    /// Bytes that the memory takes.
    public var byteCount: Int { table.byteCount + fresh.capacity * MemoryLayout<KeyTable.Entry>.stride }

    /// Whether a record of that time with this key would be a repetition.
    public func contains(_ key: Hash128, _ time: Int64) -> Bool {
        table.contains(KeyTable.Entry(key, bucket: buckets.bucket(of: time)), reach: buckets.reach)
    }

    /// Whether keys that count for a record of that time may have been forgotten.
    public func hasForgotten(_ time: Int64) -> Bool {
        Int64(buckets.bucket(of: time)) - Int64(buckets.reach) < Int64(buckets.firstLive(watermark))
    }

    /// Remembers keys of records that went on before there was this memory, as far as they count still; repetitions are no matter.
    ///
    /// - rows: those that have a key.
    public mutating func fill(_ rows: Bitmap, hashes: [Hash128], times: KeyTimes) {
        precondition(!isListed, "a memory that is listed has its keys")
        let firstLive = buckets.firstLive(watermark)
        rows.forEach { row in
            let entry = KeyTable.Entry(hashes[row], bucket: buckets.bucket(of: times[row]))
            guard entry.bucket >= firstLive, table.insert(entry, reach: 0) else { return }
            earliest = min(earliest, entry.bucket)
        }
    }

    /// Remembers a forgotten key once more, for the batch at hand; one that counts still is remembered anyway.
    public mutating func recall(_ key: Hash128, _ time: Int64) {
        let entry = KeyTable.Entry(key, bucket: buckets.bucket(of: time))
        guard entry.bucket < buckets.firstLive(watermark), table.insert(entry, reach: 0) else { return }
        recalled.append(entry)
        earliest = min(earliest, entry.bucket)
    }

    /// Remembers the key of a record that goes on; `false`, and nothing changes, where it is a repetition.
    @inline(__always)
    public mutating func insert(_ key: Hash128, _ time: Int64) -> Bool {
        let entry = KeyTable.Entry(key, bucket: buckets.bucket(of: time))
        guard table.insert(entry, reach: buckets.reach) else { return false }
        earliest = min(earliest, entry.bucket)
        if folder != nil { fresh.append(entry) }
        return true
    }

    /// Remembers the key of a record that goes on whether it is a repetition or not.
    mutating func remember(_ key: Hash128, _ time: Int64) {
        let entry = KeyTable.Entry(key, bucket: buckets.bucket(of: time))
        guard table.insert(entry, reach: 0) else { return }
        earliest = min(earliest, entry.bucket)
        if folder != nil { fresh.append(entry) }
    }

    /// Fetches what will be looked at for a key.
    @inline(__always)
    mutating func fetch(_ key: Hash128) { table.fetch(KeyTable.Entry(key, bucket: 0)) }

    /// The rows of a batch that are repetitions, of earlier batches' rows or earlier ones of this; the others' keys are remembered.
    ///
    /// - rows: those that are looked at; the rest goes elsewhere and isn't remembered.
    public mutating func settle(_ rows: Bitmap, hashes: [Hash128], times: KeyTimes) -> Bitmap {
        precondition(hashes.count == rows.count, "a hash for each row")
        precondition(prepared == nil, "a batch that is prepared takes no more rows")
        let places = rows.first(rows.count)
        let entries: [KeyTable.Entry]
        switch times {
        case .same(let time):
            let bucket = buckets.bucket(of: time)
            entries = places.map { KeyTable.Entry(hashes[$0], bucket: bucket) }
        case .each(let times):
            precondition(times.count == rows.count, "a time for each row")
            entries = places.map { KeyTable.Entry(hashes[$0], bucket: buckets.bucket(of: times[$0])) }
        }
        var repetitions = Bitmap(repeating: false, count: rows.count)
        let isKept = folder != nil
        table.insert(entries, reach: buckets.reach) { index, isNew in
            guard isNew else {
                repetitions[places[index]] = true
                return
            }
            if isKept { fresh.append(entries[index]) }
            earliest = min(earliest, entries[index].bucket)
        }
        return repetitions
    }

    // MARK: Batches

    /// Writes the batch's new keys to a file of their own, and many small files into few, and makes them durable.
    ///
    /// The change belongs into the transaction that commits the batch. The same batch with the same keys gives the same bytes; a
    /// batch that is prepared already gives the same change.
    ///
    /// - watermark: no record before it comes any more after this batch; it never goes back.
    public mutating func prepare(batch: Int64, watermark: Int64?) throws -> KeyChange {
        // The transaction failed, and is tried again.
        if let prepared { return prepared.change }
        guard let folder else { preconditionFailure("a memory without a folder has nothing to prepare") }
        let advanced = Self.later(self.watermark, watermark)
        let firstLive = buckets.firstLive(advanced)
        guard isListed else {
            let change = KeyChange(added: try folder.write(table, batch: batch, firstLive: firstLive))
            prepared = Prepared(change: change, watermark: advanced)
            return change
        }
        var change = KeyChange(removed: files.filter { $0.lastBucket < firstLive })
        // Seldom are some of them forgotten at once, and they may be many.
        let live = fresh.contains { $0.bucket < firstLive } ? fresh.filter { $0.bucket >= firstLive } : fresh
        if !live.isEmpty { change.added.append(try folder.write(live, batch: batch)) }
        let standing = files.filter { $0.lastBucket >= firstLive }
        if let merging = KeyFolder.mergeable(standing) {
            if let merged = try folder.merge(merging, batch: batch, firstLive: firstLive) {
                change.added.append(merged)
            }
            change.removed += merging
        }
        prepared = Prepared(change: change, watermark: advanced)
        return change
    }

    /// Takes the prepared batch for committed: forgets the keys that no longer count, and removes files that are no longer listed.
    ///
    /// A file that can't be removed is left for the next time the memory is opened.
    public mutating func commit() {
        guard let prepared else { preconditionFailure("a batch is prepared before it is committed") }
        self.prepared = nil
        isListed = true
        files = files.filter { !prepared.change.removed.contains($0) } + prepared.change.added
        folder?.remove(prepared.change.removed)
        (fresh, recalled) = ([], [])
        watermark = prepared.watermark
        let firstLive = buckets.firstLive(watermark)
        if earliest < firstLive { earliest = table.sweep(before: firstLive) ?? .max }
    }

    /// Forgets the batch at hand, prepared or not: the memory is what it was after the last commit.
    public mutating func rollBack() {
        for entry in fresh + recalled { table.remove(entry) }
        (fresh, recalled) = ([], [])
        if let prepared { folder?.remove(prepared.change.added) }
        prepared = nil
    }

    private static func later(_ left: Int64?, _ right: Int64?) -> Int64? {
        guard let left, let right else { return left ?? right }
        return max(left, right)
    }
}

/// The times of a batch's rows, in microseconds since 1970-01-01T00:00:00Z.
public enum KeyTimes: Sendable {
    /// All the same, as the batch's clock.
    case same(Int64)
    case each([Int64])

    subscript(row: Int) -> Int64 {
        switch self {
        case .same(let time): time
        case .each(let times): times[row]
        }
    }
}
