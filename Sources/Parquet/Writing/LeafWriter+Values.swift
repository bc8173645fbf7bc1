/// Single values, of rows that were taken apart.
extension LeafWriter {
    /// What came of a value.
    enum Fit {
        case fits
        case unfit
        case invalidText
    }

    /// Appends a value that is there, in PLAIN form.
    ///
    /// Numbers fit where nothing of them is lost: integers in their range, decimals and times with their digits. Doubles
    /// are rounded to the nearest float, but not to an infinite one.
    func append(_ value: ParquetValue) -> Fit {
        let isFitting: Bool
        switch (leaf.type, value) {
        case (.boolean, .boolean(let bit)):
            plain.append(bit ? 1 : 0)
            isFitting = true
        case (.float, .float(let number)): isFitting = append(number.bitPattern)
        case (.float, .double(let number)): isFitting = Float(rounding: number).map { append($0.bitPattern) } ?? false
        case (.double, .double(let number)): isFitting = append(number.bitPattern)
        case (.double, .float(let number)): isFitting = append(Double(number).bitPattern)
        case (_, .int64(let number)): isFitting = appendInteger(number)
        case (_, .uint64(let number)): isFitting = appendInteger(number)
        case (.int32, .date(let days)) where leaf.annotation == .date: isFitting = append(days)
        case (_, .time(let ticks, let unit, _)), (_, .timestamp(let ticks, let unit, _)):
            isFitting = appendTicks(ticks, unit, of: value)
        case (_, .decimal(let unscaled, let scale)): isFitting = appendDecimal(unscaled, scale)
        default: return appendBytes(value)
        }
        if isFitting { valueCount += 1 }
        return isFitting ? .fits : .unfit
    }

    private func append(_ number: some FixedWidthInteger) -> Bool {
        plain.append(littleEndian: number)
        return true
    }

    private func appendInteger(_ number: some FixedWidthInteger) -> Bool {
        switch (leaf.type, leaf.annotation) {
        case (.int32, .integer(8, isSigned: true)): Int8(exactly: number).map { append(Int32($0)) } ?? false
        case (.int32, .integer(8, isSigned: false)): UInt8(exactly: number).map { append(Int32($0)) } ?? false
        case (.int32, .integer(16, isSigned: true)): Int16(exactly: number).map { append(Int32($0)) } ?? false
        case (.int32, .integer(16, isSigned: false)): UInt16(exactly: number).map { append(Int32($0)) } ?? false
        case (.int32, nil), (.int32, .integer(32, isSigned: true)): Int32(exactly: number).map { append($0) } ?? false
        case (.int32, .integer(32, isSigned: false)): UInt32(exactly: number).map { append($0) } ?? false
        case (.int64, nil), (.int64, .integer(64, isSigned: true)): Int64(exactly: number).map { append($0) } ?? false
        case (.int64, .integer(64, isSigned: false)): UInt64(exactly: number).map { append($0) } ?? false
        case (_, .decimal): appendDecimal(Int128(number), 0)
        default: false
        }
    }

    private func appendTicks(_ ticks: Int64, _ unit: TimeUnit, of value: ParquetValue) -> Bool {
        let wanted: TimeUnit
        switch (leaf.annotation, value) {
        case (.time(let own, let inUTC), .time(_, _, let isUTC)) where inUTC == isUTC: wanted = own
        case (.timestamp(let own, let inUTC), .timestamp(_, _, let isUTC)) where inUTC == isUTC: wanted = own
        default: return false
        }
        guard let converted = Self.converted(ticks, from: unit, to: wanted) else { return false }
        switch leaf.type {
        case .int32: return Int32(exactly: converted).map { append($0) } ?? false
        case .int64: return append(converted)
        default: return false
        }
    }

    /// The same time in another unit; `nil` where that would lose digits or doesn't fit.
    private static func converted(_ ticks: Int64, from unit: TimeUnit, to wanted: TimeUnit) -> Int64? {
        let (own, other) = (unit.ticksPerSecond, wanted.ticksPerSecond)
        if other >= own {
            let (product, overflow) = ticks.multipliedReportingOverflow(by: other / own)
            return overflow ? nil : product
        }
        let (quotient, remainder) = ticks.quotientAndRemainder(dividingBy: own / other)
        return remainder == 0 ? quotient : nil
    }

    private func appendDecimal(_ unscaled: Int128, _ scale: Int) -> Bool {
        guard case .decimal(let precision, let wanted) = leaf.annotation, (0...38).contains(wanted - scale) else {
            return false
        }
        let (number, overflow) = unscaled.multipliedReportingOverflow(by: DecimalDigits.powers[wanted - scale])
        let largest = DecimalDigits.largest(precision)
        guard !overflow, number <= largest, number >= -largest else { return false }
        switch leaf.type {
        case .int32: return Int32(exactly: number).map { append($0) } ?? false
        case .int64: return Int64(exactly: number).map { append($0) } ?? false
        case .fixedLengthByteArray: return plain.append(number, bigEndianIn: leaf.typeLength)
        default: return false
        }
    }

    private func appendBytes(_ value: ParquetValue) -> Fit {
        switch (leaf.type, value) {
        case (.byteArray, .text(let text)) where leaf.annotation?.isDecimal != true:
            plain.append(plainText: text)
        case (.byteArray, .binary(var bytes)) where leaf.annotation?.isDecimal != true:
            if leaf.isText, !bytes.withUnsafeBytes({ UTF8Check.isValid($0) }) {
                switch options.invalidText {
                case .refuse: return .invalidText
                case .repair: bytes = Array(String(decoding: bytes, as: UTF8.self).utf8)
                case .keep: break
                }
            }
            plain.append(littleEndian: UInt32(truncatingIfNeeded: bytes.count))
            plain.append(bytes)
        case (.fixedLengthByteArray, .binary(let bytes)) where bytes.count == leaf.typeLength:
            plain.append(bytes)
        case (.fixedLengthByteArray, .uuid(let number)) where leaf.typeLength == 16 && leaf.annotation == .uuid:
            withUnsafeBytes(of: number.bigEndian) { plain.append($0) }
        case (.fixedLengthByteArray, .interval(let months, let days, let milliseconds))
        where leaf.typeLength == 12 && leaf.annotation == .interval:
            for part in [months, days, milliseconds] { plain.append(littleEndian: part) }
        default: return .unfit
        }
        valueCount += 1
        return .fits
    }
}

extension Float {
    /// The nearest float; `nil` for a number beyond all of them.
    init?(rounding number: Double) {
        self.init(number)
        if isInfinite, number.isFinite { return nil }
    }

    /// The same number; `nil` where no float is it.
    init?(keeping number: Double) {
        self.init(number)
        if Double(self) != number, !number.isNaN { return nil }
    }
}
