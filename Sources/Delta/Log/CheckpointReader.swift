import Files
import Parquet
import Tables

/// Reads checkpoints: of one or several Parquet files, or of the second form, whose file actions may be in sidecars.
enum CheckpointReader {
    private static let tableKinds = ["protocol", "metaData", "txn", "domainMetadata"]
    private static let fileKinds = ["sidecar", "remove", "add"]

    /// Feeds a checkpoint's actions to a replay, a few hundred at a time; those about files only where they are wanted.
    static func read(
        _ checkpoint: LogListing.Checkpoint, table: String, wantsFiles: Bool = true, into replay: inout Replay
    ) throws(DeltaError) {
        let kinds = tableKinds + (wantsFiles ? fileKinds : [])
        var sidecars: [String] = []
        for path in checkpoint.files {
            if path.hasSuffix(".json") {
                for action in try CommitReader.read(path).actions { take(action, &replay, &sidecars) }
            } else {
                try read(path, kinds) { take($0, &replay, &sidecars) }
            }
        }
        for sidecar in sidecars {
            var nested: [String] = []
            // By its name in the log's own folder, or by a whole path.
            let folder = DataPath.joined(LogListing.folder(of: table), "_sidecars")
            try read(try DataPath.resolve(sidecar, table: folder), kinds) { take($0, &replay, &nested) }
        }
    }

    private static func take(_ action: Action, _ replay: inout Replay, _ sidecars: inout [String]) {
        if case .sidecar(let path) = action { sidecars.append(path) } else { replay.apply(action) }
    }

    private static func read(_ path: String, _ kinds: [String], _ body: (Action) -> Void) throws(DeltaError) {
        let reader: RowReader
        do throws(SourceError) {
            reader = try ParquetFile(InputFile(path: path, packing: Compression.none)).rows(fields: kinds)
        } catch { throw DeltaError(error) }
        let names = reader.fields.map(\.name)
        while true {
            let rows: [[ParquetValue]]
            do throws(SourceError) { rows = try reader.next() } catch { throw DeltaError(error) }
            if rows.isEmpty { return }
            for row in rows {
                // A row holds one action; writers of sidecars leave rows of nothing.
                guard let place = row.firstIndex(where: { !$0.isNull }) else { continue }
                let action = ParsedStatistics.spelled(row[place])
                let json = JSON.object([JSON.Member(names[place], JSON(checkpointValue: action))])
                do throws(ActionError) { body(try Action(json: json)) } catch {
                    throw DeltaError(.corrupt, "the checkpoint can't be read: \(error.message)", place: path)
                }
            }
        }
    }
}

extension JSON {
    /// A value of a checkpoint as a commit would have it.
    ///
    /// What no action has (numbers with points, times: statistics in columns of their own) is left out.
    init(checkpointValue value: ParquetValue) {
        switch value {
        case .boolean(let value): self = .boolean(value)
        case .int64(let number): self = .integer(number)
        case .text(let text): self = .string(text)
        case .binary(let bytes): self = .string(String(decoding: bytes, as: UTF8.self))
        case .list(let items): self = .array(items.map { JSON(checkpointValue: $0) })
        case .map(let entries, _):
            self = .object(
                entries.compactMap { entry in
                    guard let key = JSON(checkpointValue: entry.key).string else { return nil }
                    return Member(key, JSON(checkpointValue: entry.value))
                })
        case .structure(let members):
            self = .object(members.map { Member($0.name, JSON(checkpointValue: $0.value)) })
        default: self = .null
        }
    }
}
