/// An exact value of any shape a Parquet file can hold.
///
/// NaN is a value here; only `null` is none.
public enum ParquetValue: Sendable, Hashable {
    case null
    case boolean(Bool)
    case int64(Int64)
    case uint64(UInt64)
    /// Of FLOAT and FLOAT16.
    case float(Float)
    case double(Double)
    /// `unscaled × 10^−scale`.
    case decimal(unscaled: Int128, scale: Int)
    /// A decimal of more than 128 bits: its unscaled value in two's complement, the highest byte first.
    case wideDecimal(unscaled: [UInt8], scale: Int)
    case binary([UInt8])
    /// UTF-8; a text column's bytes that are none are `binary`.
    case text(String)
    case uuid(UInt128)
    /// Since 1970-01-01.
    case date(days: Int32)
    /// Since midnight.
    case time(ticks: Int64, unit: TimeUnit, isUTC: Bool)
    /// Since 1970-01-01T00:00:00, in UTC or on a local clock.
    ///
    /// An INT96 is in nanoseconds on a local clock; where 64 bits don't hold those, in microseconds; where they don't hold
    /// those either, it is `binary`.
    case timestamp(ticks: Int64, unit: TimeUnit, isUTC: Bool)
    case interval(months: UInt32, days: UInt32, milliseconds: UInt32)
    case list([ParquetValue])
    /// In the order stored; keys may repeat.
    ///
    /// `hasTextKeys` is about their type, of which there needn't be any.
    case map([Entry], hasTextKeys: Bool = true)
    case structure([Member])

    /// A map's key and value.
    public struct Entry: Sendable, Hashable {
        public let key: ParquetValue
        public let value: ParquetValue

        public init(key: ParquetValue, value: ParquetValue) {
            self.key = key
            self.value = value
        }
    }

    /// A structure's field.
    public struct Member: Sendable, Hashable {
        public let name: String
        public let value: ParquetValue

        public init(name: String, value: ParquetValue) {
            self.name = name
            self.value = value
        }
    }

    public var isNull: Bool { self == .null }

    /// The value of a structure's field; `nil` where there is no such field or it is no structure.
    public subscript(name: String) -> ParquetValue? {
        guard case .structure(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }
}
