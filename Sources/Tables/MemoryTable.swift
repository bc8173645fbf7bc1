import Synchronization

/// A table held in memory: for tests, fixtures and small results.
public struct MemoryTable: BatchSource {
    public let schema: Schema
    public let partitions: [Partition]
    public var typeOrigins: [TypeOrigin] { schema.fields.map { _ in .stored } }
    private let columns: [[Value]]
    private let rowCount: Int
    private let batchSize: Int

    /// `columns` has a list of values a field, all equally long; a text in a column of another type is an uncomparable
    /// value.
    ///
    /// The rows are handed out `batchSize` at a time.
    public init(
        _ schema: Schema, columns: [[Value]], rowCount: Int? = nil, batchSize: Int = 4096, name: String = "memory",
        modified: Int64? = nil
    ) {
        precondition(columns.count == schema.fields.count, "a column of values a field")
        self.schema = schema
        self.columns = columns
        self.rowCount = rowCount ?? columns.first?.count ?? 0
        self.batchSize = max(1, batchSize)
        partitions = [Partition(name: name, modified: modified)]
    }

    public func retyping(_ types: [Int: LogicalType], origin: TypeOrigin) -> (any BatchSource)? { nil }

    public func open(_ projection: Projection, ordinals: Set<Int>?) throws(SourceError) -> any BatchReader {
        var batches: [Batch] = []
        var first = 0
        while first < rowCount {
            let rows = first..<min(rowCount, first + batchSize)
            let ordinal = batches.count
            let wanted = schema.fields.indices.map { index in
                projection.needs[index] == nil
                    ? nil : Column(schema.fields[index].type, Array(columns[index][rows]))
            }
            batches.append(Batch(ordinal: ordinal, rowCount: rows.count, columns: wanted))
            first = rows.upperBound
        }
        return MemoryReader(batches.filter { ordinals?.contains($0.ordinal) ?? true })
    }
}

/// Hands out batches that are there already.
private final class MemoryReader: BatchReader {
    private let batches: [Batch]
    private let taken = Mutex(0)

    init(_ batches: [Batch]) { self.batches = batches }

    func makeWorker() -> any BatchWorker { MemoryWorker(self) }

    fileprivate func take() -> Batch? {
        taken.withLock { taken in
            guard taken < batches.count else { return nil }
            taken += 1
            return batches[taken - 1]
        }
    }
}

private final class MemoryWorker: BatchWorker {
    private let reader: MemoryReader
    let widenings: [Int: LogicalType] = [:]

    init(_ reader: MemoryReader) { self.reader = reader }

    func next() throws(SourceError) -> Batch? { reader.take() }
}

extension Column {
    /// A column out of single values.
    ///
    /// NaN is missing; what is no value of the type becomes uncomparable.
    public init(_ type: LogicalType, _ values: [Value]) {
        let isMissing = values.map { value in
            if case .float(let number) = value { return number.isNaN }
            return value.isMissing
        }
        var isTyped = [Bool](repeating: false, count: values.count)
        func pick<Element>(_ filler: Element, _ convert: (Value) -> Element?) -> [Element] {
            values.indices.map { row in
                guard !isMissing[row], let element = convert(values[row]) else { return filler }
                isTyped[row] = true
                return element
            }
        }
        let storage: ColumnValues =
            switch type {
            case .boolean:
                .boolean(Bitmap(pick(false) { if case .boolean(let bit) = $0 { bit } else { nil } }))
            case .int64: .int64(pick(0) { $0.exactNumber?.integer.flatMap { Int64(exactly: $0) } })
            case .uint64: .uint64(pick(0) { $0.exactNumber?.integer.flatMap { UInt64(exactly: $0) } })
            case .float64: .float64(pick(0) { $0.double })
            case .decimal(let precision, let scale) where precision <= 18:
                .decimal(
                    pick(0) { $0.exactNumber?.rescaled(to: scale).flatMap { Int64(exactly: $0.unscaled) } },
                    scale: scale)
            case .decimal(_, let scale):
                .wideDecimal(pick(0) { $0.exactNumber?.rescaled(to: scale)?.unscaled }, scale: scale)
            case .date: .date(pick(0) { if case .date(let days) = $0 { Int32(days) } else { nil } })
            case .time: .time(pick(0) { if case .time(let ticks) = $0 { ticks } else { nil } })
            case .timestamp: .timestamp(pick(0) { if case .timestamp(let ticks) = $0 { ticks } else { nil } })
            case .duration: .duration(pick(0) { if case .duration(let ticks) = $0 { ticks } else { nil } })
            default: .text(TextCells(pick("") { if case .text(let text) = $0 { text } else { nil } }))
            }
        let present = Bitmap(isMissing.map { !$0 })
        let uncomparable = present.subtracting(Bitmap(isTyped))
        self.init(
            type: type, present: present, uncomparable: uncomparable.isEmpty ? nil : uncomparable, values: storage,
            lexemes: TextCells(values.map { $0.isMissing ? nil : $0.description }))
    }
}

extension Bitmap {
    public init(_ bits: [Bool]) { self.init(count: bits.count, where: { bits[$0] }) }
}
