import Files
import Tables

/// One thread's share of reading Parquet files.
final class ParquetWorker: BatchWorker {
    let widenings: [Int: LogicalType] = [:]
    private let reader: ParquetReader
    /// Columns of the schema, ascending, and what is wanted of them.
    private let wanted: [(column: Int, need: ColumnNeed)]
    private var stretch = 0..<0
    private var file: Int?
    /// By the place among the wanted columns, for the file at hand.
    private var columns: [WantedColumn] = []

    init(_ reader: ParquetReader) {
        self.reader = reader
        wanted = reader.projection.needs.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    func next() throws(SourceError) -> Batch? {
        if stretch.isEmpty { stretch = reader.takeStretch() }
        guard let first = stretch.first else { return nil }
        stretch = (first + 1)..<stretch.upperBound
        let place = reader.source.plan.place(reader.ordinal(first))
        let file = reader.source.files[place.file]
        if self.file != place.file { begin(place.file) }
        var batch = [Column?](repeating: nil, count: reader.source.schema.fields.count)
        do throws(ParquetError) {
            let narrowed = reader.narrowed[place.ordinal]
            for (index, (column, _)) in wanted.enumerated() where narrowed.map({ $0.needs[column] != nil }) ?? true {
                batch[column] = try columns[index].column(place, file)
            }
        } catch {
            throw error.located(in: file.name, partition: place.file)
        }
        return Batch(
            ordinal: place.ordinal, partition: place.file, rowCount: place.rowCount, columns: batch,
            byteCount: byteCount(place, file))
    }

    private func begin(_ file: Int) {
        self.file = file
        let schema = reader.source.schema
        columns = wanted.map { column, need in
            WantedColumn(
                reader.source.origins[file][column], reader.source.files[file].schema.leaves,
                type: schema.fields[column].type, need: need)
        }
    }

    /// The batch's share of its file, for progress.
    private func byteCount(_ place: BatchPlan.Place, _ file: ParquetFile) -> Int {
        Int(Double(file.byteCount) * Double(place.rowCount) / Double(max(1, file.rowCount)))
    }
}

/// A column of a file that a worker reads, row group by row group.
private final class WantedColumn {
    private let type: LogicalType
    private let form: Form

    private enum Form {
        /// Without a value in any row of the file.
        case missing
        /// With one in every row, whatever it be.
        case present
        case leaf(LeafColumn)
        case nested(NestedColumn)
        case nestedPresence(NestedPresence)
    }

    init(_ origin: ColumnOrigin?, _ leaves: [SchemaLeaf], type: LogicalType, need: ColumnNeed) {
        self.type = type
        switch origin?.place {
        case nil: form = .missing
        case .leaf(let leaf):
            if origin?.isUntyped == true {
                form = .missing
            } else if need == .presence, leaf.maximumDefinitionLevel == 0, type != .float64 {
                form = .present
            } else {
                form = .leaf(LeafColumn(leaf, need))
            }
        case .nested(let node, let fit):
            if need == .presence, node.repetition != .optional {
                form = .present
            } else if need == .presence, let column = NestedPresence(node, leaves, type) {
                form = .nestedPresence(column)
            } else {
                form = .nested(NestedColumn(node, fit, type, isCopied: need.contains(.stored)))
            }
        }
    }

    func column(_ place: BatchPlan.Place, _ file: ParquetFile) throws(ParquetError) -> Column {
        switch form {
        case .missing: return Column(missing: type, count: place.rowCount)
        case .present:
            return Column(type: type, present: Bitmap(repeating: true, count: place.rowCount), values: .none)
        case .leaf(let column): return try column.column(place, file)
        case .nested(let column): return try column.column(place, file)
        case .nestedPresence(let column): return try column.column(place, file)
        }
    }
}

/// A leaf that doesn't repeat, as it is read.
private final class LeafColumn {
    private let leaf: SchemaLeaf
    private let maker: any ColumnMaker
    private var reader: LeafReader?
    private var rowGroup = -1

    init(_ leaf: SchemaLeaf, _ need: ColumnNeed) {
        self.leaf = leaf
        maker = columnMaker(leaf, need: need)
    }

    func column(_ place: BatchPlan.Place, _ file: ParquetFile) throws(ParquetError) -> Column {
        if rowGroup != place.rowGroup || (reader?.row ?? .max) > place.firstRow {
            rowGroup = place.rowGroup
            reader = try LeafReader(file, rowGroup: rowGroup, leaf: leaf, levelsOnly: maker is PresenceMaker)
        }
        guard let reader else { preconditionFailure("a reader was made") }
        try reader.skip(toRow: place.firstRow)
        return try maker.column(reader, rows: place.rowCount)
    }
}
