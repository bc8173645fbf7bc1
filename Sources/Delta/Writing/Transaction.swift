import Tables

/// Changes to be committed to a table as one version, based on a version that was read.
///
/// A value: nothing happens to the table before `commit`. Data files are written first (see `DataFileWriter`) and belong to
/// nobody until then.
public struct Transaction: Sendable {
    public let table: DeltaTable
    /// The version that the changes are based on.
    public let base: Snapshot
    /// As `commitInfo` names it, for one `WRITE`.
    public var operation = "WRITE"
    /// What else `commitInfo` says of the operation.
    public var parameters: [String: String] = [:]
    private(set) var added: [AddFile] = []
    private(set) var removed: [RemoveFile] = []
    private(set) var metadata: TableMetadata?
    private(set) var application: AppTransaction?
    private(set) var scope = ReplacedScope.nothing

    /// Which files of the table are replaced, so that nobody else may add to them meanwhile.
    enum ReplacedScope: Sendable, Equatable {
        case nothing
        case table
        /// By the values of the partition columns.
        case partitions(Set<PartitionKey>)
    }

    init(table: DeltaTable, base: Snapshot) throws(DeltaError) {
        try base.protocol.checkWriting(base.metadata, base.schema, place: table.folder)
        self.table = table
        self.base = base
    }

    /// The schema that the table has afterwards.
    public var schema: DeltaSchema {
        guard let metadata, let schema = try? DeltaSchema(text: metadata.schemaString, place: table.folder) else {
            return base.schema
        }
        return schema
    }

    /// Adds files to the table.
    public mutating func append(_ files: [AddFile]) throws(DeltaError) {
        let columns = Set(base.metadata.partitionColumns)
        for file in files where Set(file.partitionValues.keys) != columns {
            throw DeltaError(
                .schemaMismatch, "the file \(file.path) is not of the table's partitions",
                place: table.folder)
        }
        added += files
        if scope == .nothing { parameters["mode"] = "Append" }
    }

    /// Replaces everything that the table holds.
    public mutating func overwrite(with files: [AddFile], at milliseconds: Int64) throws(DeltaError) {
        scope = .table
        parameters["mode"] = "Overwrite"
        try remove(base.files, at: milliseconds)
        try append(files)
    }

    /// Replaces what partitions hold: those that the files are of, and those named.
    public mutating func overwritePartitions(
        _ partitions: [[String: String?]] = [], with files: [AddFile], at milliseconds: Int64
    ) throws(DeltaError) {
        guard !base.metadata.partitionColumns.isEmpty else {
            throw DeltaError(.badArgument, "the table has no partitions to be replaced", place: table.folder)
        }
        let replaced = Set((partitions + files.map(\.partitionValues)).map { PartitionKey($0) })
        scope = .partitions(replaced)
        parameters["mode"] = "Overwrite"
        try remove(base.files.filter { replaced.contains(PartitionKey($0.partitionValues)) }, at: milliseconds)
        try append(files)
    }

    /// Takes files out of the table.
    public mutating func remove(_ files: [AddFile], at milliseconds: Int64) throws(DeltaError) {
        guard !base.isAppendOnly || files.isEmpty else {
            throw DeltaError(
                .appendOnly, "rows can't be removed from the table: its property delta.appendOnly is true",
                place: table.folder)
        }
        removed += files.map { RemoveFile($0, at: milliseconds) }
    }

    /// Replaces files by others with the same rows; tables that only grow take that, too.
    mutating func rearrange(_ files: [AddFile], as others: [AddFile], at milliseconds: Int64) {
        removed += files.map { RemoveFile($0, at: milliseconds, dataChange: false) }
        added += others.map { file in
            var file = file
            file.dataChange = false
            return file
        }
    }

    /// Adds columns, which have no values in the files that are there.
    public mutating func addColumns(_ fields: [DeltaField]) throws(DeltaError) {
        let known = schema
        let all = DeltaSchema(known.fields + fields)
        if let required = fields.first(where: { !$0.isNullable }) {
            throw DeltaError(
                .schemaMismatch, "the column \"\(required.name)\" can't be added: it must be nullable",
                place: table.folder)
        }
        try DeltaSchema(fields).checkNames(beside: known, place: table.folder)
        if fields.contains(where: { $0.type.contains { $0 == .timestampNtz } }), !base.protocol.has(.timestampNtz) {
            throw DeltaError(
                .unsupportedFeature, "a column of type timestamp_ntz needs the feature timestampNtz",
                place: table.folder)
        }
        metadata = (metadata ?? base.metadata).with(schema: all)
    }

    /// Gives the table other columns, of which all of its files are written anew: nobody may add files to it meanwhile.
    mutating func replaceSchema(_ schema: DeltaSchema) {
        metadata = (metadata ?? base.metadata).with(schema: schema)
        scope = .table
    }

    /// Names the batch of an application, so that the same one is never committed twice.
    public mutating func setApplication(_ appID: String, version: Int64) {
        application = AppTransaction(appID: appID, version: version)
    }
}

extension DeltaTable {
    /// Begins a transaction on the newest version; refuses tables that can't be written here.
    public func transaction() throws(DeltaError) -> Transaction {
        try Transaction(table: self, base: snapshot())
    }
}

extension DeltaSchema {
    /// Refuses names of columns that can't be in a table with others: those that repeat without regard to case, as other engines see
    /// them, those that other readers can't hold, and empty ones.
    ///
    /// Nothing is said of the others themselves: they are there. Error: `schema-mismatch`.
    public func checkNames(beside others: DeltaSchema = DeltaSchema([]), place: String) throws(DeltaError) {
        var seen = Dictionary(others.fields.map { (ColumnName($0.name).folded, $0.name) }) { first, _ in first }
        for field in fields {
            guard !field.name.isEmpty else {
                throw DeltaError(.schemaMismatch, "a column has no name", place: place)
            }
            guard !field.name.utf8.contains(0) else {
                throw DeltaError(
                    .schemaMismatch, "the column's name \(JSON.string(field.name).text()) has a NUL in it", place: place
                )
            }
            if let first = seen.updateValue(field.name, forKey: ColumnName(field.name).folded) {
                throw DeltaError(
                    .schemaMismatch,
                    first.utf8.elementsEqual(field.name.utf8)
                        ? "there are two columns named \"\(first)\""
                        : "the columns \"\(first)\" and \"\(field.name)\" differ only in case: tables can't tell them apart",
                    place: place)
            }
        }
    }
}
