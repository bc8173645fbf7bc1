import Foundation
import GRDB
public import Intake
public import Suites
import Tables

/// What a pipeline remembers from batch to batch, beside the batches themselves.
extension PipelineState {
    /// Where files of keys lie.
    var keyFolder: String { "\(folder)/\(Self.keysName)" }

    /// Of the hashes of keys; made by chance when the state was, so that nobody can make keys collide.
    func hashKey() throws(PipelineError) -> UInt64 {
        try read { db in UInt64(bitPattern: try Int64.fetchOne(db, sql: "SELECT hash_key FROM pipeline") ?? 0) }
    }

    /// How far event time has got: the least watermark of the gold tables and of deduplication, where that goes by event time.
    ///
    /// Microseconds since 1970-01-01T00:00:00Z; `nil` before there is one.
    public func eventTime(of definition: PipelineDefinition) throws(PipelineError) -> Int64? {
        let ofTables = try read { db in
            try definition.gold.map { table in
                try Int64.fetchOne(
                    db, sql: "SELECT watermark FROM window_tables WHERE layer = ?",
                    arguments: [GoldStage.name(of: table.place)])
            }
        }
        let ofKeys = try watermark().flatMap { known in
            known.column != nil && known.column == definition.silver.deduplicate?.timeColumn ? known.time : nil
        }
        return (ofTables + [ofKeys]).compactMap(\.self).min()
    }

    /// Of deduplication, by the time that it went by last; `nil` before there is one.
    public func watermark() throws(PipelineError) -> KeyWatermark? {
        try read { db in
            let sql = "SELECT watermark, watermark_column, watermark_clock FROM pipeline WHERE watermark IS NOT NULL"
            guard let row = try Row.fetchOne(db, sql: sql) else { return nil }
            let time: Int64 = row["watermark"]
            return KeyWatermark(column: row["watermark_column"], time: time, clock: row["watermark_clock"] ?? time)
        }
    }

    /// The columns that the source has had so far; `nil` before the first batch.
    public func schema() throws(PipelineError) -> KeptSchema? {
        try read { db in
            guard let text: String = try Row.fetchOne(db, sql: "SELECT schema FROM pipeline")?["schema"] else {
                return nil
            }
            guard let schema = JSON(text: text).flatMap({ KeptSchema(json: $0) }) else {
                throw PipelineError(.corrupt, "the kept schema can't be read", place: path)
            }
            return schema
        }
    }

    public func breaker() throws(PipelineError) -> CircuitBreaker {
        try read { db in
            let text = try String.fetchOne(db, sql: "SELECT breaker FROM pipeline") ?? ""
            guard let breaker = JSON(text: text).flatMap({ CircuitBreaker(json: $0) }) else {
                throw PipelineError(.corrupt, "the circuit breaker's state can't be read", place: path)
            }
            return breaker
        }
    }

    func setBreaker(_ breaker: CircuitBreaker) throws(PipelineError) {
        try write { db in
            try db.execute(sql: "UPDATE pipeline SET breaker = ?", arguments: [breaker.json.text()])
        }
    }

    /// The memories of keys that there are.
    func keyMemories() throws(PipelineError) -> Set<String> {
        try read { db in try Set(String.fetchAll(db, sql: "SELECT memory FROM key_memories")) }
    }

    /// The names of all files of keys that count, of whichever memory.
    func keyFileNames() throws(PipelineError) -> Set<String> {
        try read { db in try Set(String.fetchAll(db, sql: "SELECT name FROM key_files")) }
    }

    /// The files of a memory of keys, by name; `nil` where there is no such memory yet.
    func keyFiles(of memory: String) throws(PipelineError) -> [KeyFile]? {
        guard try keyMemories().contains(memory) else { return nil }
        return try read { db in
            let texts = try String.fetchAll(
                db, sql: "SELECT description FROM key_files WHERE memory = ? ORDER BY name", arguments: [memory])
            return try texts.map { text in
                guard let file = JSON(text: text).flatMap({ KeyFile($0) }) else {
                    throw PipelineError(.corrupt, "the list of key files can't be read", place: path)
                }
                return file
            }
        }
    }

