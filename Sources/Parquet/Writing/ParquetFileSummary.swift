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
    /// A value of the leaf out of its PLAIN form, without a length before it.
    func value(plain: [UInt8]) -> ParquetValue? {
        func number<Number: BitwiseCopyable>(_ type: Number.Type) -> Number? {
            plain.count == MemoryLayout<Number>.size ? plain.withUnsafeBytes { $0.loadUnaligned(as: type) } : nil
        }
        switch type {
        case .boolean: return plain.first.map { .boolean($0 != 0) }
        case .int32: return number(Int32.self).map { value(Int64($0), bits: UInt64(UInt32(bitPattern: $0))) }
        case .int64: return number(Int64.self).map { value($0, bits: UInt64(bitPattern: $0)) }
        case .float: return number(Float.self).map { .float($0) }
        case .double: return number(Double.self).map { .double($0) }
        case .int96: return .binary(plain)
        case .byteArray, .fixedLengthByteArray:
            switch annotation {
            case .decimal(_, let scale) where plain.count <= 16:
                let start: Int128 = (plain.first ?? 0) & 0x80 == 0 ? 0 : -1
                return .decimal(unscaled: plain.reduce(start) { $0 << 8 | Int128($1) }, scale: scale)
            case .uuid where plain.count == 16: return .uuid(plain.reduce(0) { $0 << 8 | UInt128($1) })
            default:
                guard isText, let text = String(validating: plain, as: UTF8.self) else { return .binary(plain) }
                return .text(text)
            }
        }
    }

    private func value(_ signed: Int64, bits: UInt64) -> ParquetValue {
        switch annotation {
        case .integer(_, isSigned: false): .uint64(bits)
        case .decimal(_, let scale): .decimal(unscaled: Int128(signed), scale: scale)
        case .date: .date(days: Int32(truncatingIfNeeded: signed))
        case .time(let unit, let isUTC): .time(ticks: signed, unit: unit, isUTC: isUTC)
        case .timestamp(let unit, let isUTC): .timestamp(ticks: signed, unit: unit, isUTC: isUTC)
        default: .int64(signed)
        }
    }
}
