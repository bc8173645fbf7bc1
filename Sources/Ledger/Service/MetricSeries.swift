import GRDB

/// A number of an asset over time.
public struct MetricSeries: Sendable, Equatable {
    /// As in `missing_count`, `mean`, `row_count`.
    public let name: String
    /// `nil` for numbers of the table.
    public let column: String?
    /// The row condition that it was gathered under.
    public let condition: String?
    /// Newest first.
    public let points: [MetricPoint]

    public init(name: String, column: String?, condition: String?, points: [MetricPoint]) {
        self.name = name
        self.column = column
        self.condition = condition
        self.points = points
    }

    /// Whether it tells values of columns out of some that are personal.
    public func tellsValues(in personal: Set<String>) -> Bool { Self.tellsValues(name, of: column, in: personal) }

    /// Of a personal column only counts may be told: its extremes are values of someone, and so is the mean of one row.
    static func tellsValues(_ name: String, of column: String?, in personal: Set<String>) -> Bool {
        guard let column, !personal.isEmpty, !name.hasSuffix("_count") else { return false }
        return personal.contains(column) || column.split(separator: ",").contains { personal.contains(String($0)) }
    }
}

/// Which numbers of an asset are wanted.
public struct MetricFilter: Sendable, Hashable {
    public var name: String?
    /// The empty text for numbers of the table.
    public var column: String?
    /// Microseconds since 1970-01-01T00:00:00Z.
    public var since: Int64?

    public init(name: String? = nil, column: String? = nil, since: Int64? = nil) {
        self.name = name
        self.column = column
        self.since = since
    }
}

extension Ledger {
    /// The numbers of an asset, by name and column, those of the table first: `seriesLimit` at most, with their latest `limit` values.
    public func metricSeries(
        ofAsset asset: String, matching filter: MetricFilter = MetricFilter(), seriesLimit: Int, limit: Int
    ) throws(LedgerError) -> [MetricSeries] {
        var clause = ""
        var arguments: StatementArguments = [asset]
        if let name = filter.name {
            clause += " AND name = ?"
            arguments += [name]
        }
        if let column = filter.column {
            clause += " AND column = ?"
            arguments += [column]
        }
        let first = filter.since.map { Self.firstNumber(at: $0) } ?? .min
        return try read { db in
            let series = try Row.fetchAll(
                db,
                sql: """
                    SELECT number, name, column, condition FROM series WHERE asset = ?\(clause)
                    ORDER BY column <> '', condition <> '', column, name, condition LIMIT ?
                    """,
                arguments: arguments + [seriesLimit])
            // The table's key has all that is asked of it.
            let points = try db.cachedStatement(
                sql: "SELECT run, value FROM metrics WHERE series = ? AND run >= ? ORDER BY run DESC LIMIT ?")
            let values = try series.map { row in
                // A year of hourly runs is 8,760 rows a series: columns by place, not by name.
                try Array(
                    Row.fetchCursor(points, arguments: [row["number"] as Int64, first, limit]).map { point in
                        (run: point[0] as Int64, value: point[1] as Double?)
                    })
            }
            let runs = try Self.references(db, to: Set(values.joined().map(\.run)))
            return zip(series, values).map { row, values in
                MetricSeries(
                    name: row["name"], column: Self.text(row["column"]), condition: Self.text(row["condition"]),
                    points: values.compactMap { value in
                        runs[value.run].map { MetricPoint(run: $0, value: value.value ?? .nan) }
                    })
            }
        }
    }

    /// Runs by their numbers, each looked up once: the series of an asset share most of theirs.
    private static func references(_ db: Database, to numbers: Set<Int64>) throws -> [Int64: RunReference] {
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: "SELECT number, id, started_at FROM runs WHERE number IN (SELECT value FROM json_each(?))"),
            arguments: ["[" + numbers.map { String($0) }.joined(separator: ",") + "]"])
        var references: [Int64: RunReference] = [:]
        references.reserveCapacity(numbers.count)
        while let row = try rows.next() { references[row[0]] = RunReference(id: row[1], startedAt: row[2]) }
        return references
    }

    private static func text(_ stored: String) -> String? { stored.isEmpty ? nil : stored }
}
