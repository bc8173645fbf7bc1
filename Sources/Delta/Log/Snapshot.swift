import Files
import Tables

/// One version of a table: which files it consists of, and what its columns are.
public struct Snapshot: Sendable {
    /// The table's folder.
    public let table: String
    public let version: Int
    /// When the version was committed, in milliseconds since 1970-01-01T00:00:00Z.
    public let timestamp: Int64
    public let `protocol`: TableProtocol
    public let metadata: TableMetadata
    public private(set) var schema: DeltaSchema
    /// In the order in which they were written, then by path: the same for a version however it was put together.
    public private(set) var files: [AddFile]
    /// Files that belong to older versions only.
    public let removed: [RemoveFile]
    public let transactions: [String: AppTransaction]
    public let domains: [String: DomainMetadata]
    /// Commits that may have doubled rows, oldest first; of those behind the checkpoint that the version was put together from.
    public let repeatedRemovals: [RepeatedRemoval]

    /// `timestamp` is `nil` where the version's commit is gone: its newest file tells about when it was.
    init(_ replay: Replay, table: String, version: Int, timestamp: Int64?) throws(DeltaError) {
        guard let `protocol` = replay.protocol, let metadata = replay.metadata else {
            throw DeltaError(
                .corrupt, "version \(version) has no \(replay.protocol == nil ? "protocol" : "metadata")", place: table)
        }
        try `protocol`.checkReading(place: table)
        guard metadata.provider == "parquet" else {
            throw DeltaError(
                .unsupportedFeature, "the table's files are in the format \(metadata.provider)", place: table)
        }
        let schema = try DeltaSchema(text: metadata.schemaString, place: table)
        if let column = metadata.partitionColumns.first(where: { schema[$0] == nil }) {
            throw DeltaError(.corrupt, "the partition column \"\(column)\" is not in the schema", place: table)
        }
        self.schema = schema
        self.table = table
        self.version = version
        self.timestamp = timestamp ?? replay.files.values.map(\.modificationTime).max() ?? 0
        self.protocol = `protocol`
        self.metadata = metadata
        files = replay.files.sorted { left, right in
            left.value.modificationTime != right.value.modificationTime
                ? left.value.modificationTime < right.value.modificationTime : left.key < right.key
        }.map(\.value)
        removed = replay.removed.sorted { $0.key < $1.key }.map(\.value)
        transactions = replay.transactions
        domains = replay.domains
        repeatedRemovals = replay.repeatedRemovals
    }

    /// On disk, of all files.
    public var byteCount: Int64 { files.reduce(0) { $0.addingClamped($1.size) } }

    /// Rows by the files' statistics, deleted ones left out; `nil` where a file has none.
    public var rowCount: Int? {
        files.reduce(Optional(0)) { total, file in
            guard let total, let rows = file.rowCount else { return nil }
            return Int(Int64(total).addingClamped(Int64(rows)))
        }
    }

    /// The property `delta.appendOnly`.
    var isAppendOnly: Bool { metadata.isSet("delta.appendOnly") && `protocol`.has(.appendOnly) }

    /// Why the table isn't written here, or `nil` where it is.
    public var writingRefusal: DeltaError? {
        do throws(DeltaError) {
            try `protocol`.checkWriting(metadata, schema, place: table)
            return nil
        } catch { return error }
    }

    /// The version that an application has got to, or `nil`.
    public func transactionVersion(of appID: String) -> Int64? { transactions[appID]?.version }

    /// What the table would be like with nothing but files that wait to be committed, for who wants to judge them before.
    ///
    /// They are read under their hidden names.
    public func holding(only waiting: [DataFile], of schema: DeltaSchema) -> Snapshot {
        var copy = self
        copy.schema = schema
        copy.files = waiting.map { $0.add.hidden(as: $0.file.temporaryPath) }
        return copy
    }

    /// What the table would be like with nothing but some of its files.
    public func holding(only some: [AddFile]) -> Snapshot {
        var copy = self
        copy.files = some
        return copy
    }

    /// The statistics of a file, or `nil` where the log has none, or none that can be read.
    public func statistics(of file: AddFile) -> FileStatistics? {
        file.stats.flatMap { FileStatistics(text: $0, of: file, schema: schema, mapping: ColumnMapping(metadata)) }
    }
}

extension AddFile {
    /// Rows of the file, deleted ones included, as far as the log knows.
    public var numRecords: Int? {
        guard let count = stats.flatMap({ JSON(text: $0) })?["numRecords"]?.integer, count >= 0 else { return nil }
        return Int(count)
    }
}
