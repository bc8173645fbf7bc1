import Tables

extension NestedText {
    /// The value of a leaf; `nil` where the JSON is none of its type.
    static func leaf(_ json: JSON, _ node: SchemaNode) -> ParquetValue? {
        guard case .leaf(let type, _) = node.content else { return nil }
        switch json {
        case .null: return .null
        case .boolean(let bit): return type == .boolean ? .boolean(bit) : nil
        case .number(let digits): return number(digits, type, node.annotation)
        case .string(let text): return self.text(text, type, node.annotation)
        case .array, .object: return nil
        }
    }

    private static func number(_ digits: String, _ type: PhysicalType, _ annotation: Annotation?) -> ParquetValue? {
        if case .decimal = annotation {
            return DecimalNumber(digits).map { .decimal(unscaled: $0.unscaled, scale: $0.scale) }
        }
        switch (type, annotation) {
        case (.float, _): return Float(digits).map { .float($0) }
        case (.double, _): return Double(digits).map { .double($0) }
        case (.int32, nil), (.int64, nil), (.int32, .integer), (.int64, .integer):
            return Int64(digits).map { .int64($0) } ?? UInt64(digits).map { .uint64($0) }
        default: return nil
        }
    }

    private static func text(_ text: String, _ type: PhysicalType, _ annotation: Annotation?) -> ParquetValue? {
        var text = text
        switch (type, annotation) {
        case (.byteArray, .string), (.byteArray, .enum), (.byteArray, .json): return .text(text)
        // What JSON has no number for.
        case (.float, _): return special(text).map { .float(Float($0)) }
        case (.double, _): return special(text).map { .double($0) }
        case (_, .decimal): return DecimalNumber(text).map { .decimal(unscaled: $0.unscaled, scale: $0.scale) }
        case (_, .date):
            return text.withUTF8 { CivilTime.parseDate(UnsafeRawBufferPointer($0)) }.map { .date(days: $0) }
        case (_, .time(_, let isUTC)):
            return text.withUTF8 { CivilTime.parseTime(UnsafeRawBufferPointer($0)) }
                .map { .time(ticks: $0, unit: .microseconds, isUTC: isUTC) }
        case (_, .timestamp(_, let isUTC)):
            return text.withUTF8 { CivilTime.parseTimestamp(UnsafeRawBufferPointer($0)) }.map { reading in
                let ticks = reading.local - Int64(reading.offset ?? 0) * CivilTime.microsecondsPerSecond
                return .timestamp(ticks: ticks, unit: .microseconds, isUTC: isUTC)
            }
        default: return nil
        }
    }

    private static func special(_ text: String) -> Double? {
        switch text.lowercased() {
        case "nan": .nan
        case "inf", "infinity", "+inf", "+infinity": .infinity
        case "-inf", "-infinity": -.infinity
        default: nil
        }
    }
}
