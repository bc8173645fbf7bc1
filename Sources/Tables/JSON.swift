/// A JSON document to be written: numbers keep the digits they were made with, objects their order.
public indirect enum JSON: Sendable, Equatable {
    case null
    case boolean(Bool)
    /// A number as JSON text.
    case number(String)
    case string(String)
    case array([JSON])
    case object([Member])

    public struct Member: Sendable, Equatable {
        public let name: String
        public let value: JSON

        public init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    public static func integer(_ value: some BinaryInteger) -> JSON { .number(String(value)) }

    /// The document as text: on one line, or indented by two spaces a level.
    public func text(isIndented: Bool = false) -> String {
        var output: [UInt8] = []
        write(to: &output, indent: isIndented ? 0 : nil)
        return String(decoding: output, as: UTF8.self)
    }

    /// Appends the document on one line, in UTF-8.
    public func write(to output: inout [UInt8]) { write(to: &output, indent: nil) }

    /// Appends the document, indented by two spaces a level from the one at hand on; on one line where there is none.
    func write(to output: inout [UInt8], indent: Int?) {
        switch self {
        case .null: output += "null".utf8
        case .boolean(let value): output += (value ? "true" : "false").utf8
        case .number(let digits): output += digits.utf8
        case .string(let text): Self.write(text, to: &output)
        case .array(let items):
            Self.write(items, open: "[", close: "]", to: &output, indent: indent) { item, output, indent in
                item.write(to: &output, indent: indent)
            }
        case .object(let members):
            Self.write(members, open: "{", close: "}", to: &output, indent: indent) { member, output, indent in
                Self.write(member.name, to: &output)
                output += (indent == nil ? ":" : ": ").utf8
                member.value.write(to: &output, indent: indent)
            }
        }
    }

    private static func write<Item>(
        _ items: [Item], open: Unicode.Scalar, close: Unicode.Scalar, to output: inout [UInt8], indent: Int?,
        each: (Item, inout [UInt8], Int?) -> Void
    ) {
        output.append(UInt8(ascii: open))
        let inner = indent.map { $0 + 1 }
        for (index, item) in items.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            if let inner { breakLine(inner, &output) }
            each(item, &output, inner)
        }
        if let indent, !items.isEmpty { breakLine(indent, &output) }
        output.append(UInt8(ascii: close))
    }

    static func breakLine(_ indent: Int, _ output: inout [UInt8]) {
        output.append(0x0A)
        output += repeatElement(0x20, count: 2 * indent)
    }

    private static func write(_ text: String, to output: inout [UInt8]) {
        var text = text
        text.withUTF8 { write(string: UnsafeRawBufferPointer($0), to: &output) }
    }

    /// Appends a text, which is UTF-8, as a string in quotes.
    ///
    /// What needs no escape is copied from one escape to the next.
    public static func write(string text: UnsafeRawBufferPointer, to output: inout [UInt8]) {
        output.append(0x22)
        var start = 0
        for place in text.indices {
            guard let count = escapedLength(text, place) else { continue }
            output.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start..<place]))
            escape(text, place, to: &output)
            start = place + count
        }
        output.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[start...]))
        output.append(0x22)
    }

    /// How many bytes a scalar at a place has that must not stand there as it is; `nil` for any other.
    ///
    /// Control characters must not; line separators are escaped too, which break lines in a script.
    @inline(__always)
    private static func escapedLength(_ text: UnsafeRawBufferPointer, _ place: Int) -> Int? {
        switch text[place] {
        case 0..<0x20, 0x22, 0x5C, 0x7F: 1
        case 0xE2 where place + 2 < text.count && text[place + 1] == 0x80 && text[place + 2] & 0xFE == 0xA8: 3
        default: nil
        }
    }

    private static func escape(_ text: UnsafeRawBufferPointer, _ place: Int, to output: inout [UInt8]) {
        output.append(0x5C)
        switch text[place] {
        case 0x22, 0x5C: output.append(text[place])
        case 0x0A: output.append(UInt8(ascii: "n"))
        case 0x0D: output.append(UInt8(ascii: "r"))
        case 0x09: output.append(UInt8(ascii: "t"))
        case 0xE2: output += "u202\(text[place + 2] & 1 == 0 ? 8 : 9)".utf8
        case let control:
            let digits = String(control, radix: 16)
            output += "u\(String(repeating: "0", count: 4 - digits.count))\(digits)".utf8
        }
    }
}
