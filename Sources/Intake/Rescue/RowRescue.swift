import Formats
import Foundation
import Tables

/// The rescue of one batch, row by row.
struct RowRescue {
    /// What makes a record one that columns can't stand for.
    static let corrupting: Set<RowProblem.Kind> = [
        .invalidUTF8, .textAfterQuote, .invalidJSON, .loneSurrogate, .rowTooLong, .unclosedQuote,
    ]

    private let batch: Batch
    private let format: FileFormat?
    /// Where the batch comes from, if that is delimited text.
    private let fields: CSVSource?
    /// Of the fields' source.
    private let partition: Int
    private let corrupt: Set<Int>
    /// Those of which there is only the beginning.
    private let cutShort: Set<Int>
    private let unfit: [UnfitColumn]
    private let notesNewColumns: Bool
    private let missingValues: Set<String>
    private var leftovers: JSONLeftovers?
    private var text = RescuedText()
    private var starts: [UInt32]
    private var lengths: [UInt32]
    private var present: Bitmap
    private var newColumns = SeenColumns()

    /// A column with cells that it doesn't hold as they were written.
    private struct UnfitColumn {
        /// Of the schema.
        let index: Int
        let name: String
        let cells: Bitmap
        let column: Column
    }

    init(_ batch: Batch, _ source: IntakeSource, notesNewColumns: Bool) {
        self.batch = batch
        self.notesNewColumns = notesNewColumns
        let segment = source.segment(of: batch.partition)
        format = segment?.format
        fields = segment?.source as? CSVSource
        precondition(batch.records != nil || format == .parquet, "what is rescued stands in the records")
        partition = batch.partition - (segment?.files.lowerBound ?? 0)
        missingValues = source.options.json.missingValues
        corrupt = Set(batch.problems.lazy.filter { Self.corrupting.contains($0.kind) }.map(\.row))
        cutShort = Set(
            batch.problems.lazy.filter { [.rowTooLong, .unclosedQuote].contains($0.kind) }.map(\.row))
        unfit = batch.columns.enumerated().compactMap { index, column in
            guard let column, let cells = column.unkept else { return nil }
            return UnfitColumn(index: index, name: source.schema.fields[index].name, cells: cells, column: column)
        }
        if format == .json {
            leftovers = JSONLeftovers(
                columns: source.schema.names, flattenedLevels: source.options.json.flattenedLevels)
        } else if notesNewColumns {
            for surplus in batch.surplus { newColumns.take(surplus.name, .type(Self.guess(surplus.column))) }
        }
        starts = [UInt32](repeating: 0, count: batch.rowCount)
        lengths = starts
        present = Bitmap(repeating: false, count: batch.rowCount)
    }

    var result: RescuedRows {
        let cells = TextCells(bytes: text.bytes, starts: starts, lengths: lengths)
        return RescuedRows(
            column: Column(type: .string, present: present, values: .text(cells), lexemes: cells),
            newColumns: newColumns)
    }

    mutating func take(_ row: Int) {
        text.begin()
        if corrupt.contains(row) {
            takeRecord(row)
        } else if format == .json {
            if !takeJSON(row) { takeRecord(row) }
        } else {
            takeCells(row)
        }
        guard let place = text.end() else { return }
        present[row] = true
        starts[row] = UInt32(truncatingIfNeeded: place.lowerBound)
        lengths[row] = UInt32(truncatingIfNeeded: place.count)
    }

    /// The record as it was read, as far as there is one.
    private mutating func takeRecord(_ row: Int) {
        let isWhole = !cutShort.contains(row)
        batch.records?.withCell(row) { record in
            let isText = String(validating: record, as: UTF8.self) != nil
            switch (isText, isWhole) {
            case (true, true): text.key(RescuedRows.Key.corrupt)
            case (false, true): text.key(RescuedRows.Key.corruptBytes)
            case (true, false): text.key(RescuedRows.Key.beginning)
            case (false, false): text.key(RescuedRows.Key.beginningBytes)
            }
            if isText { text.string(record) } else { text.base64(record) }
        }
    }
}

