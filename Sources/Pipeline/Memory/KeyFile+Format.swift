import Files
import Tables

/// How keys lie in a file, all numbers in little-endian order.
///
///     0   8  "ASSAYKEY"
///     8   4  version, 1
///     12  4  number of sections
///     16  8  width of a time bucket in microseconds, 0 without
///     24  8  fingerprint of the hashes' seed
///     32     per section, ascending: bucket (4), 0 (4), number of keys (8), CRC-32 of them (4), 0 (4)
///         4  CRC-32 of everything before
///         4  0
///            per section its keys, 16 bytes each: high half, low half; those of a shard together, shards ascending
enum KeyFileFormat {
    static let magic: [UInt8] = Array("ASSAYKEY".utf8)
    static let version: UInt32 = 1
    static let headLength = 32
    static let sectionLength = 24
    static let keyLength = 16

    struct Section: Sendable, Equatable {
        let bucket: Int32
        let count: Int
    }

    /// What the keys of a file are good for: none but hashes of the same seed, in buckets of the same width.
    struct Kind: Sendable, Equatable {
        let width: Int64
        let seedFingerprint: UInt64

        init(_ buckets: KeyBuckets, seed: UInt64) {
            width = buckets.width ?? 0
            seedFingerprint = Hash128("seed of keys", seed: seed).high
        }
    }

