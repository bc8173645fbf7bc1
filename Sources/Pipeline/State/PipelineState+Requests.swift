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
        let path = "\(folder)/\(fileName)"
        do {
            if try !hasRequests(path) {
                // The state is older than requests are: whoever opens it brings it up to date.
                try PipelineState(folder: folder).close()
            }
            let queue = try DatabaseQueue(path: path, configuration: requestConfiguration)
            let number = try queue.write { db in
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
            try queue.close()
            return number
        } catch { throw PipelineError(state: error, place: path) }
    }

    private static var requestConfiguration: Configuration {
        var configuration = Configuration()
        configuration.label = "request"
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { db in try db.execute(sql: "PRAGMA synchronous = FULL") }
        return configuration
    }

    private static func hasRequests(_ path: String) throws -> Bool {
        let queue = try DatabaseQueue(path: path, configuration: requestConfiguration)
        defer { try? queue.close() }
        return try queue.read { db in try db.tableExists("requests") }
    }

    /// A request by its number.
    public func request(_ number: Int) throws(PipelineError) -> StoredRequest? {
        try read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM requests WHERE number = ?", arguments: [number])
                .map { try storedRequest($0) }
        }
    }

    /// The oldest that waits to be carried out.
    func waitingRequest(passes: Bool) throws(PipelineError) -> StoredRequest? {
        try read { db in
            let sql = """
                SELECT * FROM requests WHERE state = 'waiting' AND (kind = 'pass') = ? ORDER BY number LIMIT 1
                """
            return try Row.fetchOne(db, sql: sql, arguments: [passes]).map { try storedRequest($0) }
        }
    }

    /// How many wait to be carried out.
    public func waitingRequestCount() throws(PipelineError) -> Int {
        try read { db in
            guard try db.tableExists("requests") else { return 0 }
            return try Int.fetchOne(db, sql: "SELECT count(*) FROM requests WHERE state = 'waiting'") ?? 0
        }
    }

    private func storedRequest(_ row: Row) throws -> StoredRequest {
        guard let kind = QuarantineRequest.Kind(rawValue: row["kind"]),
            let selector = JSON(text: row["selector"]).flatMap({ QuarantineSelector(json: $0) }),
            let outcome = JSON(text: row["outcome"]).flatMap({ RequestOutcome(json: $0) }),
            let patch = JSON(text: row["patch"])?.items?.compactMap({ RecordPatch.Assignment(json: $0) })
        else { throw PipelineError(.corrupt, "a request can't be read", place: path) }
        let state: String = row["state"]
        return StoredRequest(
            number: row["number"],
            request: QuarantineRequest(
                kind: kind, selector: selector, version: row["version"], patch: patch, actor: row["actor"],
                reason: row["reason"], time: row["time"]),
            outcome: outcome, isDone: state != "waiting", failure: row["failure"],
            next: QuarantineTable.Place(ordinal: row["next_batch"], row: row["next_row"]))
    }

    /// The request is carried out to its end; so many records more stay as they are.
    func complete(_ stored: StoredRequest, stayed: Int) throws(PipelineError) {
        try write { db in
            var outcome = stored.outcome
            outcome.stayed += stayed
            try db.execute(
                sql: "UPDATE requests SET state = 'done', outcome = ? WHERE number = ?",
                arguments: [outcome.json.text(), stored.number])
        }
    }

    /// The request can't be carried out.
    func refuse(_ number: Int, _ reason: String) throws(PipelineError) {
        try write { db in
            try db.execute(
                sql: "UPDATE requests SET state = 'refused', failure = ? WHERE number = ?", arguments: [reason, number])
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
                sql: "UPDATE requests SET state = ?, failure = ? WHERE number = ?",
                arguments: [isHeld ? "done" : "refused", isHeld ? nil : "no batch is held", stored.number])
        }
    }
}
