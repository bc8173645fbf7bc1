import Foundation
import GRDB
public import Intake
import Tables

/// A batch that isn't over, as the state remembers it.
public struct OpenBatch: Sendable {
    public let plan: BatchPlan
    /// What it made; `nil` before its commit point.
    public let manifest: BatchManifest?
    public let isHeld: Bool
    /// How often it was begun before.
    public let attempts: Int
}

extension PipelineState {
    /// What is left of the process before this one, if anything: a batch that was at hand goes before one that is held.
    public func openBatch() throws(PipelineError) -> OpenBatch? {
        try open(
            """
            SELECT state, plan, manifest, attempts FROM batches
            WHERE state NOT IN ('committed', 'abandoned') ORDER BY state = 'held', number LIMIT 1
            """)
    }

    /// The batch that is held, beside which others may be open that people ask for.
    public func heldBatch() throws(PipelineError) -> OpenBatch? {
        try open("SELECT state, plan, manifest, attempts FROM batches WHERE state = 'held' ORDER BY number LIMIT 1")
    }

    private func open(_ sql: String) throws(PipelineError) -> OpenBatch? {
        try read { db in
            guard let row = try Row.fetchOne(db, sql: sql) else { return nil }
            let state: String = row["state"]
            guard let text: String = row["plan"], let plan = JSON(text: text).flatMap({ BatchPlan(json: $0) }) else {
                throw PipelineError(.corrupt, "the plan of a batch can't be read", place: path)
            }
            var manifest: BatchManifest?
            if state == "prepared" {
                guard let text: String = row["manifest"],
                    let read = JSON(text: text).flatMap({ BatchManifest(json: $0) })
                else {
                    throw PipelineError(.corrupt, "the manifest of batch \(plan.number) can't be read", place: path)
                }
                manifest = read
            }
            return OpenBatch(plan: plan, manifest: manifest, isHeld: state == "held", attempts: row["attempts"])
        }
    }

    /// The number of the newest batch; 0 where there was none.
    public func lastBatch() throws(PipelineError) -> Int {
        try read { db in try Int.fetchOne(db, sql: "SELECT max(number) FROM batches") ?? 0 }
    }

    /// Fixes a plan: its files are its own from now on.
    ///
    /// A batch that is held is what the plan is made of, unless that is of what people ask for: then it stays.
    public func plan(_ plan: BatchPlan) throws(PipelineError) {
        try write { db in
            if plan.order == nil { try Self.abandonHeld(db) }
            try db.execute(
                sql: "INSERT INTO batches (number, kind, state, clock, plan) VALUES (?, ?, 'planned', ?, ?)",
                arguments: [plan.number, plan.kind.rawValue, plan.clock, plan.json.text()])
            let statement = try db.makeStatement(
                sql: "INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?, ?, 'planned', ?, NULL)")
            // What is read again arrived long ago.
            for file in plan.files where plan.order == nil {
                try statement.execute(arguments: file.identityArguments + [file.path, plan.number])
            }
        }
    }

    /// Counts another try of a plan.
    public func beginAttempt(of number: Int) throws(PipelineError) {
        try write { db in
            try db.execute(sql: "UPDATE batches SET attempts = attempts + 1 WHERE number = ?", arguments: [number])
        }
    }

    /// Keeps the batch back: nothing of it was published.
    public func hold(_ number: Int, reason: String, breaker: CircuitBreaker) throws(PipelineError) {
        try write { db in
            try db.execute(
                sql: "UPDATE batches SET state = 'held', reason = ? WHERE number = ?", arguments: [reason, number])
            try db.execute(sql: "UPDATE pipeline SET breaker = ?", arguments: [breaker.json.text()])
        }
    }

    /// Gives a plan up: its files are there to be planned again, but for those that are set aside with a reason.
    ///
    /// - isHeld: its files were held, and are until they are planned again.
    public func abandon(
        _ plan: BatchPlan, settingAside: [(file: IntakeFile, reason: String)], isHeld: Bool = false
    ) throws(PipelineError) {
        try write { db in
            if isHeld {
                try db.execute(sql: "UPDATE batches SET state = 'held' WHERE number = ?", arguments: [plan.number])
            } else {
                try Self.abandon(plan.number, db)
            }
            for (file, reason) in settingAside {
                try db.execute(
                    sql: "INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?, ?, 'set-aside', ?, ?)",
                    arguments: file.identityArguments + [file.path, plan.number, reason])
            }
        }
    }

    /// Nothing of the files of a held batch is left: it is held no more, and nothing else passes in its place.
    func letGoOfHeld() throws(PipelineError) {
        try write { db in
            try Self.abandonHeld(db)
            try db.execute(sql: "UPDATE pipeline SET breaker = ?", arguments: [CircuitBreaker().json.text()])
        }
    }

    private static func abandonHeld(_ db: Database) throws {
        for number in try Int.fetchAll(db, sql: "SELECT number FROM batches WHERE state = 'held'") {
            try abandon(number, db)
        }
    }

    private static func abandon(_ number: Int, _ db: Database) throws {
        try db.execute(
            sql: "UPDATE batches SET state = 'abandoned', plan = NULL WHERE number = ?", arguments: [number])
        try db.execute(sql: "DELETE FROM sources WHERE batch = ? AND state = 'planned'", arguments: [number])
    }

    /// The batch is over: all that it made is where it belongs.
    ///
    /// `keepsSources` where its files stay where they are, so that they must be known again.
    public func finish(_ number: Int, keepsSources: Bool) throws(PipelineError) {
        try write { db in
            if !keepsSources {
                try db.execute(sql: "DELETE FROM sources WHERE batch = ? AND state = 'read'", arguments: [number])
            }
            try db.execute(
                sql: "UPDATE batches SET state = 'committed', plan = NULL, manifest = NULL WHERE number = ?",
                arguments: [number])
        }
    }

    /// Hands over the files that were read or set aside, each once and as it was last: states of older days have all that it ever was.
    public func forEachSource(_ body: (IntakeFile) -> Void) throws(PipelineError) {
        try read { db in
            // Of a group's rows SQLite takes the columns of the one that has the maximum.
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT path, name, device, node, byte_count, modified, max(batch) FROM sources
                    WHERE state <> 'planned' GROUP BY name
                    """)
            while let row = try rows.next() { body(IntakeFile(row)) }
        }
    }

    /// Forgets what a file was before it became what it is now.
    func forgetOthers(than file: IntakeFile, _ db: Database) throws {
        try db.execute(
            sql: """
                DELETE FROM sources
                WHERE name = ? AND NOT (device = ? AND node = ? AND byte_count = ? AND modified = ?)
                """, arguments: file.identityArguments)
    }
}

extension IntakeFile {
    var identityArguments: StatementArguments {
        [name, Int64(bitPattern: device), Int64(bitPattern: node), byteCount, modified]
    }

    fileprivate init(_ row: Row) {
        self.init(
            path: row["path"], name: row["name"], device: UInt64(bitPattern: row["device"]),
            node: UInt64(bitPattern: row["node"]), byteCount: row["byte_count"], modified: row["modified"])
    }
}
