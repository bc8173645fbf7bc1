import Tables
import Testing

@testable import Pipeline

/// How keys lie in their file.
@Suite struct KeyFileFormatTests {
    private static let kind = KeyFileFormat.Kind(KeyBuckets(within: 16_000_000), seed: 7)

    @Test(arguments: [0, 1, 2, 5_000]) func keysStandBySectionAndShardInTheirOrder(_ count: Int) {
        let entries = (0..<count).map { number in
            KeyTable.Entry(Hash128(Int128(number), seed: 7), bucket: Int32(number * 7 % 13) - 6)
        }
        let (bytes, sections) = KeyFileFormat.encode(entries, Self.kind)
        var found: [Hash128] = []
        var buckets: [Int32] = []
        let fault = bytes.withUnsafeBytes { bytes in
            KeyFileFormat.decode(bytes, Self.kind) { bucket, keys in
                buckets.append(bucket)
                found += KeyFileFormat.entries(keys, bucket).map { Hash128(high: $0.high, low: $0.low) }
            }
        }
        #expect(fault == nil)
        #expect(buckets == Set(entries.map(\.bucket)).sorted())
        #expect(sections.map(\.bucket) == buckets)
        #expect(sections.map(\.count) == buckets.map { bucket in entries.count { $0.bucket == bucket } })
        let wanted = entries.enumerated().sorted { left, right in
            (left.element.bucket, left.element.shard, left.offset)
                < (right.element.bucket, right.element.shard, right.offset)
        }
        #expect(found == wanted.map { Hash128(high: $0.element.high, low: $0.element.low) })
    }
}
