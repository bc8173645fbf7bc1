public import Tables

/// The newest date or time of a column that is not too far in the future.
///
/// 40 bytes.
public struct Newest: Accumulator, Equatable {
    public struct Result: Sendable, Equatable {
        /// Rows that were selected.
        public let rows: Int
        public let missing: Int
        public let uncomparable: Int
        /// Microseconds since 1970-01-01T00:00:00Z; `nil` where nothing counts.
        public let newest: Int64?
        /// Values beyond the limit, which don't count.
        public let future: Int
        /// The farthest of them.
        public let farthest: Int64?
    }

    private let column: Int
    private let type: LogicalType
    private let limit: Int64
    private var rows = 0
    private var missing = 0
    private var uncomparable = 0
    private var future = 0
    private var newest: Int64?
    private var farthest: Int64?

    /// `limit`, in microseconds since 1970-01-01T00:00:00Z, is the last instant that counts.
    ///
    /// A date counts as its midnight.
    public init(column: Int, type: LogicalType, limit: Int64) {
        self.column = column
        self.type = type
        self.limit = limit
    }

    public mutating func update(_ batch: Batch, rows selected: Bitmap?) {
        let column = batch.column(column)
        let count = selected?.population ?? batch.rowCount
        let present = selected.map { column.present.intersection($0) } ?? column.present
        let typed = column.uncomparable.map { present.subtracting($0) } ?? present
        rows += count
        missing += count - present.population
        uncomparable += present.population - typed.population
        switch column.values {
        case .timestamp(let values): typed.forEach { take(values[$0]) }
        case .date(let values): typed.forEach { take(CivilTime.midnight(ofDay: Int(values[$0]))) }
        default: preconditionFailure("only dates and timestamps have an age")
        }
    }

    /// Enough is known where no value lies beyond the limit: how many do is told of none.
    public mutating func update(_ outline: Outline) -> Bool {
        guard let summary = outline.columns[column], let uncomparableCount = summary.uncomparableCount else {
            return false
        }
        if summary.typedCount != 0 {
            guard summary.isExtentExact, case .integers(_, let greatest)? = summary.extent,
                let instant = Int64(exactly: greatest * Int128(type == .date ? CivilTime.microsecondsPerDay : 1)),
                instant <= limit
            else { return false }
            take(instant)
        }
        rows += summary.rowCount
        missing += summary.missingCount
        uncomparable += uncomparableCount
        return true
    }

    @inline(__always)
    private mutating func take(_ instant: Int64) {
        if instant <= limit {
            newest = max(newest ?? instant, instant)
        } else {
            future += 1
            farthest = max(farthest ?? instant, instant)
        }
    }

    public mutating func merge(_ other: Newest) {
        rows += other.rows
        missing += other.missing
        uncomparable += other.uncomparable
        future += other.future
        newest = [newest, other.newest].compactMap { $0 }.max()
        farthest = [farthest, other.farthest].compactMap { $0 }.max()
    }

    public func finish() -> Result {
        Result(
            rows: rows, missing: missing, uncomparable: uncomparable, newest: newest, future: future, farthest: farthest
        )
    }
}
