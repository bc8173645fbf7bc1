public import Tables

/// The values of a column of numbers, dates or times, of which any can be asked for by its rank; exact.
///
/// A scan only lists them; ranks are found when they are asked for (`RankSelection`). Memory: 8 bytes a value, 16 of a
/// decimal of more than 18 digits; beyond the budget the lists go to a private file, and a fourth of it is for finding ranks.
/// Missing values and uncomparable ones are left out and counted; infinities stand at the ends.
public struct Quantiles: Accumulator {
    public struct Result: Sendable {
        /// Rows that were selected.
        public let rows: Int
        public let missing: Int
        public let uncomparable: Int
        /// Values that have ranks, 0 up to this.
        public let count: Int
        /// Why nothing is known, where a spill file could not be written.
        public let failure: String?
        /// The column's.
        public let type: LogicalType
        fileprivate let values: RankedValues
        /// For finding ranks, of which a pass keeps no more than it has room for.
        fileprivate let roomBytes: Int
    }

    /// Why values can't be told: a spill file could not be written or read.
    public struct Failure: Error, Sendable, Equatable {
        public let reason: String
    }

    private let column: Int
    private let type: LogicalType
    private let budget: MemoryBudget
    private var rows = 0
    private var missing = 0
    private var uncomparable = 0
    private var values: RankedValues
    /// Bytes that the budget has been told of.
    private var counted = 0
    private var failure: String?

    /// Whether a column of the type has quantiles.
    public static func areKnown(of type: LogicalType) -> Bool { type.isNumeric || type.isTemporal }

    public init(column: Int, type: LogicalType, budget: MemoryBudget = .unlimited) {
        precondition(Self.areKnown(of: type), "only numbers, dates and times have quantiles")
        self.column = column
        self.type = type
        self.budget = budget
        if case .decimal(let precision, _) = type, precision > 18 {
            values = .wide(ValueList())
        } else {
            values = .narrow(ValueList())
        }
    }

    public mutating func update(_ batch: Batch, rows selected: Bitmap?) {
        let column = batch.column(column)
        let count = selected?.population ?? batch.rowCount
        let present = selected.map { column.present.intersection($0) } ?? column.present
        let typed = column.uncomparable.map { present.subtracting($0) } ?? present
        rows += count
        missing += count - present.population
        uncomparable += present.population - typed.population
        values.append(column.values, typed)
    }

    public mutating func merge(_ other: Quantiles) {
        rows += other.rows
        missing += other.missing
        uncomparable += other.uncomparable
        failure = failure ?? other.failure
        guard failure == nil else { return }
        values.append(other.values)
        counted += other.values.heldBytes
        guard budget.add(other.values.heldBytes) else { return }
        do throws(SpillFile.Failure) { try values.spill(to: budget.directory) } catch { failure = error.message }
        _ = budget.add(-counted)
        counted = 0
    }

    public func finish() -> Result {
        Result(
            rows: rows, missing: missing, uncomparable: uncomparable, count: rows - missing - uncomparable,
            failure: failure, type: type, values: values, roomBytes: budget.limitBytes / 4)
    }
}

extension Quantiles.Result {
    /// The values that would stand at the ranks, counted from 0, if all were sorted.
    ///
    /// Costs a few passes over them.
    public func values(at ranks: [Int]) throws(Quantiles.Failure) -> [Value] {
        if let failure { throw Quantiles.Failure(reason: failure) }
        do throws(SpillFile.Failure) { return try values.values(at: ranks, type, roomBytes) } catch {
            throw Quantiles.Failure(reason: error.message)
        }
    }

    /// The rank nearest to a share of the way from the first value to the last; `nil` without values.
    ///
    /// It is `share × (count − 1)`, reckoned exactly and rounded half to even.
    public func rank(nearestTo share: DecimalNumber) -> Int? {
        guard count > 0 else { return nil }
        let share = share.reduced
        precondition(
            share >= DecimalNumber(0) && share <= DecimalNumber(1), "a share is 0 through 1")
        let unit = DecimalNumber.powerOfTen(share.scale)
        let (whole, rest) = unit.dividingFullWidth(share.unscaled.multipliedFullWidth(by: Int128(count - 1)))
        let isUp = rest == unit - rest ? whole % 2 == 1 : rest > unit - rest
        return Int(whole) + (isUp ? 1 : 0)
    }

    /// Ranks of the two values in the middle, which are one where the count is odd; none without values.
    public var middleRanks: [Int] { count == 0 ? [] : [(count - 1) / 2, count / 2] }
}

