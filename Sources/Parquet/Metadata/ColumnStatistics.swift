/// What a writer noted about the values of a column chunk or page (parquet.thrift, `Statistics`).
///
/// Bounds are encoded PLAIN, byte arrays without their length.
public struct ColumnStatistics: Sendable, Hashable {
    /// The greatest value in an order that older writers didn't agree on.
    public var max: [UInt8]?
    /// The least value in an order that older writers didn't agree on.
    public var min: [UInt8]?
    public var nullCount: Int64?
    public var distinctCount: Int64?
    /// The greatest value, or a bound above it, in the column's order.
    public var maxValue: [UInt8]?
    /// The least value, or a bound below it, in the column's order.
    public var minValue: [UInt8]?
    /// Whether `maxValue` occurs; `nil` where the writer doesn't say.
    public var isMaxValueExact: Bool?
    /// Whether `minValue` occurs; `nil` where the writer doesn't say.
    public var isMinValueExact: Bool?
    public var nanCount: Int64?
}

extension ColumnStatistics: ThriftStruct {
    init(from reader: inout ThriftReader) throws(ParquetError) {
        var max: [UInt8]?
        var min: [UInt8]?
        var nullCount: Int64?
        var distinctCount: Int64?
        var maxValue: [UInt8]?
        var minValue: [UInt8]?
        var isMaxValueExact: Bool?
        var isMinValueExact: Bool?
        var nanCount: Int64?
        var fields = try reader.beginStruct()
        while let field = try reader.nextField(&fields) {
            switch field.id {
            case 1: max = try reader.binary(field)
            case 2: min = try reader.binary(field)
            case 3: nullCount = try reader.value(field)
            case 4: distinctCount = try reader.value(field)
            case 5: maxValue = try reader.binary(field)
            case 6: minValue = try reader.binary(field)
            case 7: isMaxValueExact = try reader.value(field)
            case 8: isMinValueExact = try reader.value(field)
            case 9: nanCount = try reader.value(field)
            default: try reader.skip(field)
            }
        }
        self.max = max
        self.min = min
        self.nullCount = nullCount
        self.distinctCount = distinctCount
        self.maxValue = maxValue
        self.minValue = minValue
        self.isMaxValueExact = isMaxValueExact
        self.isMinValueExact = isMinValueExact
        self.nanCount = nanCount
    }

    func write(to writer: inout ThriftWriter) {
        writer.structure { writer in
            writer.field(1, binary: max)
            writer.field(2, binary: min)
            writer.field(3, nullCount)
            writer.field(4, distinctCount)
            writer.field(5, binary: maxValue)
            writer.field(6, binary: minValue)
            writer.field(7, isMaxValueExact)
            writer.field(8, isMinValueExact)
            writer.field(9, nanCount)
        }
    }
}

/// How large a column chunk's values are once unpacked (`SizeStatistics`).
public struct SizeStatistics: Sendable, Hashable {
    public var unencodedByteArrayBytes: Int64?
    /// By level, how often it occurs.
    public var repetitionLevelHistogram: [Int64]?
    /// By level, how often it occurs.
    public var definitionLevelHistogram: [Int64]?
}

extension SizeStatistics: ThriftStruct {
    init(from reader: inout ThriftReader) throws(ParquetError) {
        var unencodedByteArrayBytes: Int64?
        var repetitionLevelHistogram: [Int64]?
        var definitionLevelHistogram: [Int64]?
        var fields = try reader.beginStruct()
        while let field = try reader.nextField(&fields) {
            switch field.id {
            case 1: unencodedByteArrayBytes = try reader.value(field)
            case 2: repetitionLevelHistogram = try reader.value(field)
            case 3: definitionLevelHistogram = try reader.value(field)
            default: try reader.skip(field)
            }
        }
        self.unencodedByteArrayBytes = unencodedByteArrayBytes
        self.repetitionLevelHistogram = repetitionLevelHistogram
        self.definitionLevelHistogram = definitionLevelHistogram
    }

    func write(to writer: inout ThriftWriter) {
        writer.structure { writer in
            writer.field(1, unencodedByteArrayBytes)
            writer.field(2, repetitionLevelHistogram)
            writer.field(3, definitionLevelHistogram)
        }
    }
}
