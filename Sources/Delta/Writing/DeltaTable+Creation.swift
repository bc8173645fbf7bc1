public import Foundation
import Tables

extension DeltaTable {
    /// Makes a table without rows: its version 0.
    ///
    /// `properties` are the table's, as in `delta.appendOnly`. An error where there is one already. `now` is in
    /// microseconds since 1970-01-01T00:00:00Z.
    public static func create(
        _ folder: String, schema: DeltaSchema, partitionedBy partitionColumns: [String] = [],
        properties: [String: String] = [:], name: String? = nil, id: UUID = UUID(), now: Int64
    ) throws(DeltaError) -> DeltaTable {
        let draft = try draft(
            folder, schema: schema, partitionedBy: partitionColumns, properties: properties, name: name, id: id,
            now: now)
        try TableFolder.make(LogListing.folder(of: folder))
        let info = CommitInfo(
            .members([
                ("timestamp", .integer(draft.timestamp)), ("operation", .string("CREATE TABLE")),
                ("operationParameters", .map(["partitionBy": .some(json(partitionColumns))])),
                ("isBlindAppend", .boolean(true)), ("engineInfo", .string(engine)),
            ]))
        let table = DeltaTable(unchecked: folder)
        let isFree = try LogListing(table: folder).isEmpty
        guard isFree,
            try table.put([.commitInfo(info), .protocol(draft.protocol), .metadata(draft.metadata)], version: 0)
        else {
            throw DeltaError(.tableExists, "there is a table already", place: folder)
        }
        return try DeltaTable(folder)
    }

    /// What version 0 of a table would be: nothing is looked at, and nothing written.
    ///
    /// An error where ``create(_:schema:partitionedBy:properties:name:id:now:)`` would refuse the same.
    public static func draft(
        _ folder: String, schema: DeltaSchema, partitionedBy partitionColumns: [String] = [],
        properties: [String: String] = [:], name: String? = nil, id: UUID = UUID(), now: Int64
    ) throws(DeltaError) -> Snapshot {
        try schema.checkNames(place: folder)
        try schema.checkPartitions(partitionColumns, place: folder)
        let milliseconds = now.flooredDivision(by: 1_000).quotient
        let metadata = TableMetadata(
            id: id.uuidString.lowercased(), name: name, schema: schema, partitionColumns: partitionColumns,
            configuration: properties, createdTime: milliseconds)
        let needsFeature = schema.fields.contains { $0.type.contains { $0 == .timestampNtz } }
        let version =
            needsFeature
            ? TableProtocol(
                minReaderVersion: 3, minWriterVersion: 7, readerFeatures: ["timestampNtz"],
                writerFeatures: ["appendOnly", "invariants", "timestampNtz"])
            : TableProtocol(minReaderVersion: 1, minWriterVersion: 2)
        for property in properties.keys.sorted() where !known(property) {
            throw DeltaError(
                .unsupportedFeature, "tables with the property \(property) are not made here", place: folder)
        }
        try version.checkWriting(metadata, schema, place: folder)
        var replay = Replay()
        replay.apply(.protocol(version))
        replay.apply(.metadata(metadata))
        return try Snapshot(replay, table: folder, version: 0, timestamp: milliseconds)
    }

    /// Properties that change nothing for writers, or something that is done here.
    private static func known(_ property: String) -> Bool {
        guard property.hasPrefix("delta.") else { return true }
        return [
            "delta.appendOnly", "delta.checkpointInterval", "delta.deletedFileRetentionDuration",
            "delta.logRetentionDuration", "delta.dataSkippingNumIndexedCols", "delta.dataSkippingStatsColumns",
        ].contains(property)
    }

    private static func json(_ names: [String]) -> String {
        JSON.array(names.map { .string($0) }).text()
    }
}

extension DeltaSchema {
    /// Refuses partition columns that aren't there, repeat, hold several values, or leave no column for the files.
    fileprivate func checkPartitions(_ columns: [String], place: String) throws(DeltaError) {
        for column in columns {
            guard let field = self[column] else {
                throw DeltaError(.schemaMismatch, "there is no column \"\(column)\" to partition by", place: place)
            }
            guard field.type.isPrimitive else {
                throw DeltaError(
                    .schemaMismatch, "the column \"\(column)\" of type \(field.type) is none to partition by",
                    place: place)
            }
        }
        guard Set(columns).count == columns.count, columns.count < fields.count else {
            throw DeltaError(
                .schemaMismatch,
                columns.count == fields.count
                    ? "there is no column but those of the partitions" : "a partition column is named twice",
                place: place)
        }
    }
}
