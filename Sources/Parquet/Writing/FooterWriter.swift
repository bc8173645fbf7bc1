import Files

/// A row group that is in the file.
struct FinishedGroup: Sendable {
    var chunks: [FinishedChunk]
    let rowCount: Int
    /// Where its first chunk begins.
    let start: Int64
}

/// Writes what stands behind the row groups: the page indexes, the footer, its length and the magic number.
struct FooterWriter {
    let file: OutputFile
    let schema: ParquetSchema
    let options: ParquetWriterOptions

    func write(_ finished: [FinishedGroup], rowCount: Int) throws(OutputError) -> ParquetFileSummary {
        var groups = finished
        // All column indexes first, then all offset indexes: a reader of one kind reads one range.
        for group in groups.indices {
            for index in groups[group].chunks.indices {
                guard let columnIndex = groups[group].chunks[index].columnIndex else { continue }
                let (offset, length) = try write(columnIndex)
                groups[group].chunks[index].columnChunk.columnIndexOffset = offset
                groups[group].chunks[index].columnChunk.columnIndexLength = length
            }
        }
        for group in groups.indices {
            for index in groups[group].chunks.indices {
                let (offset, length) = try write(groups[group].chunks[index].offsetIndex)
                groups[group].chunks[index].columnChunk.offsetIndexOffset = offset
                groups[group].chunks[index].columnChunk.offsetIndexLength = length
            }
        }
        let metadata = FileMetadata(
            // 2 for logical types and page indexes; readers look at what is there, not at the number.
            version: 2, schema: schema.elements, rowCount: Int64(rowCount),
            rowGroups: groups.enumerated().map { ordinal, group in group.rowGroup(ordinal) },
            keyValues: options.keyValues.isEmpty ? nil : options.keyValues, createdBy: options.createdBy,
            columnOrders: schema.leaves.map { _ in .typeDefined })
        let (_, length) = try write(metadata)
        var tail = GrowingBytes(capacity: 64)
        tail.append(littleEndian: UInt32(length))
        tail.append(Array("PAR1".utf8))
        try file.write(tail.bytes)
        return ParquetFileSummary(
            rowCount: rowCount, byteCount: file.byteCount,
            columns: schema.leaves.map { leaf in
                ParquetFileSummary.ColumnSummary(groups.map { $0.chunks[leaf.index].notes }, leaf: leaf)
            }, metadata: metadata)
    }

    /// Writes a structure; the answer is where it is and how long.
    private func write(_ value: some ThriftStruct) throws(OutputError) -> (offset: Int64, length: Int32) {
        var writer = ThriftWriter()
        value.write(to: &writer)
        let offset = file.byteCount
        guard let length = Int32(exactly: writer.bytes.count) else {
            throw OutputError(
                code: "value-too-large",
                message: "the file's footer has \(writer.bytes.count) bytes, 2 GiB is the most",
                place: file.path, hint: "write smaller files, or larger row groups")
        }
        try file.write(writer.bytes)
        return (offset, length)
    }
}

extension FinishedGroup {
    /// For the footer; `ordinal` is its place in the file, from 0.
    func rowGroup(_ ordinal: Int) -> RowGroup {
        RowGroup(
            columns: chunks.map(\.columnChunk), byteCount: chunks.reduce(0) { $0 + $1.uncompressedSize },
            rowCount: Int64(rowCount), fileOffset: start, compressedSize: chunks.reduce(0) { $0 + $1.compressedSize },
            ordinal: Int16(exactly: ordinal))
    }
}
