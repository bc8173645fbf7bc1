import Files
import Tables

/// One thread's share of reading delimited files: takes chunks, makes batches.
final class CSVWorker: BatchWorker {
    private let reader: CSVReader
    private(set) var widenings: [Int: LogicalType] = [:]
    /// For the file at hand: how to cut it, and which of its fields is which column.
    private var layout: Layout?
    private let missingValues: [[UInt8]]
    /// What is left of a chunk that is read in parts, the next one last.
    private var parts: [(chunk: Chunk<CSVRows>, part: BatchPart)] = []

    private struct Layout {
        let file: Int
        var index: FieldIndex
        /// Column of the schema, place in the file (`nil` where the file lacks it), what is wanted of it.
        let wanted: [(column: Int, field: Int?, need: ColumnNeed)]
        /// Fields of the file that the schema hasn't; empty where nobody asked for records.
        let surplus: [(field: Int, name: String)]
    }

    init(_ reader: CSVReader) {
        self.reader = reader
        missingValues = reader.source.options.missingValues.map { Array($0.utf8) }
    }

    func next() throws(SourceError) -> Batch? {
        guard var (chunk, part) = try nextPart() else { return nil }
        if let long = chunk.rows.long { return long.batch(of: chunk, reader.source.schema, reader.projection) }
        var layout = layout(for: chunk.file)
        chunk.rows.bytes.withUnsafeBytes { layout.index.build($0) }
        let most = max(1, reader.source.options.batchCells / max(1, layout.wanted.count + layout.surplus.count))
        if layout.index.rowCount > most {
            parts = Self.parts(of: chunk, layout.index, rows: most)
            guard let first = parts.popLast() else { preconditionFailure("a chunk with rows has parts") }
            (chunk, part) = first
            chunk.rows.bytes.withUnsafeBytes { layout.index.build($0) }
        }
        let long = longRows(layout.index, chunk)
        let records = reader.projection.wantsRecords ? records(layout.index, chunk.rows.bytes, long) : nil
        if !long.isEmpty { layout.index.empty(long.map(\.row)) }
        self.layout = layout
        let index = layout.index
        let byteCount = chunk.rows.bytes.count + chunk.leadingBytes
        let problems = problems(index, chunk, long)
        let (columns, surplus) = columns(layout, &chunk.rows.bytes)
        let unfitting = problems.lazy.filter { $0.kind == .tooManyFields || $0.kind == .rowTooLong }.map(\.row)
        return Batch(
            ordinal: chunk.ordinal, part: part, partition: chunk.file, rowCount: index.rowCount, columns: columns,
            offsets: RowOffsets(base: chunk.offset, starts: index.rowStarts), problems: problems,
            records: records,
            unfitting: records == nil || unfitting.isEmpty
                ? nil : Bitmap(count: index.rowCount, setting: Array(unfitting)),
            surplus: surplus, byteCount: byteCount)
    }

    private func nextPart() throws(SourceError) -> (chunk: Chunk<CSVRows>, part: BatchPart)? {
        if let part = parts.popLast() { return part }
        return try reader.chunks.next().map { ($0, .whole) }
    }

    /// A chunk in parts of so many rows, the first one last.
    private static func parts(
        of chunk: Chunk<CSVRows>, _ index: FieldIndex, rows most: Int
    ) -> [(chunk: Chunk<CSVRows>, part: BatchPart)] {
        stride(from: 0, to: index.rowCount, by: most).reversed().map { row in
            let isLast = index.rowCount - row <= most
            // What is no row, as an empty line, belongs to the row before, or to the first.
            let start = row == 0 ? 0 : Int(index.rowStarts[row])
            let end = isLast ? chunk.rows.bytes.count : Int(index.rowStarts[row + most])
            let part = Chunk(
                ordinal: chunk.ordinal, file: chunk.file, offset: chunk.offset + Int64(start),
                leadingBytes: row == 0 ? chunk.leadingBytes : 0,
                rows: CSVRows(bytes: Array(chunk.rows.bytes[start..<end])))
            return (part, BatchPart(firstRow: row, isLast: isLast))
        }
    }

    /// The rows as they were read, without their line breaks; of those that are too long the beginning.
    private func records(_ index: FieldIndex, _ bytes: [UInt8], _ long: [RowProblem]) -> TextCells {
        let ends = (0..<index.rowCount).map { index.separators.base[Int(index.rowLast.base[$0])] }
        var lengths = zip(ends, index.rowStarts).map { $0 &- $1 }
        for row in long.map(\.row) {
            let start = Int(index.rowStarts[row])
            let kept = LongRow.kept(
                of: bytes[start..<start + Int(lengths[row])], reader.source.options.keptOfLongRows ?? 0)
            lengths[row] = UInt32(truncatingIfNeeded: kept)
        }
        return TextCells(bytes: bytes, starts: index.rowStarts, lengths: lengths)
    }

