import Files
import Tables

/// One thread's share of reading JSON files: takes chunks, makes batches.
final class JSONWorker: BatchWorker {
    private let reader: JSONReader
    private(set) var widenings: [Int: LogicalType] = [:]
    private(set) var sightings = ColumnSightings()
    /// Of columns that the last batches showed other types of than the schema has, where that was asked for.
    private var fittedTypes: [Int: LogicalType] = [:]
    private var extractor: JSONExtractor
    /// Columns of the schema, ascending, and what is wanted of them.
    private let wanted: [(column: Int, need: ColumnNeed)]
    private let missingValues: [[UInt8]]
    /// What the extractor is taking apart, where it isn't done yet.
    private var unfinished: Chunk<JSONRows>?

    init(_ reader: JSONReader) {
        self.reader = reader
        wanted = reader.projection.needs.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        missingValues = reader.source.options.missingValues.map { Array($0.utf8) }
        extractor = JSONExtractor(
            reader.source.outline, wanted: wanted.map { reader.source.columnNodes[$0.column] },
            flattenedLevels: reader.source.options.flattenedLevels,
            mostRows: max(1, reader.source.options.batchCells / max(1, wanted.count)),
            keepsLongRows: reader.source.options.keptOfLongRows != nil, notesLateKeys: reader.source.settlesColumns)
    }

    deinit { extractor.deallocate() }

    func next() throws(SourceError) -> Batch? {
        guard var chunk = try nextChunk() else { return nil }
        if let long = chunk.rows.long { return long.batch(of: chunk, reader.source.schema, reader.projection) }
        let start = extractor.taken.place
        let maximum = reader.source.options.maximumRowBytes
        if let long = extractor.extract(chunk.rows, maximum: maximum) {
            var error = JSONCutter.rowTooLong(
                reader.source.files[chunk.file].input.name, chunk.offset + Int64(long.place), maximum,
                rowsBefore: long.rowsBefore)
            error.partition = chunk.file
            throw error
        }
        let end = min(extractor.taken.place, chunk.rows.count)
        let isLast = end == chunk.rows.count
        if isLast, extractor.lateKeys?.keys.isEmpty == false { noteLateColumns(chunk) }
        if !isLast { unfinished = chunk }
        let rowCount = extractor.rowStarts.count
        let problems = problems(chunk, start..<end)
        let records = reader.projection.wantsRecords ? records(chunk.rows) : nil
        if !extractor.escaped.isEmpty { extractor.cells.unescape(extractor.escaped, &chunk.rows.bytes) }
        var columns = [Column?](repeating: nil, count: reader.source.schema.fields.count)
        for (place, (column, need)) in wanted.enumerated() {
            let cells = cells(place, rowCount, chunk.rows.bytes)
            var maker = maker(of: column)
            var made = maker.column(cells, need: need)
            if need.contains(.fitted), let better = maker.betterType(cells, made) {
                fittedTypes[column] = better
                maker = self.maker(of: column)
                made = maker.column(cells, need: need)
            }
            columns[column] = need.contains(.strays) ? made.keeping(maker.strays(cells, made)) : made
            if let wider = maker.widening {
                widenings[column] = widenings[column].map { $0.widenedOrText(toInclude: wider) } ?? wider
            }
        }
        return Batch(
            ordinal: chunk.ordinal, part: BatchPart(firstRow: extractor.firstRow, isLast: isLast),
            partition: chunk.file, rowCount: rowCount, columns: columns,
            offsets: RowOffsets(base: chunk.offset, starts: extractor.rowStarts), problems: problems, records: records,
            unfitting: records == nil || extractor.unfitting.isEmpty
                ? nil : Bitmap(count: rowCount, setting: extractor.unfitting),
            byteCount: end - start + (start == 0 ? chunk.leadingBytes : 0))
    }

