/// The header fields of an answer as they come in, line by line, bounded in size.
struct HeaderBlock {
    private(set) var fields: [HTTPField] = []
    /// Whether the empty line has come that ends it.
    private(set) var isComplete = false
    private var byteCount = 0
    private static let limit = 65_536

    /// Takes a line; false where there are too many of them.
    mutating func take(_ line: UnsafeRawBufferPointer) -> Bool {
        byteCount += line.count
        guard byteCount <= Self.limit else { return false }
        // An interim answer (1xx) is followed by another one, whose fields are those that count.
        if line.starts(with: "HTTP/".utf8) { (fields, isComplete) = ([], false) }
        if line.first == UInt8(ascii: "\r") || line.first == UInt8(ascii: "\n") { isComplete = true }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0 else { return true }
        let name = String(decoding: line[..<colon], as: UTF8.self)
        let value = String(decoding: line[(colon + 1)...], as: UTF8.self)
        fields.append(HTTPField(name, String(value.trimmingWhitespace)))
        return true
    }
}

extension String {
    fileprivate var trimmingWhitespace: Substring {
        let isSpace: (Unicode.Scalar) -> Bool = { [" ", "\t", "\r", "\n"].contains($0) }
        let scalars = unicodeScalars
        guard let start = scalars.firstIndex(where: { !isSpace($0) }),
            let end = scalars.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return Substring(scalars[start...end])
    }
}
