/// What is remembered of a data page after it is packed: for the indexes, and for the statistics of its chunk.
struct PageNotes: Sendable {
    /// Bytes of header and packed body.
    var byteCount = 0
    var rowCount = 0
    /// Missing ones included.
    var valueCount = 0
    var nullCount = 0
    var nanCount = 0
    /// `nil` where no value has an order.
    var bounds: ValueBounds?
    /// Of the byte arrays themselves, without their lengths.
    var byteArrayBytes = 0
    /// How often each level occurs; empty where the leaf has no levels to speak of.
    var definitionHistogram: [Int64] = []
    var repetitionHistogram: [Int64] = []
    var isDictionaryEncoded = false
}

/// What is known of the values of a finished column chunk.
struct ChunkNotes: Sendable {
    private(set) var valueCount = 0
    private(set) var nullCount = 0
    private(set) var nanCount = 0
    private(set) var bounds: ValueBounds?
    private var byteArrayBytes = 0
    private var definitionHistogram: [Int64] = []
    private var repetitionHistogram: [Int64] = []

    init(_ pages: [PageNotes], order: ValueOrder) {
        for page in pages {
            valueCount += page.valueCount
            nullCount += page.nullCount
            nanCount += page.nanCount
            byteArrayBytes += page.byteArrayBytes
            Self.add(page.definitionHistogram, to: &definitionHistogram)
            Self.add(page.repetitionHistogram, to: &repetitionHistogram)
            guard let other = page.bounds else { continue }
            if bounds == nil { bounds = other } else { bounds?.formUnion(other, by: order) }
        }
    }

    private static func add(_ counts: [Int64], to sums: inout [Int64]) {
        if sums.isEmpty { sums = counts } else { for level in counts.indices { sums[level] += counts[level] } }
    }

    /// For the footer.
    ///
    /// Values with NaN among them get no bounds, as in Spark's own files: Spark takes NaN for greater than any number, and
    /// would pass over a row group with NaN whose greatest number is too small.
    func statistics(for leaf: SchemaLeaf) -> ColumnStatistics {
        var statistics = ColumnStatistics()
        statistics.nullCount = Int64(nullCount)
        if leaf.order.hasNaN { statistics.nanCount = Int64(nanCount) }
        guard let bounds, nanCount == 0 else { return statistics }
        statistics.minValue = bounds.least.bytes
        statistics.maxValue = bounds.greatest.bytes
        statistics.isMinValueExact = bounds.least.isExact
        statistics.isMaxValueExact = bounds.greatest.isExact
        return statistics
    }

    func sizeStatistics(for leaf: SchemaLeaf) -> SizeStatistics {
        SizeStatistics(
            unencodedByteArrayBytes: leaf.type == .byteArray ? Int64(byteArrayBytes) : nil,
            repetitionLevelHistogram: repetitionHistogram.isEmpty ? nil : repetitionHistogram,
            definitionLevelHistogram: definitionHistogram.isEmpty ? nil : definitionHistogram)
    }
}