    /// The chunk that isn't done yet, or another one.
    private func nextChunk() throws(SourceError) -> Chunk<JSONRows>? {
        if let chunk = unfinished {
            unfinished = nil
            return chunk
        }
        guard let chunk = try reader.chunks.next() else { return nil }
        if chunk.rows.long == nil { try checkArray(chunk) }
        extractor.begin()
        return chunk
    }

    /// Where malformed rows aren't kept, an array that isn't closed is a file that was cut off, and what stands behind one that
    /// is belongs to no row.
    private func checkArray(_ chunk: Chunk<JSONRows>) throws(SourceError) {
        guard reader.source.options.keptOfLongRows == nil else { return }
        let (rows, name) = (chunk.rows, reader.source.files[chunk.file].input.name)
        if rows.form == .elements, rows.isLast, !rows.isClosed {
            throw SourceError(
                code: "truncated", message: "the array of rows is not closed: the file ends in the middle",
                place: name, partition: chunk.file, byteOffset: chunk.offset + Int64(rows.count))
        }
        if rows.form == .behindArray,
            let place = rows.bytes[..<rows.count].firstIndex(where: { !JSONScanner.isSpace($0) })
        {
            let offset = chunk.offset + Int64(place)
            throw SourceError(
                code: "text-behind-array", message: "text stands behind the end of the array, at byte offset \(offset)",
                place: name, partition: chunk.file, byteOffset: offset,
                hint: "a file holds one array of rows, or rows of which each has a line of its own")
        }
    }

    private func noteLateColumns(_ chunk: Chunk<JSONRows>) {
        guard let keys = extractor.lateKeys else { return }
        let source = reader.source
        chunk.rows.bytes.withUnsafeBytes { bytes in
            JSONScanner.withContainers { containers in
                var scanner = JSONScanner(
                    bytes, end: chunk.rows.count, isLine: chunk.rows.form != .elements, containers: containers)
                sightings.merge(
                    ColumnSightings(
                        keys.columns(source.outline, &scanner, source.options, batch: chunk.ordinal)))
            }
        }
    }

    private func maker(of column: Int) -> JSONColumnMaker {
        JSONColumnMaker(
            type: fittedTypes[column] ?? reader.source.schema.fields[column].type,
            origin: reader.source.typeOrigins[column], zone: reader.source.options.timeZone)
    }

    /// The cells of a wanted column.
    ///
    /// Those of missing rows are made empty: what earlier chunks left there lies anywhere.
    private func cells(_ place: Int, _ rowCount: Int, _ bytes: [UInt8]) -> JSONColumnMaker.Cells {
        let all = extractor.cells
        let part = place * all.rowCapacity..<place * all.rowCapacity + rowCount
        let kinds = UnsafeBufferPointer(rebasing: all.kinds[part])
        if !missingValues.isEmpty { dropListed(all, part, bytes) }
        let present = Self.present(UnsafeRawBufferPointer(kinds))
        if !present.isFull {
            present.inverted.forEach { row in
                all.starts[part.lowerBound + row] = 0
                all.lengths[part.lowerBound + row] = 0
            }
        }
        let texts = TextCells(bytes: bytes, starts: Array(all.starts[part]), lengths: Array(all.lengths[part]))
        return JSONColumnMaker.Cells(texts: texts, kinds: kinds, present: present)
    }

    /// A bit for each byte that is not zero: eight at a time.
    private static func present(_ kinds: UnsafeRawBufferPointer) -> Bitmap {
        Bitmap(count: kinds.count) { words in
            var row = 0
            while row &+ 8 <= kinds.count {
                // Kinds are small: adding carries into the highest bit exactly where there is one.
                let eight = UInt64(littleEndian: kinds.loadUnaligned(fromByteOffset: row, as: UInt64.self))
                let marks = (eight &+ 0x7F7F_7F7F_7F7F_7F7F) & 0x8080_8080_8080_8080
                // Gathers the eight marks into the highest byte.
                let bits = ((marks &>> 7) &* 0x0102_0408_1020_4080) &>> 56
                words[row &>> 6] |= bits &<< UInt64(row & 63)
                row &+= 8
            }
            while row < kinds.count {
                if kinds[row] != JSONKind.missing { words[row &>> 6] |= 1 &<< UInt64(row & 63) }
                row &+= 1
            }
        }
    }