extension RowRescue {
    /// What JSON has beside the columns; false where the record is none.
    private mutating func takeJSON(_ row: Int) -> Bool {
        guard let records = batch.records, var leftovers else { return false }
        var unknown: [(name: String, raw: [UInt8])] = []
        var repeated: [(name: String, values: [[UInt8]])] = []
        var places: [[UInt8]: Int] = [:]
        let isObject = records.withCell(row) { record in
            leftovers.find(in: record) { column in
                unfit.contains { $0.index == column && $0.cells[row] }
            } _: { value in
                guard value.reason != .repeated else {
                    let place = places[Array(value.name.utf8), default: repeated.count]
                    places[Array(value.name.utf8)] = place
                    if place == repeated.count { repeated.append((value.name, [])) }
                    repeated[place].values.append(Array(value.raw))
                    return
                }
                text.key(RescuedRows.Key.of(value.name))
                text.raw(value.raw)
                if value.reason == .unknown, notesNewColumns { unknown.append((value.name, Array(value.raw))) }
            }
        }
        if !repeated.isEmpty { take(repeated) }
        for (name, raw) in unknown {
            raw.withUnsafeBytes { raw in
                leftovers.paths(of: name, raw, missingValues: missingValues) { name, type in
                    newColumns.take(name, type.map { .type($0) } ?? .nothing)
                }
            }
        }
        self.leftovers = leftovers
        return isObject
    }

    private mutating func take(_ repeated: [(name: String, values: [[UInt8]])]) {
        text.key(RescuedRows.Key.duplicates)
        text.raw([0x7B])
        for (place, member) in repeated.enumerated() {
            if place > 0 { text.raw([0x2C]) }
            text.string(member.name)
            text.raw([0x3A, 0x5B])
            for (number, value) in member.values.enumerated() {
                if number > 0 { text.raw([0x2C]) }
                text.raw(value)
            }
            text.raw([0x5D])
        }
        text.raw([0x7D])
    }
}

extension RowRescue {
    /// What a format of fields has beside the columns.
    private mutating func takeCells(_ row: Int) {
        for column in unfit where column.cells[row] {
            text.key(RescuedRows.Key.of(column.name))
            column.column.texts.withCell(row) { text.value($0) }
        }
        for surplus in batch.surplus where surplus.column.present[row] {
            text.key(RescuedRows.Key.of(surplus.name))
            take(surplus.column, row)
        }
        guard batch.unfitting?[row] ?? false else { return }
        let extra = batch.records?.withCell(row) { fields?.surplusFields(of: $0, in: partition) } ?? []
        guard !extra.isEmpty else { return }
        text.key(RescuedRows.Key.extra)
        text.raw([0x5B])
        for (place, field) in extra.enumerated() {
            if place > 0 { text.raw([0x2C]) }
            field.withUnsafeBytes { text.value($0) }
        }
        text.raw([0x5D])
    }

    /// A value of a column that knows its type.
    private mutating func take(_ column: Column, _ row: Int) {
        switch column.type {
        case .boolean, .int64, .uint64, .float64, .decimal: text.raw(column.value(at: row).json.text().utf8)
        case .list, .structure, .map: column.texts.withCell(row) { text.raw($0) }
        case .binary: column.texts.withCell(row) { text.base64($0) }
        default: column.texts.withCell(row) { text.value($0) }
        }
    }

    /// What the values of a column look like that the schema hasn't.
    private static func guess(_ column: Column) -> LogicalType {
        column.type == .string ? TextColumn.guess(column.texts, present: column.present) : column.type
    }
}

extension TextCells {
    /// The bytes of one cell, for the length of `body`.
    fileprivate func withCell<Result>(_ row: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withCells { bytes, starts, lengths in
            let start = Int(starts[row])
            return body(UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(lengths[row])]))
        }
    }
}
