import Expectations
import Parquet
import Suites
import Tables

/// A folder of Parquet files, or those of a pattern, as one table.
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

    private var rowCount: Int64 { source.files.reduce(0) { $0.addingClamped($1.rowCount) } }

    private var byteCount: Int64 { source.files.reduce(0) { $0.addingClamped($1.byteCount) } }

    private var headline: String {
        "\(Diagnostics.neutral(path)): \(Wording.count(source.files.count, "Parquet file")), "
            + "\(Wording.count(Int(clamping: rowCount), "row")), \(ProgressLine.bytes(byteCount))"
    }

    /// What the footers tell of the columns' values, by the schema's index.
    private var values: [SummarizedValues] {
        let leaves = source.files.map { file in
            Dictionary(
                file.schema.leaves.filter { $0.maximumRepetitionLevel == 0 }.map { ($0.dottedPath, $0) }
            ) { first, _ in first }
        }
        return source.schema.fields.map { field in
            var summaries: [LeafSummary] = []
            var absent: Int64 = 0
            for (file, leaves) in zip(source.files, leaves) {
                if let leaf = leaves[field.name] {
                    summaries += LeafInspection(file, leaf).summaries
                } else if file.schema.fields.contains(where: { $0.name == field.name }) {
                    // Of values that consist of several nobody keeps a summary.
                    return .unknown
                } else {
                    absent = absent.addingClamped(file.rowCount)
                }
            }
            return SummarizedValues(summaries, absent: absent)
        }
    }

    private var rowGroups: Inspection {
        let groups = source.files.flatMap { file in
            file.metadata.rowGroups.indices.map { RowGroupInspection(file, $0) }
        }
        return Inspection(
            kind: "parquet-files", path: path,
            members: { [.init("row_groups", .array(groups.map(\.jsonWithItsFile)))] }, headline: headline, facts: [],
            tables: groups.map(\.gridOfItsFile))
    }

    func inspection(of part: InspectionPart) -> Inspection {
        if part == .rowGroups { return rowGroups }
        let values = values
        let conflicts = source.schema.fields.indices.compactMap { source.refusal(ofColumn: $0) }
        return Inspection(
            kind: "parquet-files", path: path,
            members: {
                [
                    .init("bytes", .integer(byteCount)), .init("rows", .integer(rowCount)),
                    .init("files", .array(source.files.map { Self.json($0) })),
                    .init(
                        "columns",
                        .array(
                            zip(source.schema.fields, values).map { field, values in
                                .object(
                                    [
                                        .init("name", .string(field.name)),
                                        .init("type", .string(field.type.description)),
                                        .init("nullable", .boolean(field.isNullable)),
                                    ] + values.members)
                            })),
                ]
            },
            headline: headline,
            facts: conflicts.map { ("unreadable", Diagnostics.neutral("\($0.message) (\($0.place))")) },
            tables: [
                TextGrid(
                    "columns (\(Wording.count(source.schema.fields.count)))",
                    heads: ["name", "type", "missing", "least", "greatest", ""], numbers: ["missing"],
                    count: source.schema.fields.count
                ) { index in
                    let field = source.schema.fields[index]
                    return [field.name, field.type.description] + values[index].cells
                        + [field.isNullable ? "" : "required"]
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
