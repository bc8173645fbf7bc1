extension JSON {
    /// Reads a document of at most 64 levels; `nil` where the text is none.
    ///
    /// Numbers keep their digits and objects their order, which Foundation's reader loses.
    public init?(text: String) {
        var reader = JSONReader(Array(text.utf8))
        guard let value = reader.value(depth: 0), reader.isAtEnd else { return nil }
        self = value
    }
}

private struct JSONReader {
    private let bytes: [UInt8]
    private var index = 0
    private static let deepest = 64

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool {
        mutating get {
            skipSpace()
            return index == bytes.count
        }
    }

    mutating func value(depth: Int) -> JSON? {
        skipSpace()
        guard index < bytes.count, depth < Self.deepest else { return nil }
        switch bytes[index] {
        case UInt8(ascii: "n"): return word("null") ? .null : nil
        case UInt8(ascii: "t"): return word("true") ? .boolean(true) : nil
        case UInt8(ascii: "f"): return word("false") ? .boolean(false) : nil
        case UInt8(ascii: "\""): return string().map { .string($0) }
        case UInt8(ascii: "["):
            var items: [JSON] = []
            let isClosed = list(closedBy: UInt8(ascii: "]")) { reader in
                guard let item = reader.value(depth: depth + 1) else { return false }
                items.append(item)
                return true
            }
            return isClosed ? .array(items) : nil
        case UInt8(ascii: "{"):
            var members: [Member] = []
            let isClosed = list(closedBy: UInt8(ascii: "}")) { reader in
                guard let name = reader.string(), reader.take(UInt8(ascii: ":")),
                    let value = reader.value(depth: depth + 1)
                else { return false }
                members.append(Member(name, value))
                return true
            }
            return isClosed ? .object(members) : nil
        default: return number()
        }
    }

    private typealias Member = JSON.Member

    private mutating func skipSpace() {
        while index < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[index]) { index += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpace()
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private mutating func word(_ word: StaticString) -> Bool {
        guard word.withUTF8Buffer({ bytes[index...].starts(with: $0) }) else { return false }
        index += word.utf8CodeUnitCount
        return true
    }

    private mutating func list(closedBy close: UInt8, item: (inout JSONReader) -> Bool) -> Bool {
        index += 1
        if take(close) { return true }
        repeat {
            guard item(&self) else { return false }
        } while take(UInt8(ascii: ","))
        return take(close)
    }

    private mutating func number() -> JSON? {
        let start = index
        let allowed = Array("+-.0123456789Ee".utf8)
        while index < bytes.count, allowed.contains(bytes[index]) { index += 1 }
        let digits = String(decoding: bytes[start..<index], as: UTF8.self)
        return Double(digits) == nil ? nil : .number(digits)
    }

    private mutating func string() -> String? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        var text: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let scalar = escape() else { return nil }
                text.append(contentsOf: String(scalar).utf8)
            default: text.append(byte)
            }
        }
        return nil
    }

    private mutating func escape() -> Character? {
        guard index < bytes.count else { return nil }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            guard index + 4 <= bytes.count,
                let code = UInt32(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
            else { return nil }
            index += 4
            return Unicode.Scalar(code).map { Character($0) }
        default: return Character(Unicode.Scalar(byte))
        }
    }
}
