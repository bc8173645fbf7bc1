import Tables

/// Values read out of texts, and texts written of values.
enum TextCast {
    /// Spaces around the text are passed over; what is left must be a value and nothing else.
    static func kernel(to type: LogicalType, _ zone: ZoneRule) -> Kernel? {
        switch type {
        case .boolean:
            return { call in
                let (values, failed) = Rows.attempt(call.present, call.cells(0), filler: false) {
                    TextNumber.boolean(TextNumber.trimmed($0))
                }
                call.fail(failed, .badCast, "is no boolean", argument: 0)
                return .boolean(Bitmap(values))
            }
        case .int64: return reading(Int64Reading(), type)
        case .uint64: return reading(UInt64Reading(), type)
        case .float64: return reading(FloatReading(), type)
        case .decimal(let precision, let scale) where precision <= 18:
            return reading(DecimalReading(precision: precision, scale: scale), type)
        case .decimal(let precision, let scale):
            return reading(WideDecimalReading(precision: precision, scale: scale), type)
        case .date: return reading(DateReading(), type)
        case .time: return reading(TimeReading(), type)
        case .timestamp: return zone.isUTC ? timestamps : timestamps(of: zone)
        case .duration: return reading(DurationReading(), type)
        default: return nil
        }
    }

    private static func reading<Reading: TextReading>(_ reading: Reading, _ type: LogicalType) -> Kernel {
        let reason = "is no \(type)"
        return { call in
            let (values, failed) = Rows.attempt(call.present, call.cells(0), filler: reading.filler) {
                reading.value(of: TextNumber.trimmed($0))
            }
            call.fail(failed, .badCast, reason, argument: 0)
            return reading.column(values)
        }
    }

    /// A text without a zone is in UTC.
    private static let timestamps: Kernel = { call in
        var reader = TimestampReader()
        let (values, failed) = Rows.attempt(call.present, call.cells(0), filler: Int64(0)) { bytes in
            guard let reading = reader.read(TextNumber.trimmed(bytes)) else { return nil }
            return reading.local &- Int64(reading.offset ?? 0) &* CivilTime.microsecondsPerSecond
        }
        call.fail(failed, .badCast, "is no timestamp", argument: 0)
        return .timestamp(values)
    }

    /// A text without a zone is what the zone's clock showed.
    private static func timestamps(of zone: ZoneRule) -> Kernel {
        { call in
            var reader = TimestampReader()
            var clock = zone.makeConverter()
            let (values, failed) = Rows.attempt(call.present, call.cells(0), filler: Int64(0)) { bytes in
                guard let reading = reader.read(TextNumber.trimmed(bytes)) else { return nil }
                guard let offset = reading.offset else { return clock.instant(reading.local) }
                return reading.local &- Int64(offset) &* CivilTime.microsecondsPerSecond
            }
            call.fail(failed, .badCast, "is no timestamp", argument: 0)
            return .timestamp(values)
        }
    }

    // MARK: To text

    static func kernel(from type: LogicalType) -> Kernel? {
        switch type {
        case .int64: return { call in texts(call.arguments[0].int64s, scale: 0, &call) }
        case .decimal(let precision, let scale) where precision <= 18:
            return { call in
                guard case .decimal(let values, _) = call.arguments[0].values else { return call.arguments[0].values }
                return texts(values, scale: scale, &call)
            }
        case .duration:
            return { call in
                let values = call.arguments[0].int64s
                return call.texts { row, builder in builder.append(IntervalText.format(values[row])) }
            }
        case .boolean, .uint64, .float64, .decimal, .date, .time, .timestamp:
            return { call in
                let column = call.arguments[0]
                return call.texts { row, builder in builder.append(column.value(at: row).description) }
            }
        default: return nil
        }
    }

    /// Digits written straight into the buffer.
    private static func texts(_ values: [Int64], scale: Int, _ call: inout Call) -> ColumnValues {
        call.texts(capacity: values.count * 8) { row, builder in
            let value = values[row]
            if value < 0 { builder.append(0x2D) }
            var rest = value.magnitude
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 48) { digits in
                var place = digits.count
                var written = 0
                repeat {
                    if written == scale, scale > 0 {
                        place -= 1
                        digits[place] = 0x2E
                    }
                    place -= 1
                    digits[place] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
                    rest /= 10
                    written += 1
                } while rest > 0 || written <= scale
                builder.append(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: digits[place...])))
            }
        }
    }
}

/// How a type's values are read: a concrete type each, so that every loop is compiled for its own.
private protocol TextReading: Sendable {
    associatedtype Value: Sendable

    var filler: Value { get }
    func value(of text: UnsafeRawBufferPointer) -> Value?
    func column(_ values: [Value]) -> ColumnValues
}

private struct Int64Reading: TextReading {
    var filler: Int64 { 0 }
    @inline(__always)
    func value(of text: UnsafeRawBufferPointer) -> Int64? { TextNumber.int64(text) }
    func column(_ values: [Int64]) -> ColumnValues { .int64(values) }
}

private struct UInt64Reading: TextReading {
    var filler: UInt64 { 0 }
    func value(of text: UnsafeRawBufferPointer) -> UInt64? { TextNumber.uint64(text) }
    func column(_ values: [UInt64]) -> ColumnValues { .uint64(values) }
}

private struct FloatReading: TextReading {
    var filler: Double { 0 }
    @inline(__always)
    func value(of text: UnsafeRawBufferPointer) -> Double? { TextNumber.float64(text) }
    func column(_ values: [Double]) -> ColumnValues { .float64(values) }
}

private struct DecimalReading: TextReading {
    let precision: Int
    let scale: Int
    let powers = PowersOfTen.uint64
    var filler: Int64 { 0 }
    @inline(__always)
    func value(of text: UnsafeRawBufferPointer) -> Int64? {
        TextNumber.narrowDecimal(text, precision: precision, scale: scale, powers: powers)
    }
    func column(_ values: [Int64]) -> ColumnValues { .decimal(values, scale: scale) }
}

private struct WideDecimalReading: TextReading {
    let precision: Int
    let scale: Int
    var filler: Int128 { 0 }
    func value(of text: UnsafeRawBufferPointer) -> Int128? {
        TextNumber.decimal(text, precision: precision, scale: scale)
    }
    func column(_ values: [Int128]) -> ColumnValues { .wideDecimal(values, scale: scale) }
}

private struct DateReading: TextReading {
    var filler: Int32 { 0 }
    func value(of text: UnsafeRawBufferPointer) -> Int32? { CivilTime.parseDate(text) }
    func column(_ values: [Int32]) -> ColumnValues { .date(values) }
}

private struct TimeReading: TextReading {
    var filler: Int64 { 0 }
    func value(of text: UnsafeRawBufferPointer) -> Int64? { CivilTime.parseTime(text) }
    func column(_ values: [Int64]) -> ColumnValues { .time(values) }
}

private struct DurationReading: TextReading {
    var filler: Int64 { 0 }
    func value(of text: UnsafeRawBufferPointer) -> Int64? {
        IntervalText.parse(String(decoding: text.prefix(100), as: UTF8.self))
    }
    func column(_ values: [Int64]) -> ColumnValues { .duration(values) }
}
