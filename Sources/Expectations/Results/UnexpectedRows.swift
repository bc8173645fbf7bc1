import Statistics
import Tables

/// The first failing rows of a result, in input order: many are read from where the scan keeps them, each time that they are gone through.
public struct UnexpectedRows: Sendable {
    private enum Source: Sendable {
        case listed([UnexpectedRow])
        case kept(SampledRows, show: @Sendable (SampledRow) -> UnexpectedRow)
    }

    private let source: Source

    public init(_ rows: [UnexpectedRow]) { source = .listed(rows) }

    /// Rows that a scan kept: `values` and `index` name their values, and `places` tells in which files they are.
    init(_ rows: SampledRows, values: [String], index: [String], _ places: RowPlaces) {
        source = .kept(rows) { row in
            let place = places.place(of: row.position, partition: row.partition)
            return UnexpectedRow(
                values: UnexpectedRow.Cell.all(values, row.values), index: UnexpectedRow.Cell.all(index, row.index),
                partition: place.name, row: place.row, byteOffset: row.byteOffset)
        }
    }

    private init(_ source: Source) { self.source = source }

    public var count: Int {
        switch source {
        case .listed(let rows): rows.count
        case .kept(let rows, _): rows.count
        }
    }

    public var isEmpty: Bool { count == 0 }

    /// The same rows, each of them as `change` has it.
    public func changed(_ change: @escaping @Sendable (UnexpectedRow) -> UnexpectedRow) -> UnexpectedRows {
        switch source {
        case .listed(let rows): UnexpectedRows(rows.map(change))
        case .kept(let rows, let show): UnexpectedRows(.kept(rows) { change(show($0)) })
        }
    }

    /// All rows at once, and why some are missing among them, where they could not be written to disk or read from there.
    public func all() -> (rows: [UnexpectedRow], failure: String?) {
        var iterator = makeIterator()
        var rows: [UnexpectedRow] = []
        while let row = iterator.next() { rows.append(row) }
        return (rows, iterator.failure)
    }
}

extension UnexpectedRows: Sequence {
    public struct Iterator: IteratorProtocol {
        fileprivate enum State {
            case listed(IndexingIterator<[UnexpectedRow]>)
            case kept(SampledRows.Iterator, show: @Sendable (SampledRow) -> UnexpectedRow)
        }

        fileprivate var state: State

        fileprivate var failure: String? { if case .kept(let rows, _) = state { rows.failure } else { nil } }

        public mutating func next() -> UnexpectedRow? {
            switch state {
            case .listed(var rows):
                defer { state = .listed(rows) }
                return rows.next()
            case .kept(var rows, let show):
                defer { state = .kept(rows, show: show) }
                return rows.next().map(show)
            }
        }
    }

    public func makeIterator() -> Iterator {
        switch source {
        case .listed(let rows): Iterator(state: .listed(rows.makeIterator()))
        case .kept(let rows, let show): Iterator(state: .kept(rows.makeIterator(), show: show))
        }
    }

    public var underestimatedCount: Int { count }
}

extension UnexpectedRows: ExpressibleByArrayLiteral {
    public init(arrayLiteral rows: UnexpectedRow...) { self.init(rows) }
}

extension UnexpectedRow.Cell {
    /// Values with the names of their columns.
    static func all(_ columns: [String], _ values: [ShownValue]) -> [UnexpectedRow.Cell] {
        zip(columns, values).map { UnexpectedRow.Cell(column: $0, $1) }
    }
}
