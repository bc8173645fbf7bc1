import Tables

/// A question to a single cell, its literals already in the units and the type of the column.
enum CellTest: Sendable {
    case boolean(whenFalse: Bool, whenTrue: Bool)
    /// For every type that is stored as integers: the column's own units, of decimals the unscaled number.
    case integers(IntegerInterval)
    case integerSet([Int128])
    case doubles(DoubleInterval)
    case doubleSet([Double])
    case text([UInt8], Comparison)
    case textSet(TextSet)
    case like(LikePattern)
}

extension CellTest {
    enum Answer {
        case test(CellTest)
        /// The types don't go together; the reason is there where it isn't just that.
        case mismatch(reason: String?)
    }

    /// A comparison of a column's cells with a value that is not missing.
    static func comparing(
        _ type: LogicalType, _ comparison: Comparison, _ value: Value, isLenient: Bool
    ) -> Answer {
        switch (type, value) {
        case (.boolean, .boolean(let bit)):
            return .test(
                .boolean(
                    whenFalse: comparison.holds(isLess: bit, isEqual: !bit),
                    whenTrue: comparison.holds(isLess: false, isEqual: bit)))
        case (.boolean, .integer), (.boolean, .decimal):
            let bit: Bool? = value.exactNumber == one ? true : value.exactNumber == zero ? false : nil
            guard isLenient, let bit else { return .mismatch(reason: nil) }
            return comparing(type, comparison, .boolean(bit), isLenient: isLenient)
        case (.int64, .boolean(let bit)) where isLenient, (.uint64, .boolean(let bit)) where isLenient,
            (.float64, .boolean(let bit)) where isLenient, (.decimal, .boolean(let bit)) where isLenient:
            return comparing(type, comparison, .integer(bit ? 1 : 0), isLenient: isLenient)
        case (.string, .text(let text)): return .test(.text(Array(text.utf8), comparison))
        case (.float64, _):
            guard let number = value.double else { return .mismatch(reason: nil) }
            return .test(.doubles(DoubleInterval(comparison, number)))
        default:
            switch Threshold.of(value, in: type) {
            case .threshold(let threshold): return .test(.integers(IntegerInterval(comparison, threshold)))
            case .mismatch(let reason): return .mismatch(reason: reason)
            }
        }
    }

    /// Whether a cell equals one of the values, each of which ``comparing(_:_:_:isLenient:)`` has a test for.
    static func membership(_ type: LogicalType, _ values: [Value]) -> CellTest {
        switch type {
        case .boolean:
            let bits = values.map { asNumber($0).exactNumber == one }
            return .boolean(whenFalse: bits.contains(false), whenTrue: bits.contains(true))
        case .string:
            return .textSet(
                TextSet(values.compactMap { if case .text(let text) = $0 { Array(text.utf8) } else { nil } }))
        case .float64: return .doubleSet(Set(values.compactMap { asNumber($0).double }).sorted())
        default:
            let units = values.compactMap { value -> Int128? in
                guard case .threshold(let threshold) = Threshold.of(asNumber(value), in: type) else { return nil }
                return threshold.isExact ? threshold.floor : nil
            }
            return .integerSet(Set(units).sorted())
        }
    }

    private static let zero = DecimalNumber(0)
    private static let one = DecimalNumber(1)

    private static func asNumber(_ value: Value) -> Value {
        if case .boolean(let bit) = value { .integer(bit ? 1 : 0) } else { value }
    }
}
