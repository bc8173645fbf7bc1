import Tables

extension SchemaLeaf {
    /// The value that JSON stands for; `nil` where it is none of the leaf's type.
    func value(_ json: JSON) -> ParquetValue? {
        switch json {
        case .boolean(let bit): type == .boolean ? .boolean(bit) : nil
        case .number(let digits): number(digits)
        case .string(let text): value(text)
        case .null, .array, .object: nil
        }
    }

    private func number(_ digits: String) -> ParquetValue? {
        if annotation?.isDecimal == true { return decimal(digits) }
        switch (type, annotation) {
        case (.float, _): return Float(digits).map { .float($0) }
        case (.double, _): return Double(digits).map { .double($0) }
        case (.int32, nil), (.int64, nil), (.int32, .integer), (.int64, .integer):
            return Int64(digits).map { .int64($0) } ?? UInt64(digits).map { .uint64($0) }
        default: return nil
        }
    }

    private func value(_ text: String) -> ParquetValue? {
        var text = text
        switch (type, annotation) {
        // What JSON has no number for.
        case (.float, _): return special(text).map { .float(Float($0)) }
        case (.double, _): return special(text).map { .double($0) }
        case (_, .decimal): return decimal(text)
        case (_, .date):
            return text.withUTF8 { CivilTime.parseExpandedDate(UnsafeRawBufferPointer($0)) }.map { .date(days: $0) }
        case (_, .time(_, let isUTC)):
            return text.withUTF8 { CivilTime.parseTime(UnsafeRawBufferPointer($0)) }
                .map { .time(ticks: $0, unit: .microseconds, isUTC: isUTC) }
        case (_, .timestamp(_, let isUTC)):
            return text.withUTF8 { CivilTime.parseExpandedTimestamp(UnsafeRawBufferPointer($0)) }
                .map { .timestamp(ticks: $0, unit: .microseconds, isUTC: isUTC) }
        case (.fixedLengthByteArray, .uuid):
            let bytes = Self.bytes(text.filter { $0 != "-" })
            return bytes.flatMap { $0.count == 16 ? .uuid($0.reduce(0) { $0 << 8 | UInt128($1) }) : nil }
        case (.byteArray, _) where isText: return .text(text)
        case (.byteArray, nil), (.byteArray, .bson), (.fixedLengthByteArray, nil):
            return Self.bytes(text).map { .binary($0) }
        default: return nil
        }
    }

    private func decimal(_ text: String) -> ParquetValue? {
        DecimalNumber(text).map { .decimal(unscaled: $0.unscaled, scale: $0.scale) }
    }

    private func special(_ text: String) -> Double? {
        switch text {
        case "NaN": .nan
        case "inf": .infinity
        case "-inf": -.infinity
        default: nil
        }
    }

    /// The bytes that hexadecimal digits stand for.
    private static func bytes(_ text: String) -> [UInt8]? {
        let digits = text.utf8.compactMap { Character(Unicode.Scalar($0)).hexDigitValue }
        guard digits.count == text.utf8.count, digits.count % 2 == 0 else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
