import Delta
import Expectations
import Suites
import Tables

/// A version of a Delta table.
struct InspectedTable: Inspectable {
    let snapshot: Snapshot

    private static let shownCommits = 5

    func printRows(_ count: Int) throws {
        let source = try DeltaSource(snapshot)
        let columns = snapshot.schema.fields.compactMap { source.schema.index(of: $0.name) }
            .filter { source.refusal(ofColumn: $0) == nil }
        let local = snapshot.schema.fields.filter { $0.type == .timestampNtz }
            .compactMap { source.schema.index(of: $0.name) }
        try FirstRows.print(source, columns: columns, local: Set(local), count: count)
    }

    func inspection(of part: InspectionPart) throws -> Inspection {
        let files = TableFilesInspection(snapshot)
        if part == .rowGroups {
            return Inspection(
                kind: "delta", path: snapshot.table, members: { [files.json] }, headline: headline, facts: [],
                tables: [files.grid])
        }
        let isHistoryOnly = part == .history
        let commits = try DeltaTable(snapshot.table)
            .history(through: snapshot.version, limit: isHistoryOnly ? .max : Self.shownCommits)
        if isHistoryOnly {
            return Inspection(
                kind: "delta", path: snapshot.table, members: { [history(commits)] }, headline: headline, facts: [],
                tables: [grid(commits, true)])
        }
        let (values, partitions) = (snapshot.statistics.columns, snapshot.partitions)
        let isParted = !snapshot.metadata.partitionColumns.isEmpty
        return Inspection(
            kind: "delta", path: snapshot.table,
            members: {
                members + [files.sizes.json, columns(values)] + (isParted ? [Self.json(partitions)] : [])
                    + [history(commits)]
            }, headline: headline, facts: facts(files),
            tables: [grid(values)] + (isParted ? [Self.grid(partitions)] : []) + [grid(commits, false)])
    }

    private var headline: String {
        "\(Diagnostics.neutral(snapshot.table)): Delta table, version \(snapshot.version) of \(time(snapshot.timestamp))"
    }

    private func time(_ milliseconds: Int64) -> String {
        let (product, isOverflow) = milliseconds.multipliedReportingOverflow(by: 1_000)
        return CivilTime.format(microseconds: isOverflow ? 0 : product)
    }

    private var deletedRows: Int64 {
        snapshot.files.reduce(0) { $0.addingReportingOverflow($1.deletionVector?.cardinality ?? 0).partialValue }
    }

    private func facts(_ files: TableFilesInspection) -> [(name: String, value: String)] {
        let rows = snapshot.rowCount.map { ", \(Wording.count($0, "row"))" } ?? ""
        let deleted = deletedRows > 0 ? ", \(Wording.count(Int(deletedRows))) more deleted by vectors" : ""
        let size = ProgressLine.bytes(Double(snapshot.byteCount))
        let version = snapshot.protocol
        let names = version.features
        var facts = [
            ("holds", "\(Wording.count(snapshot.files.count, "file")), \(size)\(rows)\(deleted)")
        ]
        if let sizes = files.sizes, snapshot.files.count > 1 { facts.append(("file sizes", sizes.text)) }
        facts += [
            (
                "protocol",
                "reader \(version.minReaderVersion), writer \(version.minWriterVersion)"
                    + (names.isEmpty ? "" : ", " + Diagnostics.neutral(names.joined(separator: " ")))
            ),
            ("writes", snapshot.writingRefusal.map { Diagnostics.neutral($0.message) } ?? "possible"),
        ]
        let partitions = snapshot.metadata.partitionColumns
        if !partitions.isEmpty { facts.append(("partitions", Diagnostics.neutral(partitions.joined(separator: ", ")))) }
        for (key, value) in snapshot.metadata.configuration.sorted(by: { $0.key < $1.key }) {
            facts.append(("property", Diagnostics.neutral("\(key) = \(value)")))
        }
        for removal in snapshot.repeatedRemovals {
            facts.append(("doubtful", "version \(removal.version) \(removal.doubt)"))
        }
        for transaction in snapshot.transactions.values.sorted(by: { $0.appID < $1.appID }) {
            facts.append(("batches", Diagnostics.neutral("\(transaction.appID): through \(transaction.version)")))
        }
        return facts
    }

    /// The columns, with what the log says of their values.
    private func grid(_ values: [ColumnName: FileStatistics.Column]) -> TextGrid {
        TextGrid(
            "columns (\(Wording.count(snapshot.schema.fields.count)))",
            heads: ["name", "type", "missing", "least", "greatest", ""], numbers: ["missing"],
            count: snapshot.schema.fields.count
        ) { index in
            let field = snapshot.schema.fields[index]
            let notes =
                (field.isNullable ? [] : ["required"])
                + (snapshot.metadata.partitionColumns.contains(field.name) ? ["partition"] : [])
            let known = values[ColumnName(field.name)]
            return [
                field.name, field.type.description, known?.missing.map { Wording.count($0) } ?? "?",
                known?.shown(\.least) ?? "", known?.shown(\.greatest) ?? "", notes.joined(separator: ", "),
            ]
        }
    }

