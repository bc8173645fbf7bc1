import Parquet
public import Tables

/// What footers and the log tell of batches before they are read.
extension DeltaSource: OutlinedSource {
    /// Those of every data file's row groups; of a file that isn't held open one of what the log says of it.
    ///
    /// A file that lost rows to a deletion vector has none: what is known of it is true of the deleted rows as well.
    public var outlines: [Outline] {
        files.indices.flatMap { number -> [Outline] in
            let file = files[number]
            guard file.deleted == nil, file.batchCount > 0 else { return [] }
            guard let parquet = file.source, let first = parquet.files.first else {
                return logged(number).map { [$0] } ?? []
            }
            // Whoever reads the file gets the error.
            guard let places = try? columns.places(in: first, parquet) else { return [] }
            return parquet.outlines.map { outline in table(outline, number, parquet, places) }
        }
    }

    public func refined(_ outline: Outline, columns wanted: Set<Int>) -> [Outline] {
        let (number, first) = (outline.partition, firstOrdinals[outline.partition])
        guard let parquet = files[number].source, let file = parquet.files.first,
            let places = try? columns.places(in: file, parquet)
        else { return [] }
        let own = Outline(
            batches: outline.batches.lowerBound - first..<outline.batches.upperBound - first, partition: 0,
            rowCount: outline.rowCount, columns: [:])
        return parquet.refined(own, columns: Set(wanted.compactMap { places[$0] })).map {
            table($0, number, parquet, places)
        }
    }

    public func open(_ projection: Projection, narrowed: [Int: Projection]) throws(SourceError) -> any BatchReader {
        try checkColumns(of: projection)
        return DeltaReader(self, projection, ordinals: nil, narrowed: narrowed)
    }

    /// A data file's outline as one of the table.
    private func table(_ outline: Outline, _ number: Int, _ parquet: ParquetSource, _ places: [Int?]) -> Outline {
        let first = firstOrdinals[number]
        var summaries: [Int: ColumnSummary] = [:]
        for (column, field) in schema.fields.enumerated() {
            if let place = places[column] {
                // What becomes another type on the way is looked at.
                if parquet.schema.fields[place].type == field.type { summaries[column] = outline.columns[place] }
            } else {
                summaries[column] = constant(files[number].partitionValues[column], field.type, outline.rowCount)
            }
        }
        return Outline(
            batches: outline.batches.lowerBound + first..<outline.batches.upperBound + first, partition: number,
            rowCount: outline.rowCount, columns: summaries)
    }

    /// What the log says of a file; `nil` where it doesn't say how many rows it has.
    private func logged(_ number: Int) -> Outline? {
        guard let statistics = statistics(ofPartition: number), let rowCount = statistics.rowCount else { return nil }
        var summaries: [Int: ColumnSummary] = [:]
        for (column, field) in schema.fields.enumerated() {
            if let value = files[number].partitionValues[column] {
                summaries[column] = constant(value, field.type, rowCount)
            } else if let known = statistics.columns[ColumnName(field.name)], let missing = known.missing,
                missing <= rowCount
            {
                let bounds = [known.least, known.greatest].compactMap { $0 }
                let extent = Column(field.type, bounds).extent(of: Bitmap(repeating: true, count: bounds.count))
                summaries[column] = ColumnSummary(
                    rowCount: rowCount, missingCount: missing, bounds: bounds.count == 2 ? extent : nil,
                    areBoundsExact: known.isExact, of: field.type)
            }
        }
        return Outline(
            batches: firstOrdinals[number]..<firstOrdinals[number + 1], partition: number, rowCount: rowCount,
            columns: summaries)
    }

    /// The same value in every row; `nil` for none.
    private func constant(_ value: Value?, _ type: LogicalType, _ rowCount: Int) -> ColumnSummary {
        let column = Column(type, repeating: value ?? .missing, count: 1)
        return ColumnSummary(
            rowCount: rowCount, missingCount: column.present.isEmpty ? rowCount : 0,
            extent: column.extent(of: column.typed))
    }
}

extension DeltaSource: DeferredSource {
    public var unopened: Set<Int> { Set(files.indices.filter { files[$0].unopenedRowCount != nil }) }

    public func opening(_ partitions: Set<Int>) throws(SourceError) -> any BatchSource {
        try DeltaSource(self, opening: partitions)
    }
}
