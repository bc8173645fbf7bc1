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
        var output = ""
        write(to: &output, indent: isIndented ? 0 : nil)
        return output
    }

    private func write(to output: inout String, indent: Int?) {
        switch self {
        case .null: output += "null"
        case .boolean(let value): output += value ? "true" : "false"
        case .number(let digits): output += digits
        case .string(let text): Self.write(text, to: &output)
        case .array(let items):
            Self.write(items, open: "[", close: "]", to: &output, indent: indent) { item, output, indent in
                item.write(to: &output, indent: indent)
            }
        case .object(let members):
            Self.write(members, open: "{", close: "}", to: &output, indent: indent) { member, output, indent in
                Self.write(member.name, to: &output)
                output += indent == nil ? ":" : ": "
                member.value.write(to: &output, indent: indent)
            }
        }
    }

    private static func write<Item>(
        _ items: [Item], open: String, close: String, to output: inout String, indent: Int?,
        each: (Item, inout String, Int?) -> Void
    ) {
        output += open
        let inner = indent.map { $0 + 1 }
        for (index, item) in items.enumerated() {
            if index > 0 { output += indent == nil ? "," : "," }
            if let inner { output += "\n" + String(repeating: "  ", count: inner) }
            each(item, &output, inner)
        }
        if let indent, !items.isEmpty { output += "\n" + String(repeating: "  ", count: indent) }
        output += close
    }

    private static func write(_ text: String, to output: inout String) {
        output += "\""
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }) {
            output += text
            output += "\""
            return
        }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case "\u{0}"..<"\u{20}", "\u{7F}", "\u{2028}", "\u{2029}":
                let digits = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }
}
