public import Tables

/// What the footers and page indexes tell of batches before they are read.
extension ParquetSource: OutlinedSource {
    /// One for each row group that has rows.
    public var outlines: [Outline] {
        plan.stretches.map { stretch in
            let columns = schema.fields.indices.compactMap { column in
                summary(of: column, stretch).map { (column, $0) }
            }
            return Outline(
                batches: stretch.batches, partition: stretch.file, rowCount: Int(clamping: stretch.rowCount),
                columns: Dictionary(uniqueKeysWithValues: columns))
        }
    }

    private func summary(of column: Int, _ stretch: BatchPlan.Stretch) -> ColumnSummary? {
        guard let rowCount = Int(exactly: stretch.rowCount), refusal(ofColumn: column) == nil else { return nil }
        guard let origin = origins[stretch.file][column], !origin.isUntyped else {
            return ColumnSummary(rowCount: rowCount, missingCount: rowCount)
        }
        guard case .leaf(let leaf) = origin.place else { return nil }
        let known = files[stretch.file].summary(rowGroup: stretch.rowGroup, leaf: leaf.index)
        guard known.slotCount == stretch.rowCount else { return nil }
        return ColumnSummary(known, schema.fields[column].type)
    }

    /// One for each batch of which the page index tells enough.
    public func refined(_ outline: Outline, columns: Set<Int>) -> [Outline] {
        let place = plan.place(outline.batches.lowerBound)
        let pages = columns.reduce(into: [Int: [PageSummary]]()) { pages, column in
            guard case .leaf(let leaf)? = origins[place.file][column]?.place, refusal(ofColumn: column) == nil else {
                return
            }
            // What a damaged index would tell is read from the pages themselves.
            pages[column] = try? files[place.file].pageSummaries(rowGroup: place.rowGroup, leaf: leaf.index)
        }
        guard !pages.isEmpty else { return [] }
        return outline.batches.compactMap { ordinal in
            let batch = plan.place(ordinal)
            let rows = batch.firstRow..<batch.firstRow + Int64(batch.rowCount)
            var known = outline.columns.filter { $0.value.missingCount == $0.value.rowCount }.mapValues { _ in
                ColumnSummary(rowCount: batch.rowCount, missingCount: batch.rowCount)
            }
            for (column, pages) in pages {
                known[column] = known[column] ?? ColumnSummary(pages, rows: rows, schema.fields[column].type)
            }
            return known.isEmpty
                ? nil
                : Outline(
                    batches: ordinal..<ordinal + 1, partition: batch.file, rowCount: batch.rowCount, columns: known)
        }
    }

    public func open(_ projection: Projection, narrowed: [Int: Projection]) throws(SourceError) -> any BatchReader {
        try checkColumns(of: projection)
        return ParquetReader(self, projection, ordinals: nil, narrowed: narrowed)
    }
}

extension ColumnSummary {
    /// What a leaf's summary tells of a column of the type; `nil` where it doesn't tell how many values are missing.
    init?(_ leaf: LeafSummary, _ type: LogicalType) {
        guard let missing = leaf.missingCount, let missing = Int(exactly: missing),
            let rows = Int(exactly: leaf.rowCount),
            missing <= rows
        else { return nil }
        var extent: ValueExtent?
        if missing < rows, let low = leaf.minimum, let high = leaf.maximum {
            extent = ValueExtent(low.value, high.value, type)
        }
        self.init(
            rowCount: rows, missingCount: missing, bounds: extent,
            areBoundsExact: leaf.minimum?.isExact ?? false && leaf.maximum?.isExact ?? false, of: type)
    }

    /// What pages tell of a run of rows: of a page that lies in it by a part only whether all or no rows are missing.
    init?(_ pages: [PageSummary], rows: Range<Int64>, _ type: LogicalType) {
        var missing = 0
        var uncomparable: Int? = 0
        var extent: ValueExtent?
        var isBounded = true
        var isExact = true
        for page in pages where page.rows.overlaps(rows) && !page.rows.isEmpty {
            guard let known = ColumnSummary(page.summary, type) else { return nil }
            let shared = page.rows.clamped(to: rows).count
            if known.missingCount == known.rowCount {
                missing += shared
                continue
            }
            guard shared == known.rowCount || known.missingCount == 0 else { return nil }
            missing += known.missingCount
            if known.uncomparableCount == nil { uncomparable = nil }
            if let found = known.extent { extent = extent?.union(found) ?? found } else { isBounded = false }
            isExact = isExact && known.isExtentExact && shared == known.rowCount
        }
        self.init(
            rowCount: rows.count, missingCount: missing, uncomparableCount: uncomparable,
            extent: isBounded ? extent : nil, isExtentExact: isExact)
    }
}

extension ValueExtent {
    /// Bounds in the units of a column of the type; `nil` where they are none of its values.
    fileprivate init?(_ low: ParquetValue, _ high: ParquetValue, _ type: LogicalType) {
        switch type {
        case .float64:
            guard let low = low.number, let high = high.number else { return nil }
            self = .floats(low + 0.0, high + 0.0)
        case .string, .binary:
            // Bounds of texts that are no texts were cut in the middle of a character, or tell of values that are none.
            guard let low = low.bytes(of: type), let high = high.bytes(of: type) else { return nil }
            self = .texts(low, high)
        default:
            guard let low = low.units(of: type), let high = high.units(of: type) else { return nil }
            self = .integers(low, high)
        }
    }
}

extension ParquetValue {
    fileprivate var number: Double? {
        switch self {
        case .float(let number): Double(number)
        case .double(let number): number
        default: nil
        }
    }

    fileprivate func bytes(of type: LogicalType) -> [UInt8]? {
        switch self {
        case .text(let text): Array(text.utf8)
        case .binary(let bytes) where type == .binary: bytes
        default: nil
        }
    }

    /// The value as a column of the type stores it.
    ///
    /// `nil` for what a column doesn't hold.
    fileprivate func units(of type: LogicalType) -> Int128? {
        switch (self, type) {
        case (.boolean(let bit), .boolean): return bit ? 1 : 0
        case (.int64(let number), .int64): return Int128(number)
        case (.uint64(let number), .uint64): return Int128(number)
        case (.decimal(let unscaled, let scale), .decimal(let precision, let wanted)):
            return scale == wanted && unscaled.magnitude < DecimalNumber.powerOfTen(precision).magnitude
                ? unscaled : nil
        case (.date(let days), .date): return Int128(days)
        case (.time(let ticks, let unit, _), .time), (.timestamp(let ticks, let unit, _), .timestamp):
            guard type != .time || ticks.isTimeOfDay(in: unit) else { return nil }
            switch unit {
            case .milliseconds: return Int64(exactly: Int128(ticks) * 1_000).map { Int128($0) }
            case .microseconds: return Int128(ticks)
            case .nanoseconds: return Int128(ticks.flooredQuotient(by: 1_000))
            }
        default: return nil
        }
    }
}

extension Int64 {
    fileprivate func isTimeOfDay(in unit: TimeUnit) -> Bool {
        let perDay =
            switch unit {
            case .milliseconds: CivilTime.microsecondsPerDay / 1_000
            case .microseconds: CivilTime.microsecondsPerDay
            case .nanoseconds: CivilTime.microsecondsPerDay * 1_000
            }
        return (0..<perDay).contains(self)
    }
}
