import Files
public import Parquet
public import Tables

/// Writes batches as data files of a table, one or more for each partition.
///
/// The files are durable when `finish` returns, under hidden names until each is published, and belong to no version
/// until their `add` is committed. The same batches, stem and time give the same files under the same names: a writer that
/// was killed is run again and overwrites what it left.
///
/// One thread at a time writes. Memory: row groups in the making, 256 MiB of all partitions together, beyond which the largest
/// is written out. Of more than 1,024 partitions at once the largest file is ended.
public final class DataFileWriter {
    private let table: String
    private let schema: DeltaSchema
    private let partitionColumns: [Int]
    /// Those that readers will take the partition columns' texts for.
    private let partitionTypes: [DeltaType]
    /// Where all rows are of one partition, its texts as the log has them.
    private let onlyPartition: Partition?
    private let fileColumns: [Int]
    private let indexedColumns: IndexedColumns
    private let parquetSchema: ParquetSchema
    private let options: ParquetWriterOptions
    private let stem: String
    private let time: Int64
    private var open: [Partition: UnfinishedFile] = [:]
    private var finished: [DataFile] = []
    /// Folders that got names of folders, which nobody has made durable.
    private var changedFolders: Set<String> = []
    private var fileCount = 0
    private var useCount = 0
    /// In the row groups of all open files.
    private var heldByteCount = 0
    /// Files that have a descriptor.
    private var awakeCount = 0
    private var isHandedOver = false
    let limits: Limits

    /// What a writer may hold at once.
    struct Limits {
        var partitions = 1_024
        /// Files that are open in the sense of the system; the others are opened when something is written to them.
        var descriptors = 64
        var heldBytes = 256 << 20
        var fileBytes: Int64 = 512 << 20
    }

    /// The texts of the partition columns' values, in the order of the columns, as bytes: `é` is not `e` and an accent.
    private struct Partition: Hashable {
        let bytes: [[UInt8]?]

        var texts: [String?] { bytes.map { $0.map { String(decoding: $0, as: UTF8.self) } } }
    }

    /// A writer for a version's schema and partitions.
    ///
    /// `stem` names the files, as in `part-00000-<stem>.parquet`: unique in the table, and the same when a batch is
    /// written again. `time` becomes the files' modification time: milliseconds since 1970-01-01T00:00:00Z. `properties`,
    /// where they aren't given those of the table's newest version, say which columns get statistics.
    public convenience init(
        table: DeltaTable, schema: DeltaSchema, partitionedBy columns: [String], stem: String, time: Int64,
        options: ParquetWriterOptions = ParquetWriterOptions(), properties: [String: String]? = nil
    ) throws(DeltaError) {
        try self.init(
            table: table, schema: schema, partitionedBy: columns, stem: stem, time: time, options: options,
            properties: properties, limits: Limits())
    }

    /// The same for a version that somebody has, or the draft of a table that is made when the files are committed.
    public convenience init(
        _ version: Snapshot, schema: DeltaSchema, partitionedBy columns: [String], stem: String, time: Int64,
        options: ParquetWriterOptions = ParquetWriterOptions()
    ) throws(DeltaError) {
        try self.init(
            folder: version.table, schema: schema, partitionedBy: columns, stem: stem, time: time, options: options,
            properties: version.metadata.configuration, limits: Limits(), known: version.schema)
    }

    convenience init(
        table: DeltaTable, schema: DeltaSchema, partitionedBy columns: [String], stem: String, time: Int64,
        options: ParquetWriterOptions = ParquetWriterOptions(), properties: [String: String]? = nil, limits: Limits
    ) throws(DeltaError) {
        let known: [String: String]
        if let properties { known = properties } else { known = try table.header().metadata.configuration }
        try self.init(
            folder: table.folder, schema: schema, partitionedBy: columns, stem: stem, time: time, options: options,
            properties: known, limits: limits)
    }

    /// A writer for rows that a version has and that only move to other files: values stay as they are stored, and all rows are of one
    /// partition, whose values stay as the log has them.
    ///
    /// A value that the schema, the version's own or a wider one, has no place for is an error, never rounded. `fileBytes` is how large
    /// files are to become, where that is more than usual.
    convenience init(
        moving version: Snapshot, as schema: DeltaSchema, of partition: [String: String?], stem: String, time: Int64,
        fileBytes: Int64
    ) throws(DeltaError) {
        var options = ParquetWriterOptions()
        options.invalidText = .keep
        options.inexactFloats = .refuse
        var limits = Limits()
        limits.fileBytes = max(limits.fileBytes, fileBytes)
        let columns = version.metadata.partitionColumns
        let texts = columns.map { name in (partition[name] ?? nil).map { Array($0.utf8) } }
        try self.init(
            folder: version.table, schema: schema, partitionedBy: columns, stem: stem, time: time,
            options: options, properties: version.metadata.configuration, limits: limits,
            onlyPartition: Partition(bytes: texts))
    }

