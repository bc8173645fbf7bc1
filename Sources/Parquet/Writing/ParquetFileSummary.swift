/// What a file that was written holds.
public struct ParquetFileSummary: Sendable, Hashable {
    public let rowCount: Int
    /// Of the whole file.
    public let byteCount: Int64
    /// By the schema's leaves.
    public let columns: [ColumnSummary]
    /// The footer, as it is in the file.
    public let metadata: FileMetadata

    /// What a leaf column holds.
    public struct ColumnSummary: Sendable, Hashable {
        public let leaf: SchemaLeaf
        /// Missing ones included; in lists, an empty or missing list is one.
        public let valueCount: Int
        /// Rows without a value; where something on the way repeats, items without one, and empty and missing lists.
        public let nullCount: Int
        /// NaNs, which no bound takes account of.
        public let nanCount: Int
        /// The least value, or a text or byte string below all; `nil` where no value has an order.
        public let least: ParquetValue?
        public let greatest: ParquetValue?
        /// Whether `least` is one of the values; a long one was cut off.
        public let isLeastExact: Bool
        public let isGreatestExact: Bool
    }
}

extension ParquetFileSummary.ColumnSummary {
    /// What the chunks of one leaf hold together.
    init(_ chunks: [ChunkNotes], leaf: SchemaLeaf) {
        var bounds: ValueBounds?
        for other in chunks.compactMap(\.bounds) {
            if bounds == nil { bounds = other } else { bounds?.formUnion(other, by: leaf.order) }
        }
        self.leaf = leaf
        valueCount = chunks.reduce(0) { $0 + $1.valueCount }
        nullCount = chunks.reduce(0) { $0 + $1.nullCount }
        nanCount = chunks.reduce(0) { $0 + $1.nanCount }
        least = bounds.flatMap { leaf.value(plain: $0.least.bytes) }
        greatest = bounds.flatMap { leaf.value(plain: $0.greatest.bytes) }
        isLeastExact = bounds?.least.isExact ?? false
        isGreatestExact = bounds?.greatest.isExact ?? false
    }
}

extension SchemaLeaf {
    /// A value of the leaf out of its PLAIN form, without a length before it; `nil` where there are too few bytes.
    func value(plain: [UInt8]) -> ParquetValue? {
        let maker = ValueMaker(self)
        return plain.withUnsafeBytes { bytes in
            switch type {
            case .boolean: bytes.first.map { .boolean($0 != 0) }
            case .int32: bytes.count < 4 ? nil : maker.value(Int64(bytes.loadUnaligned(as: Int32.self)), is32: true)
            case .int64: bytes.count < 8 ? nil : maker.value(bytes.loadUnaligned(as: Int64.self), is32: false)
            case .float: bytes.count < 4 ? nil : .float(bytes.loadUnaligned(as: Float.self))
            case .double: bytes.count < 8 ? nil : .double(bytes.loadUnaligned(as: Double.self))
            case .int96, .byteArray, .fixedLengthByteArray: maker.value(bytes)
            }
        }
    }
}
