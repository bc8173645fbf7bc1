import Foundation
import GRDB
import Tables

/// What people want done, and what became of it.
extension PipelineState {
    /// Whether a process runs the pipeline whose state is in a folder.
    public static func isRunning(_ folder: String) -> Bool { FolderLock.isHeld(folder) }

    /// Leaves a request for whoever runs the pipeline, now or next; gives its number.
    ///
    /// The only thing that a process writes that doesn't run the pipeline.
    public static func leave(_ request: QuarantineRequest, in folder: String) throws(PipelineError) -> Int {
        try changeRequests(in: folder) { db in
            try db.execute(
                sql: """
                    INSERT INTO requests (kind, selector, version, patch, actor, reason, time, outcome)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    request.kind.rawValue, request.selector.json.text(), request.version,
                    JSON.array(request.patch.map(\.json)).text(), request.actor, request.reason, request.time,
                    RequestOutcome().json.text(),
                ])
            return Int(db.lastInsertedRowID)
        }
    }

    /// Takes a request back that isn't carried out to its end: what was done of it stays, and nothing more is.
    ///
    /// Errors: `not-found` for a number that no request has, `bad-argument` for one that is over.
    public static func withdraw(
        _ number: Int, _ withdrawal: Withdrawal, in folder: String
    ) throws(PipelineError) -> StoredRequest {
        try changeRequests(in: folder) { db in
            let place = "request \(number)"
            let sql = "SELECT * FROM requests WHERE number = ?"
            guard let before = try Row.fetchOne(db, sql: sql, arguments: [number]).map({ try storedRequest($0, place) })
            else {
                throw PipelineError(.notFound, "there is no such request", place: place)
            }
            guard !before.isDone else {
                let word = before.withdrawal != nil ? "withdrawn" : before.failure == nil ? "carried out" : "refused"
                throw PipelineError(.badArgument, "it is \(word) already", place: place)
            }
            try db.execute(
                sql: """
                    UPDATE requests
                    SET state = 'withdrawn', withdrawn_by = ?, withdrawn_reason = ?, withdrawn_at = ? WHERE number = ?
                    """, arguments: [withdrawal.actor, withdrawal.reason, withdrawal.time, number])
            return before
        }
    }

    /// One transaction of a process that doesn't run the pipeline; a state of an older Assay is brought up to date first.
    private static func changeRequests<Value>(
        in folder: String, _ body: (Database) throws -> Value
    ) throws(PipelineError) -> Value {
        let path = "\(folder)/\(fileName)"
        do {
            if try !isCurrent(path) { try PipelineState(folder: folder).close() }
            let queue = try DatabaseQueue(path: path, configuration: requestConfiguration)
            defer { try? queue.close() }
            return try queue.write(body)
        } catch { throw PipelineError(state: error, place: path) }
    }

    private static var requestConfiguration: Configuration {
        var configuration = Configuration()
        configuration.label = "request"
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
        return configuration
    }

    private static func isCurrent(_ path: String) throws -> Bool {
        let queue = try DatabaseQueue(path: path, configuration: requestConfiguration)
        defer { try? queue.close() }
        let migrator = StateMigrations.migrator
        return try queue.read { db in
            try migrator.hasCompletedMigrations(db) || migrator.hasBeenSuperseded(db)
        }
    }

    /// A request by its number.
    public func request(_ number: Int) throws(PipelineError) -> StoredRequest? {
        try read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM requests WHERE number = ?", arguments: [number])
                .map { try Self.storedRequest($0, path) }
        }
    }

    /// Those that wait to be carried out, the oldest first.
    public func waitingRequests() throws(PipelineError) -> [StoredRequest] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM requests WHERE state = 'waiting' ORDER BY number LIMIT 100")
                .map { try Self.storedRequest($0, path) }
        }
    }

    /// The oldest that waits to be carried out.
    func waitingRequest(passes: Bool) throws(PipelineError) -> StoredRequest? {
        try read { db in
            let sql = """
                SELECT * FROM requests WHERE state = 'waiting' AND (kind = 'pass') = ? ORDER BY number LIMIT 1
                """
            return try Row.fetchOne(db, sql: sql, arguments: [passes]).map { try Self.storedRequest($0, path) }
        }
    }

    /// How many wait to be carried out.
    public func waitingRequestCount() throws(PipelineError) -> Int {
        try read { db in
            guard try db.tableExists("requests") else { return 0 }
            return try Int.fetchOne(db, sql: "SELECT count(*) FROM requests WHERE state = 'waiting'") ?? 0
        }
    }

    private static func storedRequest(_ row: Row, _ path: String) throws -> StoredRequest {
        guard let kind = QuarantineRequest.Kind(rawValue: row["kind"]),
            let selector = JSON(text: row["selector"]).flatMap({ QuarantineSelector(json: $0) }),
            let outcome = JSON(text: row["outcome"]).flatMap({ RequestOutcome(json: $0) }),
            let patch = JSON(text: row["patch"])?.items?.compactMap({ RecordPatch.Assignment(json: $0) })
        else { throw PipelineError(.corrupt, "a request can't be read", place: path) }
        let state: String = row["state"]
        var withdrawal: Withdrawal?
        if let actor: String = row["withdrawn_by"], let reason: String = row["withdrawn_reason"],
            let time: Int64 = row["withdrawn_at"]
        {
            withdrawal = Withdrawal(actor: actor, reason: reason, time: time)
        }
        return StoredRequest(
            number: row["number"],
            request: QuarantineRequest(
                kind: kind, selector: selector, version: row["version"], patch: patch, actor: row["actor"],
                reason: row["reason"], time: row["time"]),
            outcome: outcome, isDone: state != "waiting", failure: row["failure"],
            withdrawal: withdrawal,
            next: QuarantineTable.Place(ordinal: row["next_batch"], row: row["next_row"]))
    }

    /// The request is carried out to its end; so many records more stay as they are.
    func complete(_ stored: StoredRequest, stayed: Int) throws(PipelineError) {
        try write { db in
            var outcome = stored.outcome
            outcome.stayed += stayed
            try db.execute(
                sql: "UPDATE requests SET state = 'done', outcome = ? WHERE number = ? AND state = 'waiting'",
                arguments: [outcome.json.text(), stored.number])
        }
    }

    /// The request can't be carried out.
    func refuse(_ number: Int, _ reason: String) throws(PipelineError) {
        try write { db in
            try db.execute(
                sql: "UPDATE requests SET state = 'refused', failure = ? WHERE number = ? AND state = 'waiting'",
                arguments: [reason, number])
        }
    }

    /// Lets the held batch pass, if one is held, on behalf of a request.
    func letPass(_ stored: StoredRequest) throws(PipelineError) {
        var breaker = try breaker()
        let isHeld = breaker.state != .closed
        if isHeld { breaker.letNextPass() }
        try write { db in
            if isHeld { try db.execute(sql: "UPDATE pipeline SET breaker = ?", arguments: [breaker.json.text()]) }
            try db.execute(
                sql: "UPDATE requests SET state = ?, failure = ? WHERE number = ? AND state = 'waiting'",
                arguments: [isHeld ? "done" : "refused", isHeld ? nil : "no batch is held", stored.number])
        }
    }
}
