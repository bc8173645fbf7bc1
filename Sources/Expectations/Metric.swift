public import Statistics
public import Tables

/// What is asked of the data, apart from who asks: equal keys are gathered once.
public struct MetricKey: Sendable, Hashable {
    /// Chosen by hand, stable: it names the metric in stored states.
    public let name: String
    /// In order, as the metric takes them.
    public let columns: [String]
    /// What else sets it apart, in a canonical spelling.
    public let arguments: String
    /// The row condition, canonically; `nil` for all rows.
    public var condition: String?

    public init(_ name: String, columns: [String] = [], arguments: String = "", condition: String? = nil) {
        self.name = name
        self.columns = columns
        self.arguments = arguments
        self.condition = condition
    }
}

extension MetricKey {
    /// By bytes: Swift's `String` takes composed and decomposed letters for equal, and data doesn't.
    public static func == (left: MetricKey, right: MetricKey) -> Bool {
        left.columns.count == right.columns.count && (left.condition == nil) == (right.condition == nil)
            && left.arguments.utf8.elementsEqual(right.arguments.utf8) && left.name.utf8.elementsEqual(right.name.utf8)
            && zip(left.columns, right.columns).allSatisfy { $0.utf8.elementsEqual($1.utf8) }
            && (left.condition ?? "").utf8.elementsEqual((right.condition ?? "").utf8)
    }

    public func hash(into hasher: inout Hasher) {
        Self.hash(name, into: &hasher)
        Self.hash(arguments, into: &hasher)
        Self.hash(condition ?? "", into: &hasher)
        for column in columns { Self.hash(column, into: &hasher) }
    }

    private static func hash(_ text: String, into hasher: inout Hasher) {
        var text = text
        hasher.combine(text.utf8.count)
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
}

/// A metric that can be gathered: its key, what it reads, and the accumulator that it begins with.
public struct Metric: Sendable {
    public let key: MetricKey
    /// Columns to read, those of the condition not included.
    public let projection: Projection
    /// Rows that count; `nil` for all.
    public let condition: RowSelection?
    public let empty: any Accumulator
    let readings: @Sendable (any Sendable) -> [MetricReading]

    /// `readings` picks the named numbers worth remembering over time.
    public init<A: Accumulator>(
        _ key: MetricKey, projection: Projection, condition: BoundCondition?, empty: A,
        readings: @escaping @Sendable (A.Result) -> [(name: String, value: Double?)] = { _ in [] }
    ) {
        var key = key
        key.condition = condition?.text
        self.key = key
        self.projection = projection
        self.condition = condition?.rows
        self.empty = empty
        let column = key.columns.isEmpty ? nil : key.columns.joined(separator: ",")
        let conditionText = condition?.text
        self.readings = { result in
            guard let result = result as? A.Result else { return [] }
            return readings(result).compactMap { reading in
                guard let value = reading.value, value.isFinite else { return nil }
                return MetricReading(name: reading.name, column: column, condition: conditionText, value: value)
            }
        }
    }

    /// The column whose values alone it tests, one by one; `nil` for metrics of other kinds.
    public var valueColumn: Int? { (empty as? RowTestTally)?.judge.test.valueColumn }

    /// The named numbers of a finished metric.
    public func readings(of result: any Sendable) -> [MetricReading] { readings(result) }
}

/// A row condition that fits a table.
public struct BoundCondition: Sendable {
    public let text: String
    public let rows: RowSelection
}

/// What a scan gathered: the finished metrics, the partitions, and rows that were looked at once more.
public struct Measurements: Sendable {
    /// A partition as it was read.
    public struct PartitionReading: Sendable {
        public let partition: Partition
        /// Number of its first row in the table, from 0.
        public let firstRow: Int
        public let rowCount: Int

        public init(partition: Partition, firstRow: Int, rowCount: Int) {
            self.partition = partition
            self.firstRow = firstRow
            self.rowCount = rowCount
        }
    }

    let places: RowPlaces
    private let results: [MetricKey: any Sendable]
    private let rowsUnread: [MetricKey: Int]
    private var revisited: [Int: RevisitedRow] = [:]

    /// `rowsUnread` tells, by metric, of how many rows the source's own statistics were enough; `storedRow` says where in
    /// its file a row of a partition is, both from 0.
    public init(
        results: [MetricKey: any Sendable], partitions: [PartitionReading], rowsUnread: [MetricKey: Int] = [:],
        storedRow: @escaping @Sendable (_ row: Int, _ partition: Int) -> Int = { row, _ in row }
    ) {
        self.results = results
        self.rowsUnread = rowsUnread
        places = RowPlaces(partitions: partitions, storedRow: storedRow)
    }

    /// Of how many rows none of the metrics had to read a value.
    func rowsUnread(_ metrics: [Metric]) -> Int {
        rowsUnread.isEmpty ? 0 : metrics.map { rowsUnread[$0.key] ?? 0 }.min() ?? 0
    }

    /// The finished metric of that key.
    public func result<Result>(_ key: MetricKey, as type: Result.Type) -> Result {
        guard let result = results[key] as? Result else {
            preconditionFailure("the scan did not gather \(key.name) as \(type)")
        }
        return result
    }

    /// Rows a second look has fetched, by their number in the table from 0.
    public func row(_ position: Int) -> RevisitedRow? { revisited[position] }

    public mutating func add(_ row: RevisitedRow, at position: Int) { revisited[position] = row }
}

/// Where the rows of a table are in its files.
struct RowPlaces: Sendable {
    let partitions: [Measurements.PartitionReading]
    /// Where in its file a row of a partition is, both from 0.
    let storedRow: @Sendable (_ row: Int, _ partition: Int) -> Int

    /// File and row number (from 1) of a row of the table.
    func place(of position: Int, partition: Int) -> (name: String, row: Int) {
        guard partition < partitions.count else { return ("", position + 1) }
        let reading = partitions[partition]
        return (reading.partition.name, storedRow(position - reading.firstRow, partition) + 1)
    }
}

/// Rows that a judgement wants to see again.
public struct RowRequest: Sendable {
    /// Numbers of rows in the table, from 0.
    public let positions: Set<Int>
    /// Columns by the schema's index.
    public let columns: [Int]

    public init(positions: Set<Int>, columns: [Int]) {
        self.positions = positions
        self.columns = columns
    }
}

/// A row seen a second time.
public struct RevisitedRow: Sendable {
    public let partition: Int
    public let byteOffset: Int64?
    public private(set) var values: [Int: ShownValue]

    public init(partition: Int, byteOffset: Int64?, values: [Int: ShownValue]) {
        self.partition = partition
        self.byteOffset = byteOffset
        self.values = values
    }

    public mutating func add(_ values: [Int: ShownValue]) { self.values.merge(values) { old, _ in old } }

    /// The values of some columns; missing ones where they weren't looked at.
    func values(of columns: [Int]) -> [ShownValue] { columns.map { values[$0] ?? ShownValue(.missing) } }
}
