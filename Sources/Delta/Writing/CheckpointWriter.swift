import Files
import Parquet
import Tables

/// Writes a version's state as a checkpoint, so that readers need no older commit.
enum CheckpointWriter {
    /// Rows that are put together at once.
    private static let rowsAtOnce = 4_096

    /// Writes a checkpoint in one file, and says in `_last_checkpoint` that it is there.
    ///
    /// Both appear whole. Tombstones older than `horizon` (milliseconds since 1970-01-01T00:00:00Z) are left out; those of an
    /// unknown time are kept.
    static func write(_ snapshot: Snapshot, horizon: Int64) throws(DeltaError) {
        let actions = actions(of: snapshot, horizon: horizon)
        do throws(OutputError) {
            let output = try OutputFile(path: LogListing.checkpointPath(snapshot.version, table: snapshot.table))
            let schema = try schema(place: output.path)
            let writer = try ParquetWriter(to: output, schema: schema)
            var start = 0
            while start < actions.count {
                let part = actions[start..<min(actions.count, start + rowsAtOnce)]
                try writer.append(columns: columns(part, schema), rowCount: part.count)
                start += part.count
            }
            _ = try writer.finish()
            try output.commit()
            let hint = try OutputFile(path: "\(LogListing.folder(of: snapshot.table))/_last_checkpoint")
            let json = JSON.object([
                .init("version", .integer(snapshot.version)), .init("size", .integer(actions.count)),
            ])
            try hint.write(Array(json.text().utf8))
            try hint.commit()
        } catch { throw DeltaError(error) }
    }

    private static func schema(place: String) throws(OutputError) -> ParquetSchema {
        do throws(ParquetError) { return try ParquetSchema(writing: CheckpointSchema.fields) } catch {
            throw OutputError(code: "internal", message: error.message, place: place)
        }
    }

    /// A row an action; each column holds the actions of its kind as JSON.
    private static func columns(_ actions: ArraySlice<Action>, _ schema: ParquetSchema) -> [Column] {
        let rows = actions.map(\.json)
        return schema.fields.map { field in
            let texts = rows.map { $0[field.name]?.text() }
            return Column(
                type: .string, present: Bitmap(texts.map { $0 != nil }), values: .text(TextCells(texts)))
        }
    }

    private static func actions(of snapshot: Snapshot, horizon: Int64) -> [Action] {
        var actions: [Action] = [.protocol(snapshot.protocol), .metadata(snapshot.metadata)]
        actions += snapshot.transactions.values.sorted { $0.appID < $1.appID }.map { .transaction($0) }
        actions += snapshot.domains.values.sorted { $0.domain < $1.domain }.map { .domain($0) }
        actions += snapshot.removed.filter { $0.deletionTimestamp.map { $0 >= horizon } ?? true }
            .map { .remove($0.withoutDataChange) }
        return actions + snapshot.files.map { .add($0.withoutDataChange) }
    }
}

extension DeltaTable {
    /// Writes a checkpoint of the newest version, but for tables with the feature `v2Checkpoint`: theirs are not written here.
    ///
    /// `now` is in microseconds since 1970-01-01T00:00:00Z, and decides which tombstones have expired.
    public func checkpoint(now: Int64) throws(DeltaError) {
        let snapshot = try snapshot()
        try snapshot.protocol.checkWriting(snapshot.metadata, snapshot.schema, place: folder)
        try checkpoint(snapshot, now: now)
    }

    private func checkpoint(_ snapshot: Snapshot, now: Int64) throws(DeltaError) {
        if snapshot.protocol.has(.v2Checkpoint) { return }
        let period = RetentionPeriod.deletedFiles(snapshot.metadata) ?? .max
        let (horizon, isOverflow) = now.flooredDivision(by: 1_000).quotient.subtractingReportingOverflow(period)
        try CheckpointWriter.write(snapshot, horizon: isOverflow ? .min : horizon)
    }

    /// Writes the checkpoint that the table's interval asks for after a version; why it could not be written.
    func checkpointIfDue(_ version: Int, metadata: TableMetadata, now: Int64) -> DeltaError? {
        let interval = metadata.configuration["delta.checkpointInterval"].flatMap { Int($0) } ?? 10
        guard interval > 0, version > 0, version % interval == 0 else { return nil }
        do throws(DeltaError) {
            try checkpoint(snapshot(.version(version)), now: now)
            return nil
        } catch { return error }
    }
}

extension AddFile {
    /// As checkpoints have it.
    fileprivate var withoutDataChange: AddFile {
        var file = self
        file.dataChange = false
        return file
    }
}

extension RemoveFile {
    /// As checkpoints have it.
    fileprivate var withoutDataChange: RemoveFile {
        var file = self
        file.dataChange = false
        return file
    }
}
