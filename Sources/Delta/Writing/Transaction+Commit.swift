import Files
import Tables

/// What became of a commit.
public struct CommitResult: Sendable, Equatable {
    /// The version that holds the changes; of a batch that was there before, the newest version.
    public let version: Int
    /// False where the application's batch was committed before, so that nothing was done.
    public let isNew: Bool
    /// Why the checkpoint that was due could not be written; the commit stands all the same.
    public let checkpointFailure: DeltaError?
}

extension Transaction {
    /// Makes the changes a version of the table, in one step that is durable, or not at all.
    ///
    /// Where others committed meanwhile, their commits are read: changes that don't touch each other follow each other,
    /// others are an error (`concurrent-…`) and leave the table as it is. `now` is in microseconds since
    /// 1970-01-01T00:00:00Z.
    public func commit(now: Int64) throws(DeltaError) -> CommitResult {
        var known = base.version
        var lastTime = base.timestamp
        if let application, let there = base.transactions[application.appID], there.version >= application.version {
            return CommitResult(version: known, isNew: false, checkpointFailure: nil)
        }
        while true {
            let latest = try LogListing(table: table.folder).latest()
            while known < latest {
                // A commit that was cleaned away is an error here: its number must not be given again.
                let winner = try CommitReader.read(known + 1, table: table.folder)
                if hasApplication(in: winner.actions) {
                    return CommitResult(version: latest, isNew: false, checkpointFailure: nil)
                }
                try checkConflict(with: winner.actions, version: known + 1)
                lastTime = max(lastTime, winner.info?.inCommitTimestamp ?? 0)
                known += 1
            }
            let time = max(now.flooredDivision(by: 1_000).quotient, hasCommitTimes ? lastTime.addingClamped(1) : .min)
            guard try put(version: known + 1, at: time) else { continue }
            return CommitResult(
                version: known + 1, isNew: true,
                checkpointFailure: table.checkpointIfDue(known + 1, metadata: metadata ?? base.metadata, now: now))
        }
    }

    /// Whether a commit holds this application's batch, or a later one of it.
    private func hasApplication(in actions: [Action]) -> Bool {
        guard let application else { return false }
        return actions.contains { action in
            guard case .transaction(let other) = action else { return false }
            return other.appID == application.appID && other.version >= application.version
        }
    }

    private var hasCommitTimes: Bool { (metadata ?? base.metadata).isSet("delta.enableInCommitTimestamps") }

    /// The lines of the commit: its information first, as in-commit timestamps want it.
    func actions(at milliseconds: Int64, readVersion: Int) -> [Action] {
        var actions: [Action] = [.commitInfo(info(at: milliseconds, readVersion: readVersion))]
        if let metadata { actions.append(.metadata(metadata)) }
        if let application {
            actions.append(
                .transaction(
                    AppTransaction(appID: application.appID, version: application.version, lastUpdated: milliseconds)))
        }
        return actions + removed.map { .remove($0) } + added.map { .add($0) }
    }

    private func info(at milliseconds: Int64, readVersion: Int) -> CommitInfo {
        let rows = added.reduce(Optional(Int64(0))) { total, file in
            guard let total, let rows = file.numRecords else { return nil }
            return total.addingClamped(Int64(rows))
        }
        let bytes = added.reduce(Int64(0)) { $0.addingClamped($1.size) }
        return CommitInfo(
            .members([
                ("timestamp", .integer(milliseconds)),
                ("inCommitTimestamp", hasCommitTimes ? .integer(milliseconds) : nil),
                ("operation", .string(operation)),
                ("operationParameters", .map(parameters.mapValues { $0 })),
                ("readVersion", .integer(readVersion)), ("isolationLevel", .string("Serializable")),
                ("isBlindAppend", .boolean(removed.isEmpty && scope == .nothing)),
                (
                    "operationMetrics",
                    .members([
                        ("numFiles", .string(String(added.count))), ("numRemovedFiles", .string(String(removed.count))),
                        ("numOutputRows", rows.map { .string(String($0)) }), ("numOutputBytes", .string(String(bytes))),
                    ])
                ),
                ("engineInfo", .string(DeltaTable.engine)),
            ]))
    }

    private func put(version: Int, at milliseconds: Int64) throws(DeltaError) -> Bool {
        try table.put(actions(at: milliseconds, readVersion: base.version), version: version)
    }
}

extension DeltaTable {
    static let engine = "Assay"

    /// Writes a commit unless the version is there; whether it did.
    func put(_ actions: [Action], version: Int) throws(DeltaError) -> Bool {
        do throws(OutputError) {
            let file = try OutputFile(path: LogListing.commitPath(version, table: folder))
            for action in actions { try file.write(Array(action.json.text().utf8) + [0x0A]) }
            return try file.commitIfAbsent()
        } catch { throw DeltaError(error) }
    }
}

extension DeltaError {
    init(_ error: OutputError) {
        let message = error.message + (error.cause.map { ": \($0)" } ?? "")
        self.init(error.code == "disk-full" ? .diskFull : .unwritable, message, place: error.place, hint: error.hint)
    }
}
