import GRDB

/// Somebody's wish that a validation be run.
public struct RunRequest: Sendable, Hashable {
    /// Where the wish comes from.
    public enum Origin: Sendable, Hashable {
        case person
        /// A pipeline has committed a batch.
        case pipeline(String)
    }

    public enum State: Int, Sendable, Hashable, CaseIterable {
        case waiting = 0
        case running = 1
        case finished = 2
    }

    public let id: String
    public let validation: Validation
    public let origin: Origin
    /// Who asked.
    public let actor: String
    /// Microseconds since 1970, like all times here.
    public let requestedAt: Int64
    public let state: State
    public let startedAt: Int64?
    public let finishedAt: Int64?
    /// The id of the run that it led to; several requests may have led to one.
    public let run: String?

    /// A request that waits.
    public init(id: String, validation: Validation, origin: Origin = .person, actor: String, requestedAt: Int64) {
        self.id = id
        self.validation = validation
        self.origin = origin
        self.actor = actor
        self.requestedAt = requestedAt
        state = .waiting
        startedAt = nil
        finishedAt = nil
        run = nil
    }

    init(_ row: Row) {
        id = row["id"]
        validation = Validation(suite: row["suite"], asset: row["asset"])
        origin = Origin(stored: row["origin"])
        actor = row["actor"]
        requestedAt = row["requested_at"]
        state = State(rawValue: row["state"]) ?? .finished
        startedAt = row["started_at"]
        finishedAt = row["finished_at"]
        run = row["run"]
    }
}

extension RunRequest.Origin {
    var stored: String {
        switch self {
        case .person: "person"
        case .pipeline(let name): "pipeline:\(name)"
        }
    }

    init(stored: String) {
        let prefix = "pipeline:"
        self = stored.hasPrefix(prefix) ? .pipeline(String(stored.dropFirst(prefix.count))) : .person
    }
}

extension LedgerTransaction {
    /// Notes a wish for a run; done by whichever service holds the validation next.
    ///
    /// Of one pipeline only one wish waits: false where there is one already, and nothing is noted. Error: `duplicate-request` for an id that is there.
    @discardableResult
    public func request(_ request: RunRequest) throws -> Bool {
        let validation = request.validation
        if case .pipeline = request.origin {
            let waiting = try Bool.fetchOne(
                db, sql: "SELECT 1 FROM requests WHERE suite = ? AND asset = ? AND state = 0 AND origin = ?",
                arguments: [validation.suite, validation.asset, request.origin.stored])
            if waiting != nil { return false }
        }
        if try Bool.fetchOne(db, sql: "SELECT 1 FROM requests WHERE id = ?", arguments: [request.id]) != nil {
            throw LedgerError(
                code: "duplicate-request", message: "there is a request with the id \"\(request.id)\" already",
                place: path)
        }
        try db.execute(
            sql: "INSERT INTO requests (id, suite, asset, origin, actor, requested_at) VALUES (?, ?, ?, ?, ?, ?)",
            arguments: [
                request.id, validation.suite, validation.asset, request.origin.stored, StoredText.fit(request.actor),
                request.requestedAt,
            ])
        return true
    }
}

extension Ledger {
    /// The request with an id; `nil` where there is none.
    public func request(id: String) throws(LedgerError) -> RunRequest? {
        try read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM requests WHERE id = ?", arguments: [id]).map { RunRequest($0) }
        }
    }

    /// The latest requests, newest first.
    public func requests(limit: Int) throws(LedgerError) -> [RunRequest] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM requests ORDER BY number DESC LIMIT ?", arguments: [limit])
                .map { RunRequest($0) }
        }
    }
}