/// Values of a column in the width that they need.
enum RankedValues: Sendable {
    case narrow(ValueList<UInt64>)
    case wide(ValueList<UInt128>)

    var heldBytes: Int {
        switch self {
        case .narrow(let list): list.heldBytes
        case .wide(let list): list.heldBytes
        }
    }

    mutating func append(_ values: ColumnValues, _ rows: Bitmap) {
        switch self {
        case .narrow(var list):
            self = .narrow(ValueList())
            list.append(Self.narrowKeys(values, rows))
            self = .narrow(list)
        case .wide(var list):
            self = .wide(ValueList())
            list.append(Self.wideKeys(values, rows))
            self = .wide(list)
        }
    }

    mutating func append(_ other: RankedValues) {
        switch (self, other) {
        case (.narrow(var list), .narrow(let other)):
            // One owner: appending to a list that is held twice would copy it.
            self = .narrow(ValueList())
            list.append(other)
            self = .narrow(list)
        case (.wide(var list), .wide(let other)):
            self = .wide(ValueList())
            list.append(other)
            self = .wide(list)
        default: preconditionFailure("a column has one type")
        }
    }

    /// Leaves nothing in memory, whether or not it could be written.
    mutating func spill(to directory: String) throws(SpillFile.Failure) {
        switch self {
        case .narrow(var list):
            self = .narrow(ValueList())
            try list.spill(to: directory)
            self = .narrow(list)
        case .wide(var list):
            self = .wide(ValueList())
            try list.spill(to: directory)
            self = .wide(list)
        }
    }

    func values(at ranks: [Int], _ type: LogicalType, _ roomBytes: Int) throws(SpillFile.Failure) -> [Value] {
        switch self {
        case .narrow(let list):
            return try RankSelection.keys(at: ranks, of: list, roomBytes: roomBytes).map { key in
                switch type {
                case .float64: .float(Double(bitPattern: key & Self.sign == 0 ? ~key : key ^ Self.sign))
                case .uint64: .integer(Int128(key))
                default: Self.value(Int128(Int64(bitPattern: key ^ Self.sign)), type)
                }
            }
        case .wide(let list):
            return try RankSelection.keys(at: ranks, of: list, roomBytes: roomBytes).map {
                Self.value(Int128(truncatingIfNeeded: $0 ^ Self.wideSign), type)
            }
        }
    }

    private static func value(_ number: Int128, _ type: LogicalType) -> Value {
        switch type {
        case .decimal(_, let scale): .decimal(DecimalNumber(unscaled: number, scale: scale))
        case .date: .date(days: Int(number))
        case .time: .time(microseconds: Int64(number))
        case .timestamp: .timestamp(microseconds: Int64(number))
        case .duration: .duration(microseconds: Int64(number))
        default: .integer(number)
        }
    }

    // MARK: Keys

    private static let sign: UInt64 = 1 << 63
    private static let wideSign: UInt128 = 1 << 127

    private static func narrowKeys(_ values: ColumnValues, _ rows: Bitmap) -> [UInt64] {
        switch values {
        case .int64(let values), .time(let values), .timestamp(let values), .duration(let values),
            .decimal(let values, _):
            keys(values, rows) { UInt64(bitPattern: $0) ^ (1 << 63) }
        case .uint64(let values): keys(values, rows) { $0 }
        case .date(let values): keys(values, rows) { UInt64(bitPattern: Int64($0)) ^ (1 << 63) }
        case .float64(let values):
            keys(values, rows) { value in
                // −0.0 and 0.0 are one value; negative numbers descend by their bits.
                let bits = (value + 0.0).bitPattern
                return bits >> 63 == 0 ? bits | (1 << 63) : ~bits
            }
        default: preconditionFailure("the values are those of the column's type, and were asked for")
        }
    }

    private static func wideKeys(_ values: ColumnValues, _ rows: Bitmap) -> [UInt128] {
        guard case .wideDecimal(let values, _) = values else {
            preconditionFailure("decimals of more than 18 digits are stored in 128 bits")
        }
        return keys(values, rows) { UInt128(truncatingIfNeeded: $0) ^ (1 << 127) }
    }

    @inline(__always)
    private static func keys<Number, Key>(_ values: [Number], _ rows: Bitmap, _ key: (Number) -> Key) -> [Key] {
        if rows.isFull { return values.map(key) }
        var keys: [Key] = []
        keys.reserveCapacity(rows.population)
        values.withUnsafeBufferPointer { values in
            rows.forEach { keys.append(key(values[$0])) }
        }
        return keys
    }
}
