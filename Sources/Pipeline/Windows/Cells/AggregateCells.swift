import Expressions
import Tables

/// The partial results of one aggregate, a cell a window and group.
///
/// The laws, tested for every aggregate: merging an empty cell changes nothing; feeding rows one after the other equals merging cells
/// that were fed parts of them; the order of parts doesn't matter. An `any` of it is called a column and batch, never a row.
protocol AggregateCells: Sendable {
    /// Adds empty cells at the end.
    mutating func grow(by count: Int)
    /// Makes a cell empty.
    mutating func clear(_ cell: Int)
    /// Takes in rows, each into a cell of its own; `column` holds what is aggregated, and the rows have values in it; where rows are
    /// counted it may be any.
    mutating func add(_ column: Column, _ places: CellPlaces)
    /// Takes in cells of the same aggregate.
    mutating func merge(_ pairs: [CellPair], of other: any AggregateCells)
    /// How many bytes the cell has when it is written, about.
    func size(of cell: Int) -> Int
    func write(_ cell: Int, to writer: inout ByteWriter)
    /// Takes in a cell that was written; `false` where the bytes are no such cell.
    mutating func merge(_ cell: Int, from reader: inout ByteReader) -> Bool
    /// What comes of a cell; `nil` where there is no value that the type holds, which is a problem then.
    func value(of cell: Int) -> Value?
}

/// Rows of a batch, and the cell that each goes to.
struct CellPlaces: Sendable {
    var rows: [Int] = []
    var cells: [Int] = []

    /// Those of the places whose row is marked.
    func among(_ rows: Bitmap) -> CellPlaces {
        var places = CellPlaces()
        for (row, cell) in zip(self.rows, cells) where rows[row] {
            places.rows.append(row)
            places.cells.append(cell)
        }
        return places
    }

    /// Calls `body` with each row's value and cell.
    @inline(__always)
    func forEach<Element>(_ values: [Element], _ body: (Element, Int) -> Void) {
        values.withUnsafeBufferPointer { values in
            for index in rows.indices { body(values[rows[index]], cells[index]) }
        }
    }
}

/// A cell, and another whose rows it is to have, too.
struct CellPair: Sendable {
    let cell: Int
    let other: Int
}

extension BoundAggregate {
    /// No cells yet, of the kind that the aggregate needs.
    ///
    /// - seed: of hashes that are kept.
    func makeCells(seed: UInt64) -> any AggregateCells {
        switch function {
        case .count, .countIf: CountCells()
        case .countDistinct: DistinctCells(seed: seed)
        case .percentile, .median: ValueCells(fraction: fraction ?? 0.5)
        case .sum, .avg: argument?.type == .float64 ? FloatSumCells(isMean: function == .avg) : sumCells
        case .min, .max:
            switch argument?.type {
            case .float64: ExtremeCells<Double>(isMaximum: function == .max, type: type)
            case .string: TextExtremeCells(isMaximum: function == .max)
            default: ExtremeCells<Int128>(isMaximum: function == .max, type: type)
            }
        }
    }

    private var sumCells: any AggregateCells {
        let scale = if case .decimal(_, let scale)? = argument?.type { scale } else { 0 }
        return SumCells(isMean: function == .avg, scale: scale, type: type)
    }

    /// What the cells take of a batch's rows: the values, and the rows that have one.
    func values(of batch: Batch, clock: Int64) -> AggregatedValues {
        guard let argument else { return AggregatedValues(column: nil, rows: nil, problems: nil) }
        let (column, problems) = argument.evaluate(batch, clock: clock)
        var rows = column.present
        if function == .countIf, case .boolean(let bits) = column.values { rows.formIntersection(bits) }
        if case .float64(let values) = column.values, values.contains(where: \.isNaN) {
            rows.subtract(Bitmap(count: rows.count) { values[$0].isNaN })
        }
        return AggregatedValues(column: column, rows: rows, problems: problems.isEmpty ? nil : problems)
    }
}

/// What an aggregate takes of a batch.
struct AggregatedValues: Sendable {
    /// `nil` where only rows are counted.
    let column: Column?
    /// `nil` for all.
    let rows: Bitmap?
    let problems: ValueProblems?
}