    /// Makes missing what is one of the listed stand-ins for a missing value.
    private func dropListed(_ cells: JSONCells, _ part: Range<Int>, _ bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            for cell in part where (JSONKind.text...JSONKind.fraction).contains(cells.kinds[cell]) {
                let start = Int(cells.starts[cell])
                let text = bytes[start..<start + Int(cells.lengths[cell])]
                if missingValues.contains(where: { $0.count == text.count && text.elementsEqual($0) }) {
                    cells.kinds[cell] = JSONKind.missing
                }
            }
        }
    }

    /// The rows as they were read: lines without their line feed; elements without what separates them.
    private func records(_ rows: JSONRows) -> TextCells {
        var starts = extractor.rowStarts
        var lengths = starts
        rows.bytes.withUnsafeBytes { bytes in
            for row in starts.indices {
                var start = Int(starts[row])
                var end =
                    rows.form == .elements
                    ? Int(rows.elementEnds[extractor.firstRow + row]) : JSONBlock.lineEnd(bytes, start, rows.count)
                if rows.form == .elements {
                    while start < end, JSONScanner.isSpace(bytes[start]) { start += 1 }
                    while end > start, JSONScanner.isSpace(bytes[end - 1]) { end -= 1 }
                }
                starts[row] = UInt32(truncatingIfNeeded: start)
                lengths[row] = UInt32(truncatingIfNeeded: end - start)
            }
        }
        for row in extractor.longRows {
            let record = rows.bytes[Int(starts[row])..<Int(starts[row]) + Int(lengths[row])]
            let kept = LongRow.kept(of: record, reader.source.options.keptOfLongRows ?? 0)
            lengths[row] = UInt32(truncatingIfNeeded: kept)
        }
        return TextCells(bytes: rows.bytes, starts: starts, lengths: lengths)
    }

    /// What is wrong with the rows in a part of the chunk as rows, ascending.
    private func problems(_ chunk: Chunk<JSONRows>, _ part: Range<Int>) -> [RowProblem] {
        var invalid = chunk.rows.bytes.withUnsafeBytes { bytes in
            TextCheck.isASCII(UnsafeRawBufferPointer(rebasing: bytes[part]))
                ? [] : invalidText(UnsafeRawBufferPointer(rebasing: bytes[..<part.upperBound]), part.lowerBound, chunk)
        }
        if !extractor.longRows.isEmpty {
            let long = Set(extractor.longRows)
            invalid.removeAll { long.contains($0.row) }
        }
        return (extractor.problems + invalid).sorted { ($0.row, $0.kind.rawValue) < ($1.row, $1.kind.rawValue) }
    }

    private func invalidText(
        _ bytes: UnsafeRawBufferPointer, _ start: Int, _ chunk: Chunk<JSONRows>
    ) -> [RowProblem] {
        let starts = extractor.rowStarts
        var problems: [RowProblem] = []
        var position = start
        while let invalid = TextCheck.firstInvalid(bytes, from: position) {
            // The last row that begins at or before the byte.
            var low = 0
            var high = starts.count
            while low < high {
                let middle = (low + high) / 2
                if Int(starts[middle]) <= invalid { low = middle + 1 } else { high = middle }
            }
            if low > 0 {
                problems.append(
                    RowProblem(
                        row: low - 1, kind: .invalidUTF8,
                        detail: "byte offset \(chunk.offset + Int64(invalid)) is no UTF-8"))
            }
            guard low < starts.count else { break }
            position = Int(starts[low])
        }
        return problems
    }
}