    /// Rows that are longer than rows may be; where those are errors, the chunk has none.
    private func longRows(_ index: FieldIndex, _ chunk: Chunk<CSVRows>) -> [RowProblem] {
        let maximum = reader.source.options.maximumRowBytes
        let bytes = chunk.rows.bytes
        guard bytes.count > maximum else { return [] }
        let splitter = RowSplitter(delimiter: index.delimiter, quote: index.quote)
        return bytes.withUnsafeBytes { raw in
            (0..<index.rowCount).compactMap { row in
                let part = Int(index.rowStarts[row])..<index.rowEnd(row, in: raw)
                guard part.count > maximum else { return nil }
                let openQuote = splitter.openQuote(inRow: bytes[part], of: maximum).map { chunk.offset + Int64($0) }
                return .tooLong(row, part.count, maximum, openQuote: openQuote)
            }
        }
    }

    /// The columns of a chunk, by the schema's index, and those that the schema hasn't.
    ///
    /// Afterwards `bytes` are no longer the file's: see ``FieldCutter/cut(_:of:)``.
    private func columns(_ layout: Layout, _ bytes: inout [UInt8]) -> ([Column?], [SurplusColumn]) {
        let cutter = FieldCutter(index: layout.index, missingValues: missingValues)
        let cut = cutter.cut(layout.wanted.map(\.field) + layout.surplus.map(\.field), of: &bytes)
        let surplus = zip(cut.dropFirst(layout.wanted.count), layout.surplus).compactMap { cells, surplus in
            cells.flatMap { cells in
                cells.present.isEmpty
                    ? nil
                    : SurplusColumn(
                        name: surplus.name,
                        column: Column(
                            type: .string, present: cells.present, values: .text(cells.texts), lexemes: cells.texts))
            }
        }
        var columns = [Column?](repeating: nil, count: reader.source.schema.fields.count)
        for (cells, (column, _, need)) in zip(cut, layout.wanted) {
            let type = reader.source.schema.fields[column].type
            guard let cells else {
                columns[column] = Column(missing: type, count: layout.index.rowCount)
                continue
            }
            var parser = CellParser(
                type: type, origin: reader.source.typeOrigins[column], zone: reader.source.options.timeZone)
            let made = parser.column(cells, need: need)
            columns[column] = need.contains(.strays) ? made.keeping(parser.strays(cells, made)) : made
            if let wider = parser.widening { widen(column, to: wider) }
        }
        return (columns, surplus)
    }

    private func widen(_ column: Int, to type: LogicalType) {
        widenings[column] = widenings[column].map { $0.widenedOrText(toInclude: type) } ?? type
    }

    private func layout(for file: Int) -> Layout {
        if let layout, layout.file == file { return layout }
        guard let dialect = reader.source.files[file].dialect else {
            preconditionFailure("chunks are of files with a dialect")
        }
        let places = Dictionary(dialect.columns.enumerated().map { (Array($1.utf8), $0) }) { first, _ in first }
        let wanted = reader.projection.needs.sorted { $0.key < $1.key }.map { column, need in
            (column, places[Array(reader.source.schema.fields[column].name.utf8)], need)
        }
        let index = FieldIndex(delimiter: dialect.delimiter, quote: dialect.quote, width: dialect.columns.count)
        let known = Set(reader.source.schema.fields.map { Array($0.name.utf8) })
        let surplus = dialect.columns.enumerated().filter {
            reader.projection.wantsRecords && !known.contains(Array($0.element.utf8))
        }
        return Layout(
            file: file, index: index, wanted: wanted, surplus: surplus.map { (field: $0.offset, name: $0.element) })
    }

    /// What is wrong with rows of the chunk as rows, ascending.
    private func problems(_ index: FieldIndex, _ chunk: Chunk<CSVRows>, _ long: [RowProblem]) -> [RowProblem] {
        var problems = index.textAfterQuote.map {
            RowProblem(row: $0, kind: .textAfterQuote, detail: "text between a closing quote and the end of the field")
        }
        if !index.isRectangular {
            for row in 0..<index.rowCount where index.fieldCount(row) != index.width {
                let found = index.fieldCount(row)
                problems.append(
                    RowProblem(
                        row: row, kind: found < index.width ? .tooFewFields : .tooManyFields,
                        detail: "\(found) \(found == 1 ? "field" : "fields"), expected \(index.width)"))
            }
        }
        if !index.isASCII { chunk.rows.bytes.withUnsafeBytes { problems += invalidText($0, index, chunk.offset) } }
        if !long.isEmpty {
            // Nothing else is said of them: how much of one is looked at depends on where chunks end.
            let rows = Set(long.map(\.row))
            problems.removeAll { rows.contains($0.row) }
            problems += long
        }
        return problems.sorted { ($0.row, $0.kind.rawValue) < ($1.row, $1.kind.rawValue) }
    }

    private func invalidText(_ bytes: UnsafeRawBufferPointer, _ index: FieldIndex, _ offset: Int64) -> [RowProblem] {
        var problems: [RowProblem] = []
        var position = 0
        while let invalid = TextCheck.firstInvalid(bytes, from: position) {
            // The last row that begins at or before the byte.
            var low = 0
            var high = index.rowCount
            while low < high {
                let middle = (low + high) / 2
                if Int(index.rowStarts[middle]) <= invalid { low = middle + 1 } else { high = middle }
            }
            guard low > 0 else { return problems }
            problems.append(
                RowProblem(
                    row: low - 1, kind: .invalidUTF8, detail: "byte offset \(offset + Int64(invalid)) is no UTF-8"))
            guard low < index.rowCount else { break }
            position = Int(index.rowStarts[low])
        }
        return problems
    }
}
