import Foundation
import GRDB
public import Intake
public import Tables

/// All that a batch changes in what the pipeline remembers: one transaction's worth.
public struct BatchCommit: Sendable {
    public let plan: BatchPlan
    public let manifest: BatchManifest
    /// The columns that the next batch begins with; `nil` to leave them as they are.
    public var schema: KeptSchema?
    /// `nil` to leave it as it is.
    public var watermark: KeyWatermark?
    public var breaker: CircuitBreaker
    public var keyFiles: [KeyFileChange] = []
    /// The memories of keys that there are, others are forgotten; `nil` to leave them as they are.
    public var keyMemories: Set<String>?
    /// By the table's name, with the fingerprint of its plan.
    public var windows: [(layer: String, fingerprint: String, change: WindowStateChange)] = []
    public var resolutions: [Resolution] = []
    public var byteCount: Int64 = 0
    /// How long it took to run; for people.
    public var milliseconds: Int

    public init(
        plan: BatchPlan, manifest: BatchManifest, watermark: KeyWatermark?, breaker: CircuitBreaker, milliseconds: Int
    ) {
        self.plan = plan
        self.manifest = manifest
        self.watermark = watermark
        self.breaker = breaker
        self.milliseconds = milliseconds
    }
}

/// A file of seen keys that comes or goes.
public struct KeyFileChange: Sendable, Equatable {
    public let memory: String
    public let name: String
    /// As its JSON; `nil` where the file is no longer needed.
    public let description: JSON?
}

extension PipelineState {
    /// The commit point of a batch: after this it is carried through, before it nothing of it was.
    public func prepare(_ commit: BatchCommit) throws(PipelineError) {
        let number = commit.plan.number
        try write { db in
            try db.execute(
                sql: """
                    UPDATE batches SET state = 'prepared', manifest = ?, record_count = ?, byte_count = ?, milliseconds = ?
                    WHERE number = ? AND state = 'planned'
                    """,
                arguments: [
                    commit.manifest.json.text(), commit.manifest.counts.first?.input ?? 0, commit.byteCount,
                    commit.milliseconds, number,
                ])
            guard db.changesCount == 1 else {
                throw PipelineError(.internal, "batch \(number) is to be prepared and isn't planned", place: path)
            }
            try db.execute(
                sql: "UPDATE sources SET state = 'read' WHERE batch = ? AND state = 'planned'", arguments: [number])
            if commit.plan.order == nil { for file in commit.plan.files { try forgetOthers(than: file, db) } }
            try db.execute(
                sql: "UPDATE pipeline SET schema = coalesce(?, schema), breaker = ?",
                arguments: [commit.schema?.json.text(), commit.breaker.json.text()])
            if let watermark = commit.watermark {
                try db.execute(
                    sql: "UPDATE pipeline SET watermark = ?, watermark_column = ?, watermark_clock = ?",
                    arguments: [watermark.time, watermark.column, watermark.clock])
            }
            try recordCounts(commit, db)
            try applyMemory(commit, db)
            try recordResolutions(commit, db)
        }
    }

    private func recordCounts(_ commit: BatchCommit, _ db: Database) throws {
        for hop in commit.manifest.counts {
            try db.execute(
                sql: "INSERT INTO hops VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    commit.plan.number, hop.hop, hop.input, hop.output, hop.quarantined, hop.dropped, hop.filtered,
                    hop.deduplicated, hop.late,
                ])
        }
        for layer in commit.manifest.layers where !layer.files.isEmpty {
            try db.execute(
                sql: "INSERT OR REPLACE INTO layers VALUES (?, ?, ?)",
                arguments: [layer.name, commit.plan.number, WrittenTable.plain(layer.folder)])
        }
        try Self.recordWritten(commit.manifest.layers, ofBatch: commit.plan.number, db)
        try Self.recordRules(commit.manifest.failures, ofBatch: commit.plan.number, db)
    }

    private func applyMemory(_ commit: BatchCommit, _ db: Database) throws {
        for file in commit.keyFiles {
            if let description = file.description {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO key_files VALUES (?, ?, ?)",
                    arguments: [file.memory, file.name, description.text()])
            } else {
                try db.execute(
                    sql: "DELETE FROM key_files WHERE memory = ? AND name = ?", arguments: [file.memory, file.name])
            }
        }
        if let memories = commit.keyMemories {
            try db.execute(sql: "DELETE FROM key_memories")
            for memory in memories.sorted() {
                try db.execute(sql: "INSERT INTO key_memories VALUES (?)", arguments: [memory])
            }
            try db.execute(sql: "DELETE FROM key_files WHERE memory NOT IN (SELECT memory FROM key_memories)")
        }
        let remove = try db.makeStatement(sql: "DELETE FROM windows WHERE layer = ? AND start = ? AND group_key = ?")
        let put = try db.makeStatement(sql: "INSERT INTO windows VALUES (?, ?, ?, ?, ?)")
        for (layer, fingerprint, change) in commit.windows {
            try db.execute(
                sql: "INSERT OR REPLACE INTO window_tables VALUES (?, ?, ?)",
                arguments: [layer, fingerprint, change.watermark])
            for key in change.removed { try remove.execute(arguments: [layer, key.start, Data(key.group)]) }
            for row in change.added {
                try put.execute(
                    arguments: [layer, row.key.start, Data(row.key.group), row.part, Data(row.state)])
            }
        }
    }
}