    private init(
        folder: String, schema: DeltaSchema, partitionedBy columns: [String], stem: String, time: Int64,
        options: ParquetWriterOptions, properties: [String: String], limits: Limits, known: DeltaSchema? = nil,
        onlyPartition: Partition? = nil
    ) throws(DeltaError) {
        guard !stem.isEmpty, stem.utf8.allSatisfy({ Self.isPlain($0) }) else {
            throw DeltaError(
                .badArgument, "a stem of files consists of letters, digits, - and _, not \"\(stem)\"",
                place: folder)
        }
        try schema.checkWritable(place: folder)
        table = folder
        self.schema = schema
        self.onlyPartition = onlyPartition
        self.options = options
        self.stem = stem
        self.time = time
        self.limits = limits
        partitionColumns = columns.compactMap { schema.index(of: $0) }
        partitionTypes = partitionColumns.map { index in
            let field = schema.fields[index]
            guard let type = known?[field.name]?.type, !type.canWiden(to: field.type) else { return field.type }
            return type
        }
        fileColumns = schema.fields.indices.filter { [partitionColumns] index in !partitionColumns.contains(index) }
        indexedColumns = IndexedColumns(properties, fields: fileColumns.map { [schema] in schema.fields[$0] })
        do throws(ParquetError) {
            parquetSchema = try ParquetSchema(writing: fileColumns.map { [schema] in schema.fields[$0].stored })
        } catch { throw DeltaError(error.located(in: folder)) }
    }

    deinit {
        // Nobody else knows of them.
        if !isHandedOver { for file in finished { file.discard() } }
    }

