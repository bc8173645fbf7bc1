import Expectations
import Parquet
import Tables

/// What a footer tells of a column, over all row groups.
struct LeafInspection {
    private let file: ParquetFile
    let leaf: SchemaLeaf

    /// Nothing is looked at before it is asked for.
    init(_ file: ParquetFile, _ leaf: SchemaLeaf) {
        self.file = file
        self.leaf = leaf
    }

    private var chunks: [ColumnChunk] { file.metadata.rowGroups.map { $0.columns[leaf.index] } }

    private var summaries: [LeafSummary] {
        file.metadata.rowGroups.indices.map { file.summary(rowGroup: $0, leaf: leaf.index) }
    }

    var packedSize: Int64 { chunks.reduce(0) { $0 &+ max(0, $1.metadata?.compressedSize ?? 0) } }

    var unpackedSize: Int64 { chunks.reduce(0) { $0 &+ max(0, $1.metadata?.uncompressedSize ?? 0) } }

    var hasPageIndex: Bool {
        let chunks = chunks
        return !chunks.isEmpty && chunks.allSatisfy { $0.columnIndexOffset != nil && $0.offsetIndexOffset != nil }
    }

    private var codecs: [String] { Set(chunks.compactMap { $0.metadata?.codec.name.lowercased() }).sorted() }

    private var encodings: [String] {
        Set(chunks.flatMap { $0.metadata?.encodings ?? [] }.map { $0.name.lowercased() }).sorted()
    }

    private var hasBloomFilter: Bool { chunks.contains { $0.metadata?.bloomFilterOffset != nil } }

    private var isEncrypted: Bool { chunks.contains(where: \.isEncrypted) }

    private var missing: Int64? {
        summaries.reduce(Optional(0)) { total, summary in
            guard let total, let count = summary.nullCount else { return nil }
            return total &+ count
        }
    }

    private var least: LeafSummary.Bound? { Self.bound(summaries, \.minimum) { Self.isLess($0, $1) } }

    private var greatest: LeafSummary.Bound? { Self.bound(summaries, \.maximum) { Self.isLess($1, $0) } }

    /// The outermost bound; `nil` where a row group with values has none.
    private static func bound(
        _ summaries: [LeafSummary], _ bound: (LeafSummary) -> LeafSummary.Bound?,
        _ isFarther: (ParquetValue, ParquetValue) -> Bool?
    ) -> LeafSummary.Bound? {
        var farthest: LeafSummary.Bound?
        for summary in summaries where summary.slotCount != summary.nullCount {
            guard let next = bound(summary) else { return nil }
            guard let known = farthest else {
                farthest = next
                continue
            }
            guard let isNextFarther = isFarther(next.value, known.value) else { return nil }
            if isNextFarther { farthest = next }
        }
        return farthest
    }

    /// `nil` for values whose order isn't known here.
    private static func isLess(_ left: ParquetValue, _ right: ParquetValue) -> Bool? {
        switch (left, right) {
        case (.boolean(let left), .boolean(let right)): !left && right
        case (.int64(let left), .int64(let right)): left < right
        case (.uint64(let left), .uint64(let right)): left < right
        case (.float(let left), .float(let right)): left < right
        case (.double(let left), .double(let right)): left < right
        case (.decimal(let left, let scale), .decimal(let right, let other)) where scale == other: left < right
        case (.text(let left), .text(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
        case (.binary(let left), .binary(let right)): left.lexicographicallyPrecedes(right)
        case (.date(let left), .date(let right)): left < right
        case (.time(let left, let unit, _), .time(let right, let other, _)) where unit == other: left < right
        case (.timestamp(let left, let unit, _), .timestamp(let right, let other, _)) where unit == other: left < right
        default: nil
        }
    }

    /// Behind the name: type, missing, least, greatest, packed, of, codec, encodings.
    func cells(_ repetition: Repetition) -> [String] {
        [
            Self.name(leaf.type, leaf.annotation) + InspectedParquet.suffix(repetition),
            missing.map { Wording.count(Int($0)) } ?? "?", least?.shown ?? "", greatest?.shown ?? "",
            ProgressLine.bytes(packedSize), ProgressLine.bytes(unpackedSize), codecs.joined(separator: " "),
            ((isEncrypted ? ["encrypted"] : []) + encodings).joined(separator: " "),
        ]
    }

    var json: JSON {
        .object([
            .init("path", .string(leaf.dottedPath)), .init("type", .string(Self.name(leaf.type, leaf.annotation))),
            .init("packed_bytes", .integer(packedSize)), .init("unpacked_bytes", .integer(unpackedSize)),
            .init("codecs", .array(codecs.map { .string($0) })),
            .init("encodings", .array(encodings.map { .string($0) })),
            .init("page_index", .boolean(hasPageIndex)), .init("bloom_filter", .boolean(hasBloomFilter)),
            .init("encrypted", .boolean(isEncrypted)), .init("missing", missing.map { .integer($0) } ?? .null),
            .init("least", least?.json ?? .null), .init("greatest", greatest?.json ?? .null),
        ])
    }

    /// As in `decimal(12,2)`, `timestamp[us, UTC]`, `int32`.
    static func name(_ type: PhysicalType, _ annotation: Annotation?) -> String {
        switch annotation {
        case .string: "string"
        case .enum: "enum"
        case .json: "json"
        case .bson: "bson"
        case .uuid: "uuid"
        case .date: "date"
        case .float16: "float16"
        case .interval: "interval"
        case .unknown: "null"
        case .decimal(let precision, let scale): "decimal(\(precision),\(scale))"
        case .integer(let bitWidth, let isSigned): "\(isSigned ? "" : "u")int\(bitWidth)"
        case .time(let unit, let isUTC): "time[\(name(unit))\(isUTC ? ", UTC" : "")]"
        case .timestamp(let unit, let isUTC): "timestamp[\(name(unit))\(isUTC ? ", UTC" : "")]"
        default: type.name.lowercased()
        }
    }

    private static func name(_ unit: TimeUnit) -> String {
        switch unit {
        case .milliseconds: "ms"
        case .microseconds: "us"
        case .nanoseconds: "ns"
        }
    }
}

extension LeafSummary.Bound {
    /// Behind a `~` where it may be no value of the column.
    var shown: String { (isExact ? "" : "~ ") + value.asText }

    /// As text, so that no digit is lost, and whether it is a value of the column.
    var json: JSON { .object([.init("value", .string(value.asText)), .init("exact", .boolean(isExact))]) }
}
