/// Writes values in Thrift's compact protocol.
struct ThriftWriter {
    private(set) var bytes: [UInt8] = []
    private var lastID: Int16 = 0

    /// A structure: what `body` writes, ended by the stop byte.
    mutating func structure(_ body: (inout ThriftWriter) -> Void) {
        let outer = lastID
        lastID = 0
        body(&self)
        bytes.append(ThriftType.stop.rawValue)
        lastID = outer
    }

    /// A field, where it has a value.
    mutating func field(_ id: Int16, _ value: (some ThriftValue)?) {
        guard let value else { return }
        head(id, type(of: value).thriftType)
        value.write(to: &self)
    }

    mutating func field(_ id: Int16, _ value: Bool?) {
        guard let value else { return }
        head(id, value ? .booleanTrue : .booleanFalse)
    }

    mutating func field(_ id: Int16, booleans: [Bool]?) {
        guard let booleans else { return }
        head(id, .list)
        appendListHead(.booleanTrue, count: booleans.count)
        for value in booleans { bytes.append((value ? ThriftType.booleanTrue : .booleanFalse).rawValue) }
    }

    mutating func field(_ id: Int16, binary: [UInt8]?) { field(id, binary.map(ThriftBinary.init)) }
    mutating func field(_ id: Int16, binaries: [[UInt8]]?) { field(id, binaries?.map(ThriftBinary.init)) }

    /// A structure without fields, as the format's unions have them.
    mutating func emptyField(_ id: Int16) { field(id, structure: { _ in }) }

    /// A structure as a field.
    mutating func field(_ id: Int16, structure body: (inout ThriftWriter) -> Void) {
        head(id, .structure)
        structure(body)
    }

    mutating func append(_ byte: UInt8) { bytes.append(byte) }

    mutating func appendUnsigned(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func appendZigzag(_ value: Int64) { appendUnsigned(UInt64(bitPattern: value << 1 ^ value >> 63)) }

    mutating func appendBinary(_ value: [UInt8]) {
        appendUnsigned(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    mutating func appendListHead(_ type: ThriftType, count: Int) {
        if count < 15 {
            bytes.append(UInt8(count) << 4 | type.rawValue)
        } else {
            bytes.append(0xF0 | type.rawValue)
            appendUnsigned(UInt64(count))
        }
    }

    private mutating func head(_ id: Int16, _ type: ThriftType) {
        let delta = id - lastID
        if (1...15).contains(delta) {
            bytes.append(UInt8(delta) << 4 | type.rawValue)
        } else {
            bytes.append(type.rawValue)
            appendZigzag(Int64(id))
        }
        lastID = id
    }
}
