import Expectations
import Parquet
import Suites
import Tables

/// A folder of Parquet files, as one table.
struct InspectedFiles: Inspectable {
    let path: String
    let source: ParquetSource

    func printRows(_ count: Int) throws {
        let fields = Set(source.files.flatMap { $0.schema.fields.map(\.name) })
        let columns = source.schema.fields.indices.filter { index in
            fields.contains(source.schema.fields[index].name) && source.refusal(ofColumn: index) == nil
        }
        try FirstRows.print(source, columns: columns, count: count)
    }

    func inspection(of part: InspectionPart) -> Inspection {
        let rows = source.files.reduce(Int64(0)) { $0.addingClamped($1.rowCount) }
        let bytes = source.files.reduce(Int64(0)) { $0.addingClamped($1.byteCount) }
        let conflicts = source.schema.fields.indices.compactMap { source.refusal(ofColumn: $0) }
        return Inspection(
            kind: "parquet-files", path: path,
            members: {
                [
                    .init("bytes", .integer(bytes)), .init("rows", .integer(rows)),
                    .init("files", .array(source.files.map { Self.json($0) })),
                    .init(
                        "columns",
                        .array(
                            source.schema.fields.map { field in
                                .object([
                                    .init("name", .string(field.name)), .init("type", .string(field.type.description)),
                                    .init("nullable", .boolean(field.isNullable)),
                                ])
                            })),
                ]
            },
            headline: "\(Diagnostics.neutral(path)): \(Wording.count(source.files.count, "Parquet file")), "
                + "\(Wording.count(Int(clamping: rows), "row")), \(ProgressLine.bytes(bytes))",
            facts: conflicts.map { ("unreadable", Diagnostics.neutral("\($0.message) (\($0.place))")) },
            tables: [
                TextGrid(
                    "columns (\(Wording.count(source.schema.fields.count)))", heads: ["name", "type", ""],
                    count: source.schema.fields.count
                ) { index in
                    let field = source.schema.fields[index]
                    return [field.name, field.type.description, field.isNullable ? "" : "required"]
                },
                TextGrid(
                    "files", heads: ["name", "rows", "row groups", "bytes", "created by"],
                    numbers: ["rows", "row groups", "bytes"],
                    count: source.files.count, limit: 20
                ) { index in
                    let file = source.files[index]
                    return [
                        file.name, Wording.count(Int(clamping: file.rowCount)),
                        Wording.count(file.metadata.rowGroups.count), ProgressLine.bytes(file.byteCount),
                        file.metadata.createdBy ?? "unknown",
                    ]
                },
            ])
    }

    private static func json(_ file: ParquetFile) -> JSON {
        .object([
            .init("path", .string(file.name)), .init("bytes", .integer(file.byteCount)),
            .init("rows", .integer(file.rowCount)), .init("row_groups", .integer(file.metadata.rowGroups.count)),
            .init("created_by", file.metadata.createdBy.map { .string($0) } ?? .null),
        ])
    }
}
