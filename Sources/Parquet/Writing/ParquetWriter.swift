public import Files
public import Tables

/// Writes a Parquet file, row group by row group.
///
/// Rows come as batches or one by one, and go to disk when a row group is full; the file has its name once its
/// `OutputFile` is committed, after `finish()`. The same rows give the same bytes, however they were cut into batches,
/// as long as row groups end because of their rows and not of their bytes.
///
/// After an error the file is no good: whatever is called throws the same error again, and the output is to be given up.
/// One thread at a time writes.
public final class ParquetWriter {
    public let schema: ParquetSchema
    let file: OutputFile
    private let options: ParquetWriterOptions
    private let leaves: [LeafWriter]
    private let shredder: RecordShredder
    private var rowsInGroup = 0
    private var rowCount = 0
    private var groups: [FinishedGroup] = []
    private var failure: OutputError?

    /// Begins a file of a schema, in an output that has no bytes yet.
    ///
    /// Error: `unsupported-type` for a leaf that can't be written (INT96, FLOAT16), and the output's own.
    public init(
        to file: OutputFile, schema: ParquetSchema, options: ParquetWriterOptions = ParquetWriterOptions()
    ) throws(OutputError) {
        precondition(file.byteCount == 0, "a Parquet file begins where its output begins")
        precondition(
            options.pageRowLimit > 0 && options.pageByteLimit > 0 && options.rowGroupRowLimit > 0,
            "a page and a row group take a row at least")
        try schema.checkWritable(place: file.path)
        self.file = file
        self.schema = schema
        self.options = options
        let packer = PagePacker(options.codec, level: options.compressionLevel, place: file.path)
        leaves = schema.leaves.map { LeafWriter($0, options: options, packer: packer) }
        shredder = RecordShredder(schema, leaves: leaves, file: file.path)
        try file.write(Array("PAR1".utf8))
    }

    /// Appends a batch whose columns are the schema's fields, in order.
    ///
    /// A nested field's column holds JSON texts. Errors: `missing-value`, `unfit-value`, `uncomparable-value`,
    /// `invalid-utf8`, `wrong-type`, `value-too-large`, all with column and row, and the output's own.
    public func append(_ batch: Batch) throws(OutputError) {
        try append(columns: schema.fields.indices.map { batch.column($0) }, rowCount: batch.rowCount)
    }

    /// Appends rows whose columns are the schema's fields, in order.
    public func append(columns: [Column], rowCount count: Int) throws(OutputError) {
        precondition(columns.count == schema.fields.count, "a column a field")
        precondition(columns.allSatisfy { $0.count == count }, "the columns of a batch are equally long")
        try attempt { () throws(OutputError) in
            let cells = try zip(columns, schema.fields).map { column, field throws(OutputError) in
                try writable(column, field)
            }
            var row = 0
            while row < count {
                // Small enough for the row group's bytes to be looked at often.
                let end = min(count, row + 8_192, row + options.rowGroupRowLimit - rowsInGroup)
                for (index, field) in schema.fields.enumerated() {
                    try append(columns[index], present: cells[index], rows: row..<end, to: field, index)
                }
                rowsInGroup += end - row
                rowCount += end - row
                row = end
                try closeGroupIfFull()
            }
        }
    }

    /// Appends rows, each a structure of the schema's fields by name; absent fields are missing.
    public func append(rows: [ParquetValue]) throws(OutputError) {
        try attempt { () throws(OutputError) in
            for row in rows {
                try shredder.append(row: row, number: Int64(rowCount))
                for leaf in leaves { try leaf.endRow() }
                rowsInGroup += 1
                rowCount += 1
                try closeGroupIfFull()
            }
        }
    }

    /// Bytes of packed pages, dictionaries and pages in the making that are held in memory.
    public var heldByteCount: Int { leaves.reduce(0) { $0 + $1.byteCount } }

    /// Ends the row group in the making, so that the memory that it takes is free.
    public func endRowGroup() throws(OutputError) {
        try attempt { () throws(OutputError) in try closeGroup() }
    }

    /// Writes what is left, the indexes and the footer; nothing can be appended afterwards.
    ///
    /// The output is complete then, to be committed, prepared or given up by the caller.
    public func finish() throws(OutputError) -> ParquetFileSummary {
        let summary = try attempt { () throws(OutputError) in
            try closeGroup()
            return try FooterWriter(file: file, schema: schema, options: options).write(groups, rowCount: rowCount)
        }
        failure = OutputError(code: "internal", message: "the file is finished already", place: file.path)
        return summary
    }

    /// Which rows of a column have a value that can be written.
    private func writable(_ column: Column, _ field: SchemaNode) throws(OutputError) -> Bitmap {
        guard let uncomparable = column.uncomparable else { return column.present }
        guard options.uncomparable == .missing || uncomparable.isEmpty else {
            throw place(field, firstRow: rowCount).uncomparable(at: uncomparable.first(1).first ?? 0)
        }
        return column.typed
    }

    private func append(
        _ column: Column, present: Bitmap, rows: Range<Int>, to field: SchemaNode, _ index: Int
    ) throws(OutputError) {
        let place = place(field, firstRow: rowCount - rows.lowerBound)
        if field.isLeaf, field.repetition != .repeated {
            try leaves[field.leaves.lowerBound].append(column, present: present, rows: rows, place: place)
            return
        }
        guard case .text(let cells) = column.values else { throw place.mismatch(column.type) }
        let texts = NestedText(field, leaves: schema.leaves)
        for row in rows {
            var value = ParquetValue.null
            if present[row] {
                guard let read = texts.value(of: cells.string(at: row)) else { throw place.unfit(at: row) }
                value = read
            }
            try shredder.append(value, field: index, rowNumber: place.firstRow + Int64(row))
            for leaf in field.leaves { try leaves[leaf].endRow() }
        }
    }

    private func place(_ field: SchemaNode, firstRow: Int) -> CellPlace {
        CellPlace(file: file.path, column: field.name, firstRow: Int64(firstRow))
    }

    private func closeGroupIfFull() throws(OutputError) {
        if rowsInGroup >= options.rowGroupRowLimit { return try closeGroup() }
        if heldByteCount >= options.rowGroupByteLimit { try closeGroup() }
    }

    private func closeGroup() throws(OutputError) {
        guard rowsInGroup > 0 else { return }
        var chunks: [FinishedChunk] = []
        let start = file.byteCount
        for leaf in leaves { chunks.append(try leaf.closeChunk(to: file)) }
        groups.append(FinishedGroup(chunks: chunks, rowCount: rowsInGroup, start: start))
        rowsInGroup = 0
    }

    private func attempt<Answer>(_ body: () throws(OutputError) -> Answer) throws(OutputError) -> Answer {
        if let failure { throw failure }
        do throws(OutputError) {
            return try body()
        } catch {
            failure = error
            throw error
        }
    }
}