    /// Whether a byte may be in a stem.
    static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
        default: false
        }
    }

    /// Appends a batch whose columns are the schema's, in order; where all rows are of one partition, those of partitions are none.
    ///
    /// Errors: `schema-mismatch` for a value that the schema can't take, with column and row, and those of the disk.
    public func append(_ batch: Batch) throws(DeltaError) {
        func column(_ index: Int) -> Column {
            let column = batch.column(index)
            // Delta has no integers without a sign: a table gets decimals for them.
            guard case .uint64 = column.values else { return column }
            return ColumnConversion.convert(column, to: schema.fields[index].type.logical) ?? column
        }
        if let partition = onlyPartition ?? (partitionColumns.isEmpty ? Partition(bytes: []) : nil) {
            return try append(fileColumns.map { column($0) }, batch.rowCount, to: partition)
        }
        let columns = schema.fields.indices.map { column($0) }
        for (partition, rows) in try rowsByPartition(columns, batch.rowCount) {
            try append(fileColumns.map { columns[$0].selecting(rows) }, rows.count, to: partition)
        }
    }

    /// Closes all files, makes them durable, and says what adds them to the table, in the order in which they were begun.
    public func finish() throws(DeltaError) -> [DataFile] {
        let partitions = Array(open.keys)
        for first in stride(from: 0, to: partitions.count, by: Self.closedAtOnce) {
            try close(partitions[first..<min(first + Self.closedAtOnce, partitions.count)])
        }
        try TableFolder.synchronize(changedFolders)
        changedFolders = []
        isHandedOver = true
        return finished.sorted { $0.add.path < $1.add.path }
    }

    /// The rows of each partition, in the order in which the partitions appear.
    private func rowsByPartition(
        _ columns: [Column], _ count: Int
    ) throws(DeltaError) -> [(partition: Partition, rows: [Int])] {
        let texts = partitionColumns.map { index in Self.texts(columns[index], schema.fields[index].type) }
        for (index, column) in partitionColumns.map({ ($0, columns[$0]) }) {
            guard column.uncomparable?.isEmpty ?? true else {
                throw DeltaError(
                    .schemaMismatch,
                    "a value of the partition column \"\(schema.fields[index].name)\" is none of its type",
                    place: table)
            }
        }
        var places: [Partition: Int] = [:]
        var groups: [(partition: Partition, rows: [Int])] = []
        for row in 0..<count {
            let partition = Partition(bytes: texts.map { $0[row] })
            if let place = places[partition] {
                groups[place].rows.append(row)
            } else {
                try check(partition)
                places[partition] = groups.count
                groups.append((partition, [row]))
            }
        }
        return groups
    }

    /// Sees that each value can be read again: a text that is none of its column's type makes the whole table unreadable.
    private func check(_ partition: Partition) throws(DeltaError) {
        for (index, (type, text)) in zip(partitionColumns, zip(partitionTypes, partition.texts))
        where !PartitionText.isPortable(text, type) {
            throw DeltaError(
                .schemaMismatch,
                "the value \"\((text ?? "").prefix(100))\" of the partition column \"\(schema.fields[index].name)\" would be no "
                    + "\(type) to readers", place: table)
        }
    }

    private static func texts(_ column: Column, _ type: DeltaType) -> [[UInt8]?] {
        (0..<column.count).map { row in PartitionText.text(column.value(at: row), type).map { Array($0.utf8) } }
    }

    private func append(_ columns: [Column], _ count: Int, to partition: Partition) throws(DeltaError) {
        let file: UnfinishedFile
        if let known = open[partition] { file = known } else { file = try begin(partition) }
        useCount += 1
        file.lastUse = useCount
        do throws(OutputError) {
            try wake(file)
            try file.writer.append(columns: columns, rowCount: count)
            recount(file)
            while heldByteCount > limits.heldBytes, let largest = open.values.max(by: { $0.holdsLess(than: $1) }) {
                try wake(largest)
                try largest.writer.endRowGroup()
                recount(largest)
            }
        } catch { throw DeltaError(writing: error) }
        if file.output.byteCount >= limits.fileBytes { try close([partition]) }
    }

    private func recount(_ file: UnfinishedFile) {
        let held = file.writer.heldByteCount
        heldByteCount += held - file.heldByteCount
        file.heldByteCount = held
    }

    /// Sees to it that a file has a descriptor, and not too many others do.
    private func wake(_ file: UnfinishedFile) throws(OutputError) {
        if !file.isAwake {
            file.isAwake = true
            awakeCount += 1
        }
        guard awakeCount > limits.descriptors else { return }
        let others = open.values.filter { $0.isAwake && $0 !== file }
        // Half of them at once, so that it isn't done for every batch.
        for other in others.sorted(by: { $0.lastUse < $1.lastUse }).prefix(max(1, others.count / 2)) {
            try other.output.park()
            other.isAwake = false
            awakeCount -= 1
        }
    }

    private func begin(_ partition: Partition) throws(DeltaError) -> UnfinishedFile {
        // The largest, so that no file is ended for having had few rows so far; some of them, which wait for the disk together.
        if open.count >= limits.partitions {
            let largest = open.sorted { $1.value.isSmaller(than: $0.value) }
            try close(largest.prefix(max(1, limits.partitions / 16)).map(\.key))
        }
        let number = String(fileCount)
        let name = "part-\(String(repeating: "0", count: max(0, 5 - number.utf8.count)))\(number)-\(stem).parquet"
        let folders = zip(partitionColumns, partition.texts).map { DataPath.folder(schema.fields[$0].name, $1) }
        let path = (folders + [name]).joined(separator: "/")
        let full = DataPath.joined(table, path)
        try TableFolder.make(
            folders.isEmpty ? table : DataPath.joined(table, folders.joined(separator: "/")),
            changing: &changedFolders)
        do throws(OutputError) {
            let output = try OutputFile(path: full, temporaryName: ".\(name).tmp")
            let file = UnfinishedFile(
                writer: try ParquetWriter(to: output, schema: parquetSchema, options: options), output: output,
                path: path, number: fileCount)
            fileCount += 1
            awakeCount += 1
            open[partition] = file
            return file
        } catch { throw DeltaError(writing: error) }
    }

    /// Files that are made durable together.
    private static let closedAtOnce = 64

    /// Ends the partitions' files, and makes them durable together.
    private func close(_ partitions: some Sequence<Partition>) throws(DeltaError) {
        var ended: [DataFile] = []
        var outputs: [EndedOutput] = []
        do throws(OutputError) {
            for partition in partitions {
                guard let file = open.removeValue(forKey: partition) else { continue }
                heldByteCount -= file.heldByteCount
                if file.isAwake { awakeCount -= 1 }
                let summary = try file.writer.finish()
                outputs.append(EndedOutput(file.output))
                ended.append(
                    DataFile(
                        add: add(file, partition, summary),
                        file: PreparedFile(path: file.output.path, temporaryPath: file.output.temporaryPath)))
            }
            try DiskWaits.forEach(outputs) { output throws(OutputError) in try output.prepare() }
        } catch {
            for file in ended { file.discard() }
            throw DeltaError(writing: error)
        }
        finished += ended
    }

    private func add(_ file: UnfinishedFile, _ partition: Partition, _ summary: ParquetFileSummary) -> AddFile {
        let names = partitionColumns.map { schema.fields[$0].name }
        return AddFile(
            path: DataPath.encoded(file.path),
            partitionValues: Dictionary(uniqueKeysWithValues: zip(names, partition.texts)), size: summary.byteCount,
            modificationTime: time, stats: StatisticsText(summary, indexedColumns).json.text())
    }
}

/// A file that nobody writes to any more, for another thread to make durable.
// @unchecked: one thread has it, and its writer has ended.
private struct EndedOutput: @unchecked Sendable {
    private let output: OutputFile

    init(_ output: OutputFile) { self.output = output }

    func prepare() throws(OutputError) { _ = try output.prepare() }
}

extension DeltaError {
    /// An error of the disk, or a value that doesn't fit.
    fileprivate init(writing error: OutputError) {
        guard error.fault == .data else {
            self.init(error)
            return
        }
        self.init(.schemaMismatch, error.message, place: error.place, hint: error.hint)
    }
}