    /// The open windows of a table, and what its plan was; `nil` where it has none yet.
    func windows(of layer: String) throws(PipelineError) -> (fingerprint: String, watermark: Int64?, rows: [WindowRow])?
    {
        try read { db in
            let known = try Row.fetchOne(
                db, sql: "SELECT fingerprint, watermark FROM window_tables WHERE layer = ?", arguments: [layer])
            guard let known else { return nil }
            let rows = try Row.fetchAll(
                db, sql: "SELECT start, group_key, part, state FROM windows WHERE layer = ?", arguments: [layer])
            return (
                known["fingerprint"], known["watermark"],
                rows.map { row in
                    let group: Data = row["group_key"]
                    let state: Data = row["state"]
                    return WindowRow(
                        key: WindowRow.Key(start: row["start"], group: [UInt8](group)), part: row["part"],
                        state: [UInt8](state))
                }
            )
        }
    }

    /// What a table's windows were begun with; `nil` where it has none yet.
    func windowFingerprint(of layer: String) throws(PipelineError) -> String? {
        try read { db in
            try String.fetchOne(db, sql: "SELECT fingerprint FROM window_tables WHERE layer = ?", arguments: [layer])
        }
    }

    /// Whether a flush would close some window of these tables, at a clock in microseconds since 1970-01-01T00:00:00Z.
    func canCloseWindows(of tables: [GoldDefinition], at clock: Int64) throws(PipelineError) -> Bool {
        try read { db in
            for table in tables {
                let sql = "SELECT EXISTS (SELECT 1 FROM windows WHERE layer = ? AND start <= ?)"
                let last = clock.addingClamped(table.futureTolerance)
                if try Bool.fetchOne(db, sql: sql, arguments: [GoldStage.name(of: table.place), last]) == true {
                    return true
                }
            }
            return false
        }
    }

    /// Open windows of tables that the pipeline has no more, in the order of the tables' names.
    public func strandedWindows(of definition: PipelineDefinition) throws(PipelineError) -> [StrandedWindows] {
        let known = Set(definition.gold.map { GoldStage.name(of: $0.place) })
        return try read { db in
            try Row.fetchAll(
                db, sql: "SELECT layer, count(*) AS count FROM windows WHERE part = 0 GROUP BY layer ORDER BY layer"
            )
            .map { StrandedWindows(table: $0["layer"], count: $0["count"]) }
        }
        .filter { !known.contains($0.table) }
    }

    /// Notes files that can't be read.
    func setAside(_ files: [(file: IntakeFile, reason: String)], batch: Int) throws(PipelineError) {
        try write { db in
            for (file, reason) in files {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?, ?, 'set-aside', ?, ?)",
                    arguments: file.identityArguments + [file.path, batch, reason])
            }
        }
    }

    /// Files that could not be read are tried again: that they may be, or that limits are other ones, leaves no trace on them.
    func forgetSetAside() throws(PipelineError) {
        try write { db in try db.execute(sql: "DELETE FROM sources WHERE state = 'set-aside'") }
    }

    /// Notes files without a byte: they are read.
    func noteEmpty(_ files: [IntakeFile]) throws(PipelineError) {
        try write { db in
            for file in files {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?, ?, 'read', 0, NULL)",
                    arguments: file.identityArguments + [file.path])
                try forgetOthers(than: file, db)
            }
        }
    }

    /// The tables that got rows, by the layer's name.
    func writtenTables() throws(PipelineError) -> [String: WrittenTable] {
        try read { db in
            let rows = try Row.fetchAll(db, sql: "SELECT layer, batch, folder FROM layers")
            return Dictionary(
                uniqueKeysWithValues: rows.map { row in
                    (row["layer"], WrittenTable(lastBatch: row["batch"], folder: row["folder"]))
                })
        }
    }
}