    private func columns(_ values: [ColumnName: FileStatistics.Column]) -> JSON.Member {
        .init(
            "columns",
            .array(
                snapshot.schema.fields.map { field in
                    .object([.init("name", .string(field.name))] + (values[ColumnName(field.name)].jsonMembers))
                }))
    }

    private static func grid(_ partitions: [TablePartition]) -> TextGrid {
        TextGrid(
            "partitions (\(Wording.count(partitions.count)))", heads: ["values", "files", "rows", "bytes"],
            numbers: ["files", "rows", "bytes"], count: partitions.count, limit: 10
        ) { index in
            let partition = partitions[index]
            return [
                TableFilesInspection.text(partition.values), Wording.count(partition.fileCount),
                partition.rowCount.map { Wording.count($0) } ?? "?", ProgressLine.bytes(partition.byteCount),
            ]
        }
    }

    private static func json(_ partitions: [TablePartition]) -> JSON.Member {
        .init(
            "partitions",
            .array(
                partitions.map { partition in
                    .object([
                        .init("values", TableFilesInspection.json(partition.values)),
                        .init("files", .integer(partition.fileCount)),
                        .init("rows", partition.rowCount.map { .integer($0) } ?? .null),
                        .init("bytes", .integer(partition.byteCount)),
                    ])
                }))
    }

    private func grid(_ commits: [HistoryEntry], _ isWhole: Bool) -> TextGrid {
        let isCut = !isWhole && (commits.last?.version ?? 0) > 0
        return TextGrid(
            "history", heads: ["version", "committed", "operation", "files", "rows", "bytes", "by", ""],
            numbers: ["version", "rows", "bytes"],
            rows: commits.map { entry in
                [
                    String(entry.version), time(entry.timestamp), entry.operation ?? "?",
                    "+\(entry.addedFiles)" + (entry.removedFiles > 0 ? " −\(entry.removedFiles)" : ""),
                    entry.addedRows.map { "+\(Wording.count($0))" } ?? "?",
                    ProgressLine.bytes(Double(entry.addedBytes)),
                    entry.engine ?? "",
                    entry.repeatedRemovals > 0 ? "removes \(Wording.count(entry.repeatedRemovals)) again" : "",
                ]
            }, rest: isCut ? "and earlier ones: --history" : nil)
    }

    private var members: [JSON.Member] {
        let version = snapshot.protocol
        return [
            .init("table_version", .integer(snapshot.version)),
            .init("committed_at", .string(time(snapshot.timestamp))), .init("files", .integer(snapshot.files.count)),
            .init("bytes", .integer(snapshot.byteCount)),
            .init("rows", snapshot.rowCount.map { .integer($0) } ?? .null),
            .init("deleted_rows", .integer(deletedRows)),
            .init(
                "protocol",
                .object([
                    .init("min_reader_version", .integer(version.minReaderVersion)),
                    .init("min_writer_version", .integer(version.minWriterVersion)),
                    .init("features", .array(version.features.map { .string($0) })),
                ])),
            .init(
                "repeated_removals",
                .array(
                    snapshot.repeatedRemovals.map {
                        .object([.init("version", .integer($0.version)), .init("files", .integer($0.fileCount))])
                    })),
            .init("writable", .boolean(snapshot.writingRefusal == nil)),
            .init("partition_columns", .array(snapshot.metadata.partitionColumns.map { .string($0) })),
            .init(
                "properties",
                .object(
                    snapshot.metadata.configuration.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })
            ),
            .init("schema", snapshot.schema.json),
        ]
    }

    private func history(_ commits: [HistoryEntry]) -> JSON.Member {
        .init(
            "history",
            .array(
                commits.map { entry in
                    .object([
                        .init("version", .integer(entry.version)),
                        .init("committed_at", .string(time(entry.timestamp))),
                        .init("stated_at", .string(time(entry.statedTime))),
                        .init("operation", entry.operation.map { .string($0) } ?? .null),
                        .init("engine", entry.engine.map { .string($0) } ?? .null),
                        .init("added_files", .integer(entry.addedFiles)),
                        .init("removed_files", .integer(entry.removedFiles)),
                        .init("repeated_removals", .integer(entry.repeatedRemovals)),
                        .init("added_rows", entry.addedRows.map { .integer($0) } ?? .null),
                        .init("brings_data", .boolean(entry.bringsData)),
                        .init("new_rows", entry.newRows.map { .integer($0) } ?? .null),
                        .init("added_bytes", .integer(entry.addedBytes)),
                        .init("changes_schema", .boolean(entry.changesMetadata)),
                    ])
                }))
    }
}

extension RepeatedRemoval {
    /// Behind the version's name.
    fileprivate var doubt: String {
        "removed \(Wording.count(fileCount, "file")) that earlier versions had removed, and added others: their rows may be there "
            + "twice"
    }
}
