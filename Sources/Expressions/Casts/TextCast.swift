import Tables

/// Values read out of texts, and texts written of values.
enum TextCast {
    /// Spaces around the text are passed over; what is left must be a value and nothing else.
    static func kernel(to type: LogicalType) -> Kernel? {
        switch type {
        case .boolean:
            return { call in
                let (values, failed) = Rows.attempt(call.present, call.cells(0), filler: false) {
                    TextNumber.boolean(TextNumber.trimmed($0))
                }
                call.fail(failed, .badCast, "is no boolean", argument: 0)
                return .boolean(Bitmap(values))
            }
        case .int64: return reader(type, filler: 0, ColumnValues.int64) { TextNumber.int64($0) }
        case .uint64: return reader(type, filler: 0, ColumnValues.uint64) { TextNumber.uint64($0) }
        case .float64: return reader(type, filler: 0, ColumnValues.float64) { TextNumber.float64($0) }
        case .decimal(let precision, let scale) where precision <= 18:
            return reader(type, filler: Int64(0), { .decimal($0, scale: scale) }) {
                TextNumber.decimal($0, precision: precision, scale: scale).map { Int64(truncatingIfNeeded: $0) }
            }
        case .decimal(let precision, let scale):
            return reader(type, filler: Int128(0), { .wideDecimal($0, scale: scale) }) {
                TextNumber.decimal($0, precision: precision, scale: scale)
            }
        case .date: return reader(type, filler: 0, ColumnValues.date) { CivilTime.parseDate($0) }
        case .time: return reader(type, filler: 0, ColumnValues.time) { CivilTime.parseTime($0) }
        case .timestamp: return timestamps
        case .duration:
            return reader(type, filler: 0, ColumnValues.duration) {
                IntervalText.parse(String(decoding: $0.prefix(100), as: UTF8.self))
            }
        default: return nil
        }
    }

    @inline(__always)
    private static func reader<Result: Sendable>(
        _ type: LogicalType, filler: Result, _ make: @escaping @Sendable ([Result]) -> ColumnValues,
        _ body: @escaping @Sendable (UnsafeRawBufferPointer) -> Result?
    ) -> Kernel {
        let reason = "is no \(type)"
        return { call in
            let (values, failed) = Rows.attempt(call.present, call.cells(0), filler: filler) {
                body(TextNumber.trimmed($0))
            }
            call.fail(failed, .badCast, reason, argument: 0)
            return make(values)
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

extension IntervalText {
    /// `HH:MM:SS[.ffffff]`, with as many hours as there are.
    static func format(_ microseconds: Int64) -> String {
        let seconds = microseconds.magnitude / 1_000_000
        let clock = CivilTime.format(timeOfDay: Int64(microseconds.magnitude % 3_600_000_000))
        let hours = String(seconds / 3600)
        return (microseconds < 0 ? "-" : "") + (hours.utf8.count < 2 ? "0" : "") + hours + clock.dropFirst(2)
    }
}
