import GRDB

/// One of the things that pruning does, a transaction at a time.
enum PruningStep {
    case runs(before: Int64)
    case samples(before: Int64)
    case reports(before: Int64)

    static func all(of plan: PruningPlan) -> [PruningStep] {
        var steps: [PruningStep] = []
        if let time = plan.resultsBefore { steps.append(.runs(before: KeptRuns.number(from: time))) }
        if let time = plan.samplesBefore { steps.append(.samples(before: KeptRuns.number(from: time))) }
        if let time = plan.reportsBefore { steps.append(.reports(before: KeptRuns.number(from: time))) }
        return steps
    }

    /// Does as much as fits in one transaction; whether that was all.
    func take(_ db: Database, limit: Int) throws -> (Pruned, Bool) {
        switch self {
        case .runs(let number): try RunRemoval(db: db, before: number).take(limit)
        case .samples(let number): try Self.takeSamples(db, before: number, limit)
        case .reports(let number): try Self.takeReports(db, before: number, limit)
        }
    }

    func count(_ db: Database, _ plan: PruningPlan) throws -> Pruned {
        var pruned = Pruned()
        // What belongs to a run that goes is counted with it.
        let first = plan.resultsBefore.map { KeptRuns.number(from: $0) } ?? .min
        let kept = Self.list(try KeptRuns.numbers(db))
        switch self {
        case .runs(let number):
            pruned.runs =
                try Int.fetchOne(
                    db, sql: "SELECT count(*) FROM runs WHERE number < ? AND number NOT IN (\(kept))",
                    arguments: [number]) ?? 0
        case .samples(let number):
            pruned.samples =
                try Int.fetchOne(
                    db,
                    sql: """
                        SELECT count(*) FROM findings WHERE run < ? AND (run >= ? OR run IN (\(kept)))
                            AND (unexpected_rows IS NOT NULL OR unexpected_counts IS NOT NULL)
                        """, arguments: [number, first]) ?? 0
        case .reports(let number):
            pruned.reports =
                try Int.fetchOne(
                    db,
                    sql: """
                        SELECT count(*) FROM runs WHERE number < ? AND number >= ? AND report IS NOT NULL
                            AND number NOT IN (\(kept))
                        """, arguments: [number, first]) ?? 0
        }
        return pruned
    }

    /// Numbers of ours, not texts of others.
    private static func list(_ numbers: Set<Int64>) -> String { numbers.map(String.init).joined(separator: ",") }

    /// The index `findings_with_samples` has only rows that are still to be done.
    private static func takeSamples(_ db: Database, before number: Int64, _ limit: Int) throws -> (Pruned, Bool) {
        let found = try Int64.fetchAll(
            db,
            sql: """
                SELECT rowid FROM findings WHERE run < ?
                    AND (unexpected_rows IS NOT NULL OR unexpected_counts IS NOT NULL) ORDER BY run LIMIT ?
                """, arguments: [number, limit])
        let remove = try db.cachedStatement(sql: "DELETE FROM findings WHERE rowid = ? AND details IS NULL")
        let empty = try db.cachedStatement(
            sql: "UPDATE findings SET unexpected_rows = NULL, unexpected_counts = NULL WHERE rowid = ?")
        for row in found {
            try remove.execute(arguments: [row])
            if db.changesCount == 0 { try empty.execute(arguments: [row]) }
        }
        var pruned = Pruned()
        pruned.samples = found.count
        return (pruned, found.count < limit)
    }

    private static func takeReports(_ db: Database, before number: Int64, _ limit: Int) throws -> (Pruned, Bool) {
        let kept = list(try KeptRuns.numbers(db))
        try db.execute(
            sql: """
                UPDATE runs SET report = NULL WHERE number IN (
                    SELECT number FROM runs WHERE number < ? AND report IS NOT NULL AND number NOT IN (\(kept))
                    ORDER BY number LIMIT ?)
                """, arguments: [number, limit])
        var pruned = Pruned()
        pruned.reports = db.changesCount
        return (pruned, db.changesCount < limit)
    }
}
