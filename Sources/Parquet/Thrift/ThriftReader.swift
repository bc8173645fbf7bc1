/// The types of values in Thrift's compact protocol.
enum ThriftType: UInt8 {
    case stop = 0
    case booleanTrue = 1
    case booleanFalse = 2
    case int8 = 3
    case int16 = 4
    case int32 = 5
    case int64 = 6
    case double = 7
    case binary = 8
    case list = 9
    case set = 10
    case map = 11
    case structure = 12
    case uuid = 13
}

/// Reads values of Thrift's compact protocol from bytes that may be hostile.
///
/// Every read is checked against the end; lists can't claim more elements than there are bytes; structures nest at most 32
/// deep. Fields that nobody knows are passed over.
struct ThriftReader {
    private let bytes: UnsafeRawBufferPointer
    private(set) var position: Int
    private var depth = 0

    private static let maximumDepth = 32

    /// The buffer must outlive the reader.
    init(_ bytes: UnsafeRawBufferPointer, from position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    /// Where a structure's reading stands.
    struct Fields {
        fileprivate var lastID: Int16 = 0
    }

    /// The head of a field; its value follows.
    struct Field {
        let id: Int16
        let type: ThriftType
    }

    mutating func beginStruct() throws(ParquetError) -> Fields {
        depth += 1
        guard depth <= Self.maximumDepth else {
            throw .corrupt("metadata is nested more than \(Self.maximumDepth) deep")
        }
        return Fields()
    }

    /// The next field, or `nil` at the structure's end.
    mutating func nextField(_ fields: inout Fields) throws(ParquetError) -> Field? {
        let head = try byte()
        let type = try Self.type(head & 0x0F)
        if type == .stop {
            depth -= 1
            return nil
        }
        let delta = Int16(head >> 4)
        let id = delta == 0 ? Int16(truncatingIfNeeded: try zigzag()) : fields.lastID &+ delta
        fields.lastID = id
        return Field(id: id, type: type)
    }

    /// The elements' type and number.
    mutating func beginList() throws(ParquetError) -> (type: ThriftType, count: Int) {
        let head = try byte()
        let type = try Self.type(head & 0x0F)
        var count = UInt64(head >> 4)
        if count == 15 { count = try unsigned() }
        // The smallest element is one byte.
        guard count <= UInt64(bytes.count - position) else {
            throw .corrupt("a list of \(count) elements in \(bytes.count - position) bytes of metadata")
        }
        return (type, Int(count))
    }

    mutating func byte() throws(ParquetError) -> UInt8 {
        guard position < bytes.count else { throw .corrupt("the metadata ends in the middle") }
        defer { position += 1 }
        return bytes[position]
    }

    /// A number of up to 64 bits, seven bits a byte, the lowest first (ULEB128).
    mutating func unsigned() throws(ParquetError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let part = try byte()
            guard shift < 63 || part <= 1 else { throw .corrupt("a number of more than 64 bits in the metadata") }
            value |= UInt64(part & 0x7F) << shift
            if part < 0x80 { return value }
            shift += 7
        }
    }

    mutating func zigzag() throws(ParquetError) -> Int64 {
        let value = try unsigned()
        return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    mutating func double() throws(ParquetError) -> Double {
        let place = try take(8)
        return Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
    }

    mutating func binary() throws(ParquetError) -> [UInt8] {
        let count = try unsigned()
        guard count <= UInt64(bytes.count - position) else {
            throw .corrupt("the metadata ends in the middle of a text")
        }
        let start = try take(Int(count))
        return Array(bytes[start..<position])
    }

    /// Passes over a value.
    mutating func skip(_ type: ThriftType) throws(ParquetError) {
        switch type {
        case .stop: throw .corrupt("a value without a type in the metadata")
        case .booleanTrue, .booleanFalse: break
        case .int8: _ = try byte()
        case .int16, .int32, .int64: _ = try unsigned()
        case .double: _ = try take(8)
        case .uuid: _ = try take(16)
        case .binary:
            let count = try unsigned()
            guard count <= UInt64(bytes.count - position) else {
                throw .corrupt("the metadata ends in the middle of a text")
            }
            _ = try take(Int(count))
        case .list, .set:
            let (type, count) = try beginList()
            try nested { (reader: inout ThriftReader) throws(ParquetError) in
                for _ in 0..<count { try reader.skipElement(type) }
            }
        case .map:
            let count = try unsigned()
            if count == 0 { return }
            guard count <= UInt64(bytes.count - position) else {
                throw .corrupt("the metadata ends in the middle of a map")
            }
            let types = try byte()
            let (key, value) = (try Self.type(types >> 4), try Self.type(types & 0x0F))
            try nested { (reader: inout ThriftReader) throws(ParquetError) in
                for _ in 0..<count {
                    try reader.skipElement(key)
                    try reader.skipElement(value)
                }
            }
        case .structure:
            var fields = try beginStruct()
            while let field = try nextField(&fields) { try skip(field.type) }
        }
    }

    mutating func skip(_ field: Field) throws(ParquetError) { try skip(field.type) }

    /// In lists, sets and maps a Boolean has a byte of its own.
    private mutating func skipElement(_ type: ThriftType) throws(ParquetError) {
        if type == .booleanTrue || type == .booleanFalse { _ = try byte() } else { try skip(type) }
    }

    private mutating func nested(_ body: (inout ThriftReader) throws(ParquetError) -> Void) throws(ParquetError) {
        depth += 1
        guard depth <= Self.maximumDepth else {
            throw .corrupt("metadata is nested more than \(Self.maximumDepth) deep")
        }
        try body(&self)
        depth -= 1
    }

    private mutating func take(_ count: Int) throws(ParquetError) -> Int {
        guard count <= bytes.count - position else { throw .corrupt("the metadata ends in the middle") }
        defer { position += count }
        return position
    }

    private static func type(_ nibble: UInt8) throws(ParquetError) -> ThriftType {
        guard let type = ThriftType(rawValue: nibble) else {
            throw .corrupt("type \(nibble) is unknown in the metadata")
        }
        return type
    }
}
