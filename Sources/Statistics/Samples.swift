public import Tables

/// A row that was picked from a scan, with the values that are shown of it.
public struct SampledRow: Sendable, Equatable {
    /// Number of the row in the table, from 0.
    public var position: Int
    public let partition: Int
    public let byteOffset: Int64?
    /// Of the columns that were judged, in their order.
    public let values: [ShownValue]
    /// Of the columns that name the row.
    public let index: [ShownValue]

    public init(position: Int, partition: Int, byteOffset: Int64?, values: [ShownValue], index: [ShownValue]) {
        self.position = position
        self.partition = partition
        self.byteOffset = byteOffset
        self.values = values
        self.index = index
    }

    /// Bytes of its texts.
    var byteCount: Int { (values + index).reduce(0) { $0 + $1.byteCount } }

    /// The same row with texts of so many Unicode scalars at most.
    func cut(to limit: Int) -> SampledRow {
        SampledRow(
            position: position, partition: partition, byteOffset: byteOffset,
            values: values.map { ShownValue($0, limit: limit) }, index: index.map { ShownValue($0, limit: limit) })
    }
}

/// What to keep of failing rows.
public struct SampleSpecification: Sendable, Hashable {
    /// The first so many, by position.
    public let limit: Int
    /// Columns that name a row, by the schema's index.
    public let indexColumns: [Int]
    /// Whether values are kept, or places only.
    public let keepsValues: Bool

    public init(limit: Int, indexColumns: [Int] = [], keepsValues: Bool = true) {
        self.limit = limit
        self.indexColumns = indexColumns
        self.keepsValues = keepsValues
    }

    public var projection: Projection {
        Projection(Dictionary(uniqueKeysWithValues: Set(indexColumns).map { ($0, [.values, .text]) }))
    }
}

/// The smallest so many positions that were offered, ascending.
struct LowestPositions: Sendable, Equatable {
    let limit: Int
    private(set) var positions: [Int] = []

    init(limit: Int) { self.limit = limit }

    mutating func offer(_ position: Int) {
        guard limit > 0 else { return }
        if positions.count == limit {
            guard let last = positions.last, position < last else { return }
            positions.removeLast()
        }
        var low = 0
        var high = positions.count
        while low < high {
            let middle = (low + high) / 2
            if positions[middle] < position { low = middle + 1 } else { high = middle }
        }
        positions.insert(position, at: low)
    }

    mutating func shift(by distance: Int) {
        for index in positions.indices { positions[index] += distance }
    }
}
