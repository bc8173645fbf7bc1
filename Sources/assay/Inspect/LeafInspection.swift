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

    /// A row group each.
    var summaries: [LeafSummary] {
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

    private var values: SummarizedValues { SummarizedValues(summaries) }

    /// Behind the name: type, missing, least, greatest, packed, of, codec, encodings.
    func cells(_ repetition: Repetition) -> [String] {
        [
            Self.name(leaf.type, leaf.annotation) + InspectedParquet.suffix(repetition)
        ] + values.cells + [
            ProgressLine.bytes(packedSize), ProgressLine.bytes(unpackedSize), codecs.joined(separator: " "),
            ((isEncrypted ? ["encrypted"] : []) + encodings).joined(separator: " "),
        ]
    }

    var json: JSON {
        .object(
            [
                .init("path", .string(leaf.dottedPath)), .init("type", .string(Self.name(leaf.type, leaf.annotation))),
                .init("packed_bytes", .integer(packedSize)), .init("unpacked_bytes", .integer(unpackedSize)),
                .init("codecs", .array(codecs.map { .string($0) })),
                .init("encodings", .array(encodings.map { .string($0) })),
                .init("page_index", .boolean(hasPageIndex)), .init("bloom_filter", .boolean(hasBloomFilter)),
                .init("encrypted", .boolean(isEncrypted)),
            ] + values.members)
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
    /// As ``ShownBound`` has it.
    var shown: String { ShownBound.text(value.asText, isExact: isExact) }

    /// As text, so that no digit is lost, and whether it is a value of the column.
    var json: JSON { .object([.init("value", .string(value.asText)), .init("exact", .boolean(isExact))]) }
}
