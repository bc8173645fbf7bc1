import Parquet

/// The columns of a checkpoint (Delta protocol, Checkpoint Schema): one for each kind of action, one of them a row.
enum CheckpointSchema {
    static let fields: [SchemaNode] = [
        .structure("txn", [required("appId", .string), required("version", .int64), .leaf("lastUpdated", .int64)]),
        .structure("add", add), .structure("remove", remove), .structure("metaData", metadata),
        .structure(
            "protocol",
            [
                required("minReaderVersion", .int32), required("minWriterVersion", .int32),
                .list("readerFeatures", of: required("element", .string)),
                .list("writerFeatures", of: required("element", .string)),
            ]),
        .structure(
            "domainMetadata",
            [required("domain", .string), required("configuration", .string), required("removed", .boolean)]),
    ]

    private static let add: [SchemaNode] = [
        required("path", .string), texts("partitionValues", isNullable: false), required("size", .int64),
        required("modificationTime", .int64), required("dataChange", .boolean), .leaf("stats", .string), texts("tags"),
        deletionVector, .leaf("baseRowId", .int64), .leaf("defaultRowCommitVersion", .int64),
        .leaf("clusteringProvider", .string),
    ]

    private static let remove: [SchemaNode] = [
        required("path", .string), .leaf("deletionTimestamp", .int64), required("dataChange", .boolean),
        .leaf("extendedFileMetadata", .boolean), texts("partitionValues"), .leaf("size", .int64), deletionVector,
        .leaf("baseRowId", .int64), .leaf("defaultRowCommitVersion", .int64),
    ]

    private static let metadata: [SchemaNode] = [
        required("id", .string), .leaf("name", .string), .leaf("description", .string),
        .structure(
            "format", [required("provider", .string), texts("options", isNullable: false)], isNullable: false),
        required("schemaString", .string),
        .list("partitionColumns", of: required("element", .string), isNullable: false),
        texts("configuration", isNullable: false), .leaf("createdTime", .int64),
    ]

    private static let deletionVector = SchemaNode.structure(
        "deletionVector",
        [
            required("storageType", .string), required("pathOrInlineDv", .string), .leaf("offset", .int32),
            required("sizeInBytes", .int32), required("cardinality", .int64),
        ])

    private static func required(_ name: String, _ type: StoredType) -> SchemaNode {
        .leaf(name, type, isNullable: false)
    }

    private static func texts(_ name: String, isNullable: Bool = true) -> SchemaNode {
        .map(name, key: required("key", .string), value: .leaf("value", .string), isNullable: isNullable)
    }
}
