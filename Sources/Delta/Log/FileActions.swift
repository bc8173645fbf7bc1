public import Tables

/// A data file that belongs to a version of the table.
public struct AddFile: Sendable, Equatable {
    /// As the log has it: a URI, relative to the table or absolute, percent-encoded.
    public let path: String
    /// The texts of the partition columns' values, by the names that data files use; `nil` for a missing value.
    public let partitionValues: [String: String?]
    /// Bytes.
    public let size: Int64
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public let modificationTime: Int64
    /// False where rows were only rearranged.
    public internal(set) var dataChange: Bool
    /// Statistics as JSON text: see `FileStatistics`.
    public let stats: String?
    public let tags: [String: String?]
    /// Which rows of the file don't count.
    public let deletionVector: DeletionVectorDescriptor?
    public let baseRowID: Int64?
    public let defaultRowCommitVersion: Int64?
    public let clusteringProvider: String?

    public init(
        path: String, partitionValues: [String: String?], size: Int64, modificationTime: Int64, dataChange: Bool = true,
        stats: String? = nil, tags: [String: String?] = [:], deletionVector: DeletionVectorDescriptor? = nil
    ) {
        self.path = path
        self.partitionValues = partitionValues
        self.size = size
        self.modificationTime = modificationTime
        self.dataChange = dataChange
        self.stats = stats
        self.tags = tags
        self.deletionVector = deletionVector
        baseRowID = nil
        defaultRowCommitVersion = nil
        clusteringProvider = nil
    }

    /// The same file under the name that it has on disk until it is published, in the same folder.
    func hidden(as temporaryPath: String) -> AddFile {
        let name = temporaryPath.split(separator: "/").last.map(String.init) ?? temporaryPath
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        return AddFile(
            path: folder + DataPath.encoded(name), partitionValues: partitionValues, size: size,
            modificationTime: modificationTime, stats: stats)
    }

    init(_ reader: ActionReader) throws(ActionError) {
        path = try reader.string("path")
        partitionValues = try reader.map("partitionValues")
        size = try reader.integer("size")
        modificationTime = try reader.optionalInteger("modificationTime") ?? 0
        dataChange = try reader.boolean("dataChange", default: true)
        stats = try reader.optionalString("stats")
        tags = try reader.map("tags")
        deletionVector = try reader.value("deletionVector").map(DeletionVectorDescriptor.init(json:))
        baseRowID = try reader.optionalInteger("baseRowId")
        defaultRowCommitVersion = try reader.optionalInteger("defaultRowCommitVersion")
        clusteringProvider = try reader.optionalString("clusteringProvider")
        guard size >= 0 else { throw ActionError("add.size is below 0") }
    }

    public var json: JSON {
        .members([
            ("path", .string(path)), ("partitionValues", .map(partitionValues)), ("size", .integer(size)),
            ("modificationTime", .integer(modificationTime)), ("dataChange", .boolean(dataChange)),
            ("stats", stats.map { .string($0) }), ("tags", tags.isEmpty ? nil : .map(tags)),
            ("deletionVector", deletionVector?.json), ("baseRowId", baseRowID.map { .integer($0) }),
            ("defaultRowCommitVersion", defaultRowCommitVersion.map { .integer($0) }),
            ("clusteringProvider", clusteringProvider.map { .string($0) }),
        ])
    }
}

/// A data file that no longer belongs to the table, but to earlier versions.
public struct RemoveFile: Sendable, Equatable {
    public let path: String
    /// Milliseconds since 1970-01-01T00:00:00Z; from then on counts how long the file is kept.
    public let deletionTimestamp: Int64?
    public internal(set) var dataChange: Bool
    public let extendedFileMetadata: Bool
    public let partitionValues: [String: String?]
    public let size: Int64?
    public let deletionVector: DeletionVectorDescriptor?
    public let baseRowID: Int64?
    public let defaultRowCommitVersion: Int64?

    /// The end of a file's belonging to the table.
    public init(_ file: AddFile, at milliseconds: Int64, dataChange: Bool = true) {
        path = file.path
        deletionTimestamp = milliseconds
        self.dataChange = dataChange
        extendedFileMetadata = true
        partitionValues = file.partitionValues
        size = file.size
        deletionVector = file.deletionVector
        baseRowID = file.baseRowID
        defaultRowCommitVersion = file.defaultRowCommitVersion
    }

    init(_ reader: ActionReader) throws(ActionError) {
        path = try reader.string("path")
        deletionTimestamp = try reader.optionalInteger("deletionTimestamp")
        dataChange = try reader.boolean("dataChange", default: true)
        extendedFileMetadata = try reader.boolean("extendedFileMetadata", default: false)
        partitionValues = try reader.map("partitionValues")
        size = try reader.optionalInteger("size")
        deletionVector = try reader.value("deletionVector").map(DeletionVectorDescriptor.init(json:))
        baseRowID = try reader.optionalInteger("baseRowId")
        defaultRowCommitVersion = try reader.optionalInteger("defaultRowCommitVersion")
    }

    public var json: JSON {
        .members([
            ("path", .string(path)), ("deletionTimestamp", deletionTimestamp.map { .integer($0) }),
            ("dataChange", .boolean(dataChange)), ("extendedFileMetadata", .boolean(extendedFileMetadata)),
            ("partitionValues", extendedFileMetadata ? .map(partitionValues) : nil),
            ("size", extendedFileMetadata ? size.map { .integer($0) } : nil),
            ("deletionVector", deletionVector?.json), ("baseRowId", baseRowID.map { .integer($0) }),
            ("defaultRowCommitVersion", defaultRowCommitVersion.map { .integer($0) }),
        ])
    }
}

/// What tells files of a table apart: the place, and which rows of it count; compared by bytes, as file systems do.
struct FileKey: Hashable, Comparable {
    let path: [UInt8]
    let deletionVector: [UInt8]

    init(_ file: AddFile) { self.init(file.path, file.deletionVector) }

    init(_ file: RemoveFile) { self.init(file.path, file.deletionVector) }

    private init(_ path: String, _ vector: DeletionVectorDescriptor?) {
        self.path = Array(DataPath.decoded(path).utf8)
        deletionVector = Array((vector?.uniqueID ?? "").utf8)
    }

    static func < (left: FileKey, right: FileKey) -> Bool {
        left.path != right.path
            ? left.path.lexicographicallyPrecedes(right.path)
            : left.deletionVector.lexicographicallyPrecedes(right.deletionVector)
    }
}

/// The values of a file's partition columns, compared by bytes: texts that only look alike are different partitions.
struct PartitionKey: Hashable {
    private let values: [[UInt8]: [UInt8]?]

    init(_ values: [String: String?]) {
        self.values = Dictionary(
            values.map { (Array($0.key.utf8), $0.value.map { Array($0.utf8) }) },
            uniquingKeysWith: { first, _ in first })
    }
}
