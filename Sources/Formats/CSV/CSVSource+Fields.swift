import Tables

extension CSVSource {
    /// The fields of a record of a partition that stand behind the last one of its header, without their quotes.
    ///
    /// Made for the few rows that have any.
    public func surplusFields(of record: UnsafeRawBufferPointer, in partition: Int) -> [[UInt8]] {
        guard let dialect = files[partition].dialect else { return [] }
        let width = dialect.columns.count
        var index = FieldIndex(delimiter: dialect.delimiter, quote: dialect.quote, width: width)
        index.build(record)
        guard index.rowCount == 1, index.fieldCount(0) > width else { return [] }
        var bytes = Array(record)
        let cut = FieldCutter(index: index, missingValues: [])
            .cut(Array(width..<index.fieldCount(0)), of: &bytes)
        return cut.map { cells in
            guard let cells = cells?.texts else { return [] }
            let start = Int(cells.starts[0])
            return Array(cells.bytes[start..<start + Int(cells.lengths[0])])
        }
    }
}
