public import Tables

/// One version of a Delta table as batches.
///
/// The columns are the table's; a file that lacks one, because the column was added later, has no values in it. Partition
/// columns have the value of their file in every row. Rows that a deletion vector names are left out.
public struct DeltaSource: BatchSource {
    public let snapshot: Snapshot
    public let schema: Schema
    public let partitions: [Partition]
    public var typeOrigins: [TypeOrigin] { schema.fields.map { _ in .stored } }
    /// Of what is compared with the table's times; those are as they are stored.
    public var timeZone = ZoneRule.utc
    let columns: DeltaColumns
    let files: [TableFile]
    /// By file, the ordinal of its first batch; at the end the number of all batches.
    let firstOrdinals: [Int]

    /// More files than these are not held open at once.
    private static let openFileLimit = 200

    /// Puts a version of a table together and opens its files.
    public init(table folder: String, _ version: DeltaTable.VersionChoice = .latest) throws(SourceError) {
        let snapshot: Snapshot
        do throws(DeltaError) { snapshot = try DeltaTable(folder).snapshot(version) } catch {
            throw SourceError(error)
        }
        try self.init(snapshot)
    }

    /// Opens every file of the version and reads its footer.
    public init(_ snapshot: Snapshot) throws(SourceError) { try self.init(snapshot, mayStayClosed: false) }

    /// Opens no file of which the log says how many rows it has: their values can't be read before somebody asks for
    /// `opening(_:)`.
    public init(deferring snapshot: Snapshot) throws(SourceError) { try self.init(snapshot, mayStayClosed: true) }

    /// The same version with some more files open.
    init(_ source: DeltaSource, opening numbers: Set<Int>) throws(SourceError) {
        let (snapshot, columns) = (source.snapshot, source.columns)
        var files = source.files
        do throws(DeltaError) {
            for number in numbers.sorted() {
                files[number] = try Self.file(snapshot.files[number], of: snapshot, columns, mayStayClosed: false)
            }
        } catch { throw SourceError(error) }
        self.init(snapshot, columns, files)
        timeZone = source.timeZone
    }

    /// Opens every file, or with `mayStayClosed` those of which the log says too little.
    private init(_ snapshot: Snapshot, mayStayClosed: Bool) throws(SourceError) {
        let columns: DeltaColumns
        var files: [TableFile] = []
        do throws(DeltaError) {
            columns = try DeltaColumns(snapshot)
            for add in snapshot.files {
                files.append(try Self.file(add, of: snapshot, columns, mayStayClosed: mayStayClosed))
            }
        } catch { throw SourceError(error) }
        self.init(snapshot, columns, files)
    }

    private static func file(
        _ add: AddFile, of snapshot: Snapshot, _ columns: DeltaColumns, mayStayClosed: Bool
    ) throws(DeltaError) -> TableFile {
        try TableFile(
            add, of: snapshot, columns, staysOpen: snapshot.files.count <= openFileLimit, mayStayClosed: mayStayClosed)
    }

    private init(_ snapshot: Snapshot, _ columns: DeltaColumns, _ files: [TableFile]) {
        self.snapshot = snapshot
        self.columns = columns
        self.files = files
        schema = columns.schema
        var ordinals = [0]
        for file in files { ordinals.append((ordinals.last ?? 0) + file.batchCount) }
        firstOrdinals = ordinals
        let time = snapshot.timestamp.microsecondsFromMilliseconds
        partitions = files.map {
            Partition(name: DataPath.decoded($0.add.path), byteCount: $0.byteCount, modified: time)
        }
    }

    public func open(_ projection: Projection, ordinals: Set<Int>?) throws(SourceError) -> any BatchReader {
        try checkColumns(of: projection)
        return DeltaReader(self, projection, ordinals: ordinals)
    }

    /// Columns of types that are not read here leave the others as they are.
    public func refusal(ofColumn column: Int) -> SourceError? {
        columns.columns[column].foreignType.map { type in
            SourceError(
                DeltaError(
                    .unsupportedFeature,
                    "the column \"\(schema.fields[column].name)\" has the type \(type), which is not read here",
                    place: snapshot.table))
        }
    }

    /// Of the files that are held: others are opened anew, and compared with the log, whenever somebody reads.
    public func checkUnchanged() throws(SourceError) {
        for file in files { try file.source?.checkUnchanged() }
    }

    /// Batches of the whole version; their ordinals are those below.
    public var batchCount: Int { firstOrdinals.last ?? 0 }

    public func retyping(_ types: [Int: LogicalType], origin: TypeOrigin) -> (any BatchSource)? { nil }

    /// What the log says of the values of a partition's file; `nil` where it says nothing.
    public func statistics(ofPartition partition: Int) -> FileStatistics? {
        snapshot.statistics(of: files[partition].add)
    }

    public func storedRow(_ row: Int, in partition: Int) -> Int {
        guard partition < files.count, let deleted = files[partition].deleted else { return row }
        return deleted.complement(row)
    }

    public var descriptions: [String] {
        let version =
            "\(snapshot.table): Delta table, version \(snapshot.version) of "
            + CivilTime.format(microseconds: snapshot.timestamp.microsecondsFromMilliseconds)
        return [version]
            + files.map { file in
                let rows = file.add.numRecords.map { ", \($0) \($0 == 1 ? "row" : "rows")" } ?? ""
                let deleted = file.add.deletionVector.map { ", \($0.cardinality) of them deleted" } ?? ""
                return "\(DataPath.decoded(file.add.path)): Parquet\(rows)\(deleted)"
            }
    }
}
