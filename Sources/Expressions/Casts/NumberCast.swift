import Tables

/// Numbers of one type made of another's; booleans count as 1 and 0.
enum NumberCast {
    static func kernel(from source: LogicalType, to type: LogicalType) -> Kernel {
        { call in
            let column = call.arguments[0]
            switch column.values {
            case .boolean(let bits):
                return exact((0..<call.count).map { bits[$0] ? Int64(1) : 0 }, scale: 0, to: type, &call)
            case .int64(let values): return exact(values, scale: 0, to: type, &call)
            case .uint64(let values): return exact(values, scale: 0, to: type, &call)
            case .decimal(let values, let scale): return exact(values, scale: scale, to: type, &call)
            case .wideDecimal(let values, let scale): return exact(values, scale: scale, to: type, &call)
            case .float64(let values): return floating(values, to: type, &call)
            default: preconditionFailure("the binder lets only numbers here")
            }
        }
    }

    @inline(__always)
    private static func exact<Number: FixedWidthInteger>(
        _ source: [Number], scale: Int, to type: LogicalType, _ call: inout Call
    ) -> ColumnValues {
        switch type {
        case .boolean: return .boolean(Bitmap(count: source.count) { source[$0] != 0 })
        case .float64:
            return .float64(Rows.map(source) { Exact.double(Int128(truncatingIfNeeded: $0), scale: scale) })
        case .int64:
            return call.attempt(source, filler: 0, make: ColumnValues.int64, type) { value in
                Int64(exactly: whole(value, scale))
            }
        case .uint64:
            return call.attempt(source, filler: 0, make: ColumnValues.uint64, type) { value in
                UInt64(exactly: whole(value, scale))
            }
        case .decimal(let precision, let wanted) where precision <= 18:
            return call.attempt(source, filler: 0, make: { .decimal($0, scale: wanted) }, type) { value in
                Exact.rescaled(Int128(truncatingIfNeeded: value), from: scale, to: wanted, precision: precision)
                    .map { Int64(truncatingIfNeeded: $0) }
            }
        case .decimal(let precision, let wanted):
            return call.attempt(source, filler: 0, make: { .wideDecimal($0, scale: wanted) }, type) { value in
                Exact.rescaled(Int128(truncatingIfNeeded: value), from: scale, to: wanted, precision: precision)
            }
        default: preconditionFailure("numbers are cast to numbers")
        }
    }

    @inline(__always)
    private static func whole<Number: FixedWidthInteger>(_ value: Number, _ scale: Int) -> Int128 {
        let value = Int128(truncatingIfNeeded: value)
        return scale == 0 ? value : Exact.divided(value, by: DecimalNumber.powerOfTen(scale))
    }

    private static func floating(_ source: [Double], to type: LogicalType, _ call: inout Call) -> ColumnValues {
        switch type {
        case .boolean: return .boolean(Bitmap(count: source.count) { source[$0] != 0 })
        case .int64:
            return call.attempt(source, filler: 0, make: ColumnValues.int64, type) {
                Int64(exactly: $0.rounded(.toNearestOrEven))
            }
        case .uint64:
            return call.attempt(source, filler: 0, make: ColumnValues.uint64, type) {
                UInt64(exactly: $0.rounded(.toNearestOrEven))
            }
        case .decimal(let precision, let scale) where precision <= 18:
            return call.attempt(source, filler: 0, make: { .decimal($0, scale: scale) }, type) {
                Exact.units($0, precision: precision, scale: scale).map { Int64(truncatingIfNeeded: $0) }
            }
        case .decimal(let precision, let scale):
            return call.attempt(source, filler: 0, make: { .wideDecimal($0, scale: scale) }, type) {
                Exact.units($0, precision: precision, scale: scale)
            }
        default: return .float64(source)
        }
    }
}
