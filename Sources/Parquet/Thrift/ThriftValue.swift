/// A value that Thrift's compact protocol can carry, as a field or as a list's element.
protocol ThriftValue {
    static var thriftType: ThriftType { get }
    init(from reader: inout ThriftReader) throws(ParquetError)
    func write(to writer: inout ThriftWriter)
}

/// A structure of the format: reads itself field by field, and writes itself ended by the stop byte.
protocol ThriftStruct: ThriftValue {}

extension ThriftStruct {
    static var thriftType: ThriftType { .structure }
}

extension Int8: ThriftValue {
    static var thriftType: ThriftType { .int8 }
    init(from reader: inout ThriftReader) throws(ParquetError) { self = Int8(bitPattern: try reader.byte()) }
    func write(to writer: inout ThriftWriter) { writer.append(UInt8(bitPattern: self)) }
}

extension Int16: ThriftValue {
    static var thriftType: ThriftType { .int16 }
    init(from reader: inout ThriftReader) throws(ParquetError) { self = try reader.integer() }
    func write(to writer: inout ThriftWriter) { writer.appendZigzag(Int64(self)) }
}

extension Int32: ThriftValue {
    static var thriftType: ThriftType { .int32 }
    init(from reader: inout ThriftReader) throws(ParquetError) { self = try reader.integer() }
    func write(to writer: inout ThriftWriter) { writer.appendZigzag(Int64(self)) }
}

extension Int64: ThriftValue {
    static var thriftType: ThriftType { .int64 }
    init(from reader: inout ThriftReader) throws(ParquetError) { self = try reader.zigzag() }
    func write(to writer: inout ThriftWriter) { writer.appendZigzag(self) }
}

extension String: ThriftValue {
    static var thriftType: ThriftType { .binary }
    init(from reader: inout ThriftReader) throws(ParquetError) {
        self = String(decoding: try reader.binary(), as: UTF8.self)
    }
    func write(to writer: inout ThriftWriter) { writer.appendBinary(Array(utf8)) }
}

/// Bytes that are no text.
struct ThriftBinary: ThriftValue {
    let bytes: [UInt8]

    static var thriftType: ThriftType { .binary }
    init(_ bytes: [UInt8]) { self.bytes = bytes }
    init(from reader: inout ThriftReader) throws(ParquetError) { bytes = try reader.binary() }
    func write(to writer: inout ThriftWriter) { writer.appendBinary(bytes) }
}

extension Array: ThriftValue where Element: ThriftValue {
    static var thriftType: ThriftType { .list }

    init(from reader: inout ThriftReader) throws(ParquetError) {
        let (type, count) = try reader.beginList()
        self = []
        guard count > 0 else { return }
        guard type == Element.thriftType else { throw .corrupt("a list of an unexpected type in the metadata") }
        // Not reserved by the count: that is a claim, and elements are larger here than there.
        for _ in 0..<count { append(try Element(from: &reader)) }
    }

    func write(to writer: inout ThriftWriter) {
        writer.appendListHead(Element.thriftType, count: count)
        for element in self { element.write(to: &writer) }
    }
}

/// An enumeration of the format, open: what a later version adds is kept as its number.
protocol ThriftEnumeration: ThriftValue, RawRepresentable, Sendable, Hashable where RawValue == Int32 {
    init(rawValue: Int32)
}

extension ThriftEnumeration {
    static var thriftType: ThriftType { .int32 }
    init(from reader: inout ThriftReader) throws(ParquetError) { self.init(rawValue: try reader.integer()) }
    func write(to writer: inout ThriftWriter) { writer.appendZigzag(Int64(rawValue)) }
}

extension ThriftReader {
    mutating func integer<Integer: FixedWidthInteger>() throws(ParquetError) -> Integer {
        guard let value = Integer(exactly: try zigzag()) else {
            throw .corrupt("a number of more than \(Integer.bitWidth) bits in the metadata")
        }
        return value
    }

    /// The value of a field of which the type is known.
    mutating func value<Value: ThriftValue>(_ field: Field) throws(ParquetError) -> Value {
        guard field.type == Value.thriftType else {
            throw .corrupt("field \(field.id) has an unexpected type in the metadata")
        }
        return try Value(from: &self)
    }

    /// A field's Boolean is told by its type.
    mutating func value(_ field: Field) throws(ParquetError) -> Bool {
        switch field.type {
        case .booleanTrue: return true
        case .booleanFalse: return false
        default: throw .corrupt("field \(field.id) has an unexpected type in the metadata")
        }
    }

    mutating func booleans(_ field: Field) throws(ParquetError) -> [Bool] {
        guard field.type == .list else { throw .corrupt("field \(field.id) has an unexpected type in the metadata") }
        let (type, count) = try beginList()
        guard count == 0 || type == .booleanTrue || type == .booleanFalse else {
            throw .corrupt("a list of an unexpected type in the metadata")
        }
        var values: [Bool] = []
        for _ in 0..<count { values.append(try byte() == ThriftType.booleanTrue.rawValue) }
        return values
    }

    mutating func binary(_ field: Field) throws(ParquetError) -> [UInt8] {
        let value: ThriftBinary = try value(field)
        return value.bytes
    }

    mutating func binaries(_ field: Field) throws(ParquetError) -> [[UInt8]] {
        let values: [ThriftBinary] = try value(field)
        return values.map(\.bytes)
    }

    /// What must be there.
    static func required<Value>(_ value: Value?, _ name: String) throws(ParquetError) -> Value {
        guard let value else { throw .corrupt("'\(name)' is missing from the metadata") }
        return value
    }
}
