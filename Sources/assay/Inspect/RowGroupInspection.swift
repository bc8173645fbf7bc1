import Expectations
import Parquet
import Suites
import Tables

/// What a footer tells of a row group.
struct RowGroupInspection {
    private let file: ParquetFile
    private let number: Int
    private let group: RowGroup

    init(_ file: ParquetFile, _ number: Int) {
        self.file = file
        self.number = number
        group = file.metadata.rowGroups[number]
    }

    var json: JSON { .object(members) }

    /// The same where there are several files.
    var jsonWithItsFile: JSON { .object([.init("file", .string(file.name))] + members) }

    private var members: [JSON.Member] {
        [
            .init("rows", .integer(group.rowCount)), .init("packed_bytes", .integer(packedSize)),
            .init("unpacked_bytes", .integer(unpackedSize)),
            .init(
                "sorted_by",
                .array(
                    (group.sortingColumns ?? []).map { column in
                        .object([
                            .init("path", .string(name(column))), .init("descending", .boolean(column.isDescending)),
                            .init("missing_first", .boolean(column.isNullsFirst)),
                        ])
                    })),
            .init("columns", .array(file.schema.leaves.map { json($0) })),
        ]
    }

    private func json(_ leaf: SchemaLeaf) -> JSON {
        let chunk = group.columns[leaf.index]
        let (metadata, summary) = (chunk.metadata, file.summary(rowGroup: number, leaf: leaf.index))
        return .object([
            .init("path", .string(leaf.dottedPath)),
            .init("offset", metadata.map { .integer($0.firstPageOffset) } ?? .null),
            .init("packed_bytes", metadata.map { .integer($0.compressedSize) } ?? .null),
            .init("unpacked_bytes", metadata.map { .integer($0.uncompressedSize) } ?? .null),
            .init("values", metadata.map { .integer($0.valueCount) } ?? .null),
            .init("codec", metadata.map { .string($0.codec.name.lowercased()) } ?? .null),
            .init("encodings", .array(encodings(metadata).map { .string($0) })),
            .init("missing", summary.nullCount.map { .integer($0) } ?? .null),
            .init("least", summary.minimum?.json ?? .null), .init("greatest", summary.maximum?.json ?? .null),
            .init("page_index", .boolean(chunk.columnIndexOffset != nil && chunk.offsetIndexOffset != nil)),
            .init("bloom_filter", .boolean(metadata?.bloomFilterOffset != nil)),
            .init("encrypted", .boolean(chunk.isEncrypted)),
        ])
    }

    /// A line for each column.
    var grid: TextGrid { grid("row group \(Wording.count(number + 1))") }

    /// The same where there are several files.
    var gridOfItsFile: TextGrid { grid("\(file.name): row group \(Wording.count(number + 1))") }

    private func grid(_ title: String) -> TextGrid {
        let order = (group.sortingColumns ?? []).map { name($0) + ($0.isDescending ? " descending" : "") }
        return TextGrid(
            Diagnostics.neutral(
                "\(title) (\(Wording.count(Int(clamping: group.rowCount), "row")), "
                    + "\(ProgressLine.bytes(packedSize)) packed, \(ProgressLine.bytes(unpackedSize)) unpacked"
                    + (order.isEmpty ? ")" : ", sorted by \(order.joined(separator: ", ")))")),
            heads: ["column", "offset", "packed", "of", "codec", "encodings", "missing", "least", "greatest", ""],
            numbers: ["offset", "packed", "of", "missing"], count: file.schema.leaves.count
        ) { cells(file.schema.leaves[$0]) }
    }

    private func cells(_ leaf: SchemaLeaf) -> [String] {
        let chunk = group.columns[leaf.index]
        let summary = file.summary(rowGroup: number, leaf: leaf.index)
        let notes = [
            (chunk.isEncrypted, "encrypted"), (chunk.columnIndexOffset != nil, "page index"),
            (chunk.metadata?.bloomFilterOffset != nil, "bloom filter"),
        ]
        return [
            leaf.dottedPath, chunk.metadata.map { String($0.firstPageOffset) } ?? "?",
            chunk.metadata.map { ProgressLine.bytes($0.compressedSize) } ?? "?",
            chunk.metadata.map { ProgressLine.bytes($0.uncompressedSize) } ?? "?",
            chunk.metadata.map { $0.codec.name.lowercased() } ?? "?",
            encodings(chunk.metadata).joined(separator: " "), summary.nullCount.map { Wording.count($0) } ?? "?",
            summary.minimum?.shown ?? "", summary.maximum?.shown ?? "",
            notes.filter(\.0).map(\.1).joined(separator: ", "),
        ]
    }

    private func encodings(_ metadata: ColumnMetadata?) -> [String] {
        Set((metadata?.encodings ?? []).map { $0.name.lowercased() }).sorted()
    }

    private func name(_ column: SortingColumn) -> String {
        let index = Int(column.column)
        return file.schema.leaves.indices.contains(index) ? file.schema.leaves[index].dottedPath : "column \(index)"
    }

    private var packedSize: Int64 { group.columns.reduce(0) { $0 &+ max(0, $1.metadata?.compressedSize ?? 0) } }
    private var unpackedSize: Int64 { group.columns.reduce(0) { $0 &+ max(0, $1.metadata?.uncompressedSize ?? 0) } }
}
