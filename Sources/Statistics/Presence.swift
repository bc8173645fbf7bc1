public import Tables

/// Counts rows and, among them, those without a value.
///
/// 24 bytes.
public struct Presence: Accumulator, Equatable {
    public struct Result: Sendable, Equatable {
        public let rows: Int
        public let missing: Int

        /// Share of rows that hold a value, 0 through 1; `nil` when there are no rows.
        public var present: Double? { rows == 0 ? nil : Double(rows - missing) / Double(rows) }
    }

    private let column: Int
    private var rows = 0
    private var missing = 0

    public init(column: Int) { self.column = column }

    public mutating func update(_ batch: Batch, rows selected: Bitmap?) {
        let present = batch.column(column).present
        let count = selected?.population ?? batch.rowCount
        rows += count
        missing += count - (selected.map { present.intersection($0) } ?? present).population
    }

    public mutating func update(_ outline: Outline) -> Bool {
        guard let summary = outline.columns[column] else { return false }
        rows += summary.rowCount
        missing += summary.missingCount
        return true
    }

    public mutating func merge(_ other: Presence) {
        rows += other.rows
        missing += other.missing
    }

    public func finish() -> Result { Result(rows: rows, missing: missing) }
}

/// Counts rows.
///
/// 8 bytes.
public struct RowCount: Accumulator, Equatable {
    private var rows = 0

    public init() {}

    public mutating func update(_ batch: Batch, rows selected: Bitmap?) {
        rows += selected?.population ?? batch.rowCount
    }

    public mutating func update(_ outline: Outline) -> Bool {
        rows += outline.rowCount
        return true
    }

    public mutating func merge(_ other: RowCount) { rows += other.rows }

    public func finish() -> Int { rows }
}