    /// The bytes of a file with these keys, in an order that depends on nothing but their order.
    ///
    /// Takes four bytes a key besides the file's own.
    static func encode(_ entries: [KeyTable.Entry], _ kind: Kind) -> (bytes: [UInt8], sections: [Section]) {
        let counts = entries.reduce(into: [Int32: Int]()) { $0[$1.bucket, default: 0] += 1 }
        let sections = counts.sorted { $0.key < $1.key }.map { Section(bucket: $0.key, count: $0.value) }
        let byShard = sortedByShard(entries)
        let start = headLength + sections.count * sectionLength + 8
        let bytes = [UInt8](unsafeUninitializedCapacity: start + entries.count * keyLength) { bytes, initialized in
            let keys = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(bytes)[start...])
            place(byShard, of: entries, sections, into: keys)
            UnsafeMutableRawBufferPointer(bytes).copyBytes(from: head(sections, UnsafeRawBufferPointer(keys), kind))
            initialized = bytes.count
        }
        return (bytes, sections)
    }

    /// The numbers of keys by their shards, those of one in their order.
    private static func sortedByShard(_ entries: [KeyTable.Entry]) -> [UInt32] {
        var ends = [Int](repeating: 0, count: KeyTable.shardCount + 1)
        for entry in entries { ends[entry.shard + 1] += 1 }
        for shard in 1...KeyTable.shardCount { ends[shard] += ends[shard - 1] }
        return [UInt32](unsafeUninitializedCapacity: entries.count) { sorted, initialized in
            for (number, entry) in entries.enumerated() {
                sorted.initializeElement(at: ends[entry.shard], to: UInt32(number))
                ends[entry.shard] += 1
            }
            initialized = entries.count
        }
    }

    /// Writes keys, in the order of their numbers, to the ends of their sections.
    private static func place(
        _ numbers: [UInt32], of entries: [KeyTable.Entry], _ sections: [Section],
        into keys: UnsafeMutableRawBufferPointer
    ) {
        var ends: [Int] = []
        var end = 0
        for section in sections {
            ends.append(end)
            end += section.count
        }
        let places = Dictionary(uniqueKeysWithValues: zip(sections.map(\.bucket), sections.indices))
        var last: (bucket: Int32, place: Int) = (KeyBuckets.none, 0)
        for number in numbers {
            let entry = entries[Int(number)]
            if entry.bucket != last.bucket { last = (entry.bucket, places[entry.bucket] ?? 0) }
            let start = ends[last.place] * keyLength
            keys.storeBytes(of: entry.high.littleEndian, toByteOffset: start, as: UInt64.self)
            keys.storeBytes(of: entry.low.littleEndian, toByteOffset: start + 8, as: UInt64.self)
            ends[last.place] += 1
        }
    }

    private static func head(_ sections: [Section], _ keys: UnsafeRawBufferPointer, _ kind: Kind) -> [UInt8] {
        var head = ByteWriter(capacity: headLength + sections.count * sectionLength + 8)
        head.append(magic)
        head.append(version)
        head.append(UInt32(sections.count))
        head.append(kind.width)
        head.append(kind.seedFingerprint)
        var start = 0
        for section in sections {
            let end = start + section.count * keyLength
            head.append(section.bucket)
            head.append(UInt32(0))
            head.append(UInt64(section.count))
            head.append(crc32(of: UnsafeRawBufferPointer(rebasing: keys[start..<end])))
            head.append(UInt32(0))
            start = end
        }
        head.append(head.bytes.withUnsafeBytes { crc32(of: $0) })
        head.append(UInt32(0))
        return head.bytes
    }

    /// The keys of a piece of a section.
    static func entries(_ keys: UnsafeRawBufferPointer, _ bucket: Int32) -> [KeyTable.Entry] {
        let count = keys.count / keyLength
        return [KeyTable.Entry](unsafeUninitializedCapacity: count) { entries, initialized in
            for index in 0..<count {
                let start = index &* keyLength
                let high = UInt64(littleEndian: keys.loadUnaligned(fromByteOffset: start, as: UInt64.self))
                let low = UInt64(littleEndian: keys.loadUnaligned(fromByteOffset: start &+ 8, as: UInt64.self))
                entries.initializeElement(at: index, to: KeyTable.Entry(Hash128(high: high, low: low), bucket: bucket))
            }
            initialized = count
        }
    }

    /// Calls `body` with each section's bucket and keys; `nil`, or what is wrong with the file.
    ///
    /// Nothing of the file is used before its check sum was.
    static func decode(
        _ bytes: UnsafeRawBufferPointer, _ kind: Kind, _ body: (Int32, UnsafeRawBufferPointer) -> Void
    ) -> String? {
        var reader = ByteReader(bytes)
        guard let found = reader.bytes(magic.count), found.elementsEqual(magic) else { return "it is no file of keys" }
        guard let version: UInt32 = reader.integer(), let sectionCount: UInt32 = reader.integer(),
            let width: Int64 = reader.integer(), let seed: UInt64 = reader.integer()
        else {
            return "it ends within its head"
        }
        guard version == Self.version else {
            return "it is of version \(version), and only \(Self.version) is understood"
        }
        let headEnd = headLength + Int(sectionCount) * sectionLength
        guard headEnd + 8 <= bytes.count else { return "it ends within its head" }
        var check = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[headEnd...]))
        guard let sum: UInt32 = check.integer(),
            sum == crc32(of: UnsafeRawBufferPointer(rebasing: bytes[..<headEnd]))
        else {
            return "its head doesn't fit its check sum"
        }
        guard width == kind.width else {
            return "its time buckets are \(width) µs wide, and \(kind.width) µs are wanted"
        }
        guard seed == kind.seedFingerprint else { return "its keys are hashes of another seed" }
        var start = headEnd + 8
        var last: Int32?
        for _ in 0..<sectionCount {
            guard let bucket: Int32 = reader.integer(), let _: UInt32 = reader.integer(),
                let count: UInt64 = reader.integer(),
                let sum: UInt32 = reader.integer(), let _: UInt32 = reader.integer()
            else {
                return "it ends within its head"
            }
            guard last.map({ $0 < bucket }) ?? (bucket != KeyBuckets.none) else {
                return "its sections are out of order"
            }
            last = bucket
            guard count <= UInt64((bytes.count - start) / keyLength) else { return "it ends within its keys" }
            let end = start + Int(count) * keyLength
            let keys = UnsafeRawBufferPointer(rebasing: bytes[start..<end])
            guard sum == crc32(of: keys) else { return "its keys don't fit their check sum" }
            body(bucket, keys)
            start = end
        }
        return start == bytes.count ? nil : "it has more bytes than it should"
    }
}
