/// Judges the bounds that writers note, and reads those that can be relied on.
struct BoundReader {
    private let leaf: SchemaLeaf
    private let order: ColumnOrder?
    private let meaning: LeafMeaning

    init(_ leaf: SchemaLeaf, order: ColumnOrder?) {
        self.leaf = leaf
        self.order = order
        meaning = LeafMeaning(leaf)
    }

    var isFloat: Bool {
        switch meaning {
        case .float, .double, .float16: true
        default: false
        }
    }

    /// The bounds of a column chunk or page; the deprecated ones, whose order writers didn't agree on, are none.
    func bounds(_ statistics: ColumnStatistics) -> (LeafSummary.Bound?, LeafSummary.Bound?) {
        guard isOrdered else { return (nil, nil) }
        return bounds(
            statistics.minValue, isExact: statistics.isMinValueExact ?? isNeverCut, statistics.maxValue,
            isExact: statistics.isMaxValueExact ?? isNeverCut)
    }

    /// The bounds of a page by the column index.
    func bounds(minimum: [UInt8], maximum: [UInt8]) -> (LeafSummary.Bound?, LeafSummary.Bound?) {
        guard isOrdered else { return (nil, nil) }
        return bounds(minimum, isExact: isNeverCut, maximum, isExact: isNeverCut)
    }

    private func bounds(
        _ minimum: [UInt8]?, isExact isMinimumExact: Bool, _ maximum: [UInt8]?, isExact isMaximumExact: Bool
    ) -> (LeafSummary.Bound?, LeafSummary.Bound?) {
        let least = minimum.flatMap { value($0) }
        let greatest = maximum.flatMap { value($0) }
        // A bound that is NaN, or no value of the type, makes the other one suspect as well.
        if minimum != nil, least == nil { return (nil, nil) }
        if maximum != nil, greatest == nil { return (nil, nil) }
        if let least, let greatest, least.exceeds(greatest) { return (nil, nil) }
        return (
            least.map { LeafSummary.Bound(value: $0.withZero(isNegative: true), isExact: isMinimumExact) },
            greatest.map { LeafSummary.Bound(value: $0.withZero(isNegative: false), isExact: isMaximumExact) }
        )
    }

    /// Whether the column's order is defined, and the writer says that it kept to it.
    private var isOrdered: Bool {
        switch meaning {
        // Neither has an order in the specification.
        case .int96, .interval, .nothing: false
        default: order == .typeDefined || (order == .totalOrder && isFloat)
        }
    }

    /// Whether no writer cuts the values short.
    private var isNeverCut: Bool { leaf.type != .byteArray && leaf.type != .fixedLengthByteArray || isFloat }

    /// A bound as a value; `nil` where it is none of the type, or NaN.
    private func value(_ bytes: [UInt8]) -> ParquetValue? {
        let maker = ValueMaker(leaf)
        return bytes.withUnsafeBytes { bytes in
            switch leaf.type {
            case .boolean: bytes.count == 1 && bytes[0] <= 1 ? .boolean(bytes[0] == 1) : nil
            case .int32:
                bytes.count == 4
                    ? maker.value(Int64(Int32(littleEndian: bytes.loadUnaligned(as: Int32.self))), is32: true) : nil
            case .int64:
                bytes.count == 8
                    ? maker.value(Int64(littleEndian: bytes.loadUnaligned(as: Int64.self)), is32: false) : nil
            case .float:
                bytes.count == 4
                    ? .notNaN(Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self)))) : nil
            case .double:
                bytes.count == 8
                    ? .notNaN(Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)))) : nil
            case .int96: nil
            case .byteArray: maker.value(bytes)
            case .fixedLengthByteArray:
                switch maker.isCuttable || bytes.count == leaf.typeLength ? maker.value(bytes) : nil {
                case .float(let number): .notNaN(number)
                case let value: value
                }
            }
        }
    }
}

extension ValueMaker {
    /// Whether a part of a value of fixed length is a bound.
    fileprivate var isCuttable: Bool { meaning == .binary }
}

extension ParquetValue {
    fileprivate static func notNaN(_ number: Float) -> ParquetValue? { number.isNaN ? nil : .float(number) }
    fileprivate static func notNaN(_ number: Double) -> ParquetValue? { number.isNaN ? nil : .double(number) }

    /// A zero with a sign; other values as they are.
    fileprivate func withZero(isNegative: Bool) -> ParquetValue {
        switch self {
        case .float(0): .float(isNegative ? -0.0 : 0.0)
        case .double(0): .double(isNegative ? -0.0 : 0.0)
        default: self
        }
    }

    /// Whether a lower bound lies above an upper one, which is nonsense.
    fileprivate func exceeds(_ other: ParquetValue) -> Bool {
        switch (self, other) {
        case (.boolean(let least), .boolean(let greatest)): least && !greatest
        case (.int64(let least), .int64(let greatest)): least > greatest
        case (.uint64(let least), .uint64(let greatest)): least > greatest
        case (.float(let least), .float(let greatest)): least > greatest
        case (.double(let least), .double(let greatest)): least > greatest
        case (.decimal(let least, _), .decimal(let greatest, _)): least > greatest
        case (.date(let least), .date(let greatest)): least > greatest
        case (.time(let least, _, _), .time(let greatest, _, _)): least > greatest
        case (.timestamp(let least, _, _), .timestamp(let greatest, _, _)): least > greatest
        case (.uuid(let least), .uuid(let greatest)): least > greatest
        case (.text(let least), .text(let greatest)): greatest.utf8.lexicographicallyPrecedes(least.utf8)
        case (.binary(let least), .binary(let greatest)): greatest.lexicographicallyPrecedes(least)
        default: false
        }
    }
}
