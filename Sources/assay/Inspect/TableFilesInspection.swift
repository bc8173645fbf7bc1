import Delta
import Expectations
import Suites
import Tables

/// What the log tells of a version's data files.
struct TableFilesInspection {
    private let snapshot: Snapshot

    init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    /// How large files are.
    struct Sizes {
        let smallest: Int64
        /// Of an even number of files the lower of the two in the middle.
        let median: Int64
        let largest: Int64

        var text: String {
            "smallest \(ProgressLine.bytes(smallest)), median \(ProgressLine.bytes(median)), "
                + "largest \(ProgressLine.bytes(largest))"
        }
    }

    /// `nil` of a table without files.
    var sizes: Sizes? {
        let sizes = snapshot.files.map(\.size).sorted()
        guard let first = sizes.first, let last = sizes.last else { return nil }
        return Sizes(smallest: first, median: sizes[(sizes.count - 1) / 2], largest: last)
    }

    /// A line for each file.
    var grid: TextGrid {
        let isParted = !snapshot.metadata.partitionColumns.isEmpty
        return TextGrid(
            "files (\(Wording.count(snapshot.files.count)))",
            heads: ["name", "rows", "deleted", "bytes"] + (isParted ? ["partition"] : []),
            numbers: ["rows", "deleted", "bytes"], count: snapshot.files.count
        ) { index in
            let file = snapshot.files[index]
            return [
                file.path, file.rowCount.map { Wording.count($0) } ?? "?",
                file.deletionVector.map { Wording.count($0.cardinality) } ?? "", ProgressLine.bytes(file.size),
            ] + (isParted ? [Self.text(snapshot.partitionValues(of: file))] : [])
        }
    }

    /// With what the log says of the values of each file.
    var json: JSON.Member {
        .init(
            "data_files",
            .array(
                snapshot.files.map { file in
                    let statistics = snapshot.statistics(of: file)
                    return .object([
                        .init("path", .string(file.path)),
                        .init("rows", file.rowCount.map { .integer($0) } ?? .null),
                        .init("deleted_rows", .integer(file.deletionVector?.cardinality ?? 0)),
                        .init("bytes", .integer(file.size)),
                        .init("partition", Self.json(snapshot.partitionValues(of: file))),
                        .init(
                            "columns",
                            .array(
                                snapshot.schema.fields.map { field in
                                    let known = statistics?.columns[ColumnName(field.name)]
                                    return .object([.init("name", .string(field.name))] + known.jsonMembers)
                                })),
                    ])
                }))
    }

    /// As in `day=2026-11-01 ok=`, where nothing stands for a missing value.
    static func text(_ values: [(column: String, text: String?)]) -> String {
        values.map { "\($0.column)=\($0.text ?? "")" }.joined(separator: " ")
    }

    static func json(_ values: [(column: String, text: String?)]) -> JSON {
        .object(values.map { .init($0.column, $0.text.map { .string($0) } ?? .null) })
    }
}

extension Optional<TableFilesInspection.Sizes> {
    var json: JSON.Member {
        .init(
            "file_sizes",
            map { sizes in
                .object([
                    .init("smallest", .integer(sizes.smallest)), .init("median", .integer(sizes.median)),
                    .init("largest", .integer(sizes.largest)),
                ])
            } ?? .null)
    }
}

extension FileStatistics.Column {
    /// A bound, as ``ShownBound`` has it; nothing where there is none.
    func shown(_ bound: (FileStatistics.Column) -> Value?) -> String {
        bound(self).map { ShownBound.text($0.description, isExact: isExact) } ?? ""
    }

    fileprivate func json(_ bound: Value?) -> JSON {
        bound.map { .object([.init("value", .string($0.description)), .init("exact", .boolean(isExact))]) } ?? .null
    }
}

extension Optional<FileStatistics.Column> {
    /// As of the columns of a Parquet file.
    var jsonMembers: [JSON.Member] {
        [
            .init("missing", self?.missing.map { .integer($0) } ?? .null),
            .init("least", self.map { $0.json($0.least) } ?? .null),
            .init("greatest", self.map { $0.json($0.greatest) } ?? .null),
        ]
    }
}
