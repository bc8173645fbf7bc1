import Tables

/// The values that a group of rows shares, as bytes: equal for equal groups only, and in the order of the values.
///
/// A missing value is a group of its own, before all others. Texts go by their bytes, −0.0 is 0.0.
enum GroupKey {
    private enum Tag {
        static let missing: UInt8 = 0
        static let value: UInt8 = 1
    }

    /// Whether columns of the type can be grouped by.
    static func isKnown(_ type: LogicalType) -> Bool {
        switch type {
        case .list, .structure, .map: false
        default: true
        }
    }

    /// Appends the values of a row.
    @inline(__always)
    static func append(_ columns: [Column], _ row: Int, to key: inout [UInt8]) {
        for column in columns { append(column, row, to: &key) }
    }

    private static func append(_ column: Column, _ row: Int, to key: inout [UInt8]) {
        guard column.present[row] else {
            key.append(Tag.missing)
            return
        }
        switch column.values {
        case .none: key.append(Tag.missing)
        case .boolean(let bits): key += [Tag.value, bits[row] ? 1 : 0]
        case .int64(let values), .decimal(let values, _), .time(let values), .timestamp(let values),
            .duration(let values):
            append(values[row], to: &key)
        case .date(let values): append(Int64(values[row]), to: &key)
        case .uint64(let values): append(bits: values[row], to: &key)
        case .wideDecimal(let values, _):
            append(bits: UInt128(bitPattern: values[row]) ^ (1 << 127), to: &key)
        case .float64(let values):
            if values[row].isNaN {
                key.append(Tag.missing)
            } else {
                let bits = (values[row] + 0.0).bitPattern
                append(bits: bits >> 63 == 1 ? ~bits : bits | 1 << 63, to: &key)
            }
        case .text(let cells):
            key.append(Tag.value)
            cells.withCells { bytes, starts, lengths in
                let start = Int(starts[row])
                for byte in UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(lengths[row])]) {
                    key.append(byte)
                    if byte == 0 { key.append(0xFF) }
                }
            }
            // A zero of the text itself has 255 behind it.
            key += [0, 1]
        }
    }

    private static func append(_ number: Int64, to key: inout [UInt8]) {
        append(bits: UInt64(bitPattern: number) ^ (1 << 63), to: &key)
    }

    private static func append<Bits: FixedWidthInteger & UnsignedInteger>(bits: Bits, to key: inout [UInt8]) {
        key.append(Tag.value)
        withUnsafeBytes(of: bits.bigEndian) { key.append(contentsOf: $0) }
    }

    // MARK: Reading

    /// The values of a key for columns of these types; `nil` for bytes that are no such key.
    static func values(_ key: [UInt8], _ types: [LogicalType]) -> [Value]? {
        key.withUnsafeBytes { bytes in
            var reader = ByteReader(bytes)
            var values: [Value] = []
            for type in types {
                guard let value = value(&reader, type) else { return nil }
                values.append(value)
            }
            return reader.isAtEnd ? values : nil
        }
    }

    private static func value(_ reader: inout ByteReader, _ type: LogicalType) -> Value? {
        guard let tag: UInt8 = reader.integer(), tag <= Tag.value else { return nil }
        guard tag == Tag.value else { return .missing }
        func int64() -> Int64? {
            guard let bits: UInt64 = reader.integer() else { return nil }
            return Int64(bitPattern: bits.byteSwapped ^ (1 << 63))
        }
        switch type {
        case .boolean:
            guard let bit: UInt8 = reader.integer(), bit < 2 else { return nil }
            return .boolean(bit == 1)
        case .int64: return int64().map { .integer(Int128($0)) }
        case .uint64:
            guard let bits: UInt64 = reader.integer() else { return nil }
            return .integer(Int128(bits.byteSwapped))
        case .float64:
            guard let bits: UInt64 = reader.integer() else { return nil }
            let ordered = bits.byteSwapped
            return .float(Double(bitPattern: ordered >> 63 == 1 ? ordered ^ (1 << 63) : ~ordered))
        case .decimal(let precision, let scale) where precision <= 18:
            return int64().map { .decimal(DecimalNumber(unscaled: Int128($0), scale: scale)) }
        case .decimal(_, let scale):
            guard let bits: UInt128 = reader.integer() else { return nil }
            return .decimal(DecimalNumber(unscaled: Int128(bitPattern: bits.byteSwapped ^ (1 << 127)), scale: scale))
        case .date: return int64().flatMap { Int32(exactly: $0) }.map { .date(days: Int($0)) }
        case .time: return int64().map { .time(microseconds: $0) }
        case .timestamp: return int64().map { .timestamp(microseconds: $0) }
        case .duration: return int64().map { .duration(microseconds: $0) }
        case .string, .binary: return text(&reader)
        case .list, .structure, .map: return nil
        }
    }

    private static func text(_ reader: inout ByteReader) -> Value? {
        var bytes: [UInt8] = []
        while let byte: UInt8 = reader.integer() {
            guard byte == 0 else {
                bytes.append(byte)
                continue
            }
            guard let next: UInt8 = reader.integer() else { return nil }
            switch next {
            case 0xFF: bytes.append(0)
            case 1: return .text(String(decoding: bytes, as: UTF8.self))
            default: return nil
            }
        }
        return nil
    }
}
