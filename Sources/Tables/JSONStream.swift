/// Writes a document piece by piece, for one that is too large to be held: no more than a part of its text is in memory.
///
/// What is written looks as ``JSON/text(isIndented:)`` has it.
public struct JSONStream {
    private static let pieceSize = 1 << 16

    private let sink: ([UInt8]) -> Void
    private var text: [UInt8] = []
    /// Levels of indentation; `nil` where all is on one line.
    private var indent: Int?
    /// Whether nothing stands yet in the array or object at hand.
    private var isEmpty = true

    /// Writes one document, which `body` makes; `sink` is given its text in pieces.
    public static func write(
        isIndented: Bool, to sink: @escaping ([UInt8]) -> Void, _ body: (inout JSONStream) -> Void
    ) {
        var stream = JSONStream(sink: sink, indent: isIndented ? 0 : nil)
        body(&stream)
        sink(stream.text)
    }

    private init(sink: @escaping ([UInt8]) -> Void, indent: Int?) {
        self.sink = sink
        self.indent = indent
    }

    /// An object, whose members `body` writes.
    public mutating func object(_ body: (inout JSONStream) -> Void) { enclose("{", "}", body) }

    /// An array with an item for each of some elements, each of which `body` writes.
    public mutating func array<Element>(
        of elements: some Sequence<Element>, _ body: (Element, inout JSONStream) -> Void
    ) {
        enclose("[", "]") { stream in
            for element in elements {
                stream.separate()
                body(element, &stream)
            }
        }
    }

    /// A member of the object at hand, whose value `body` writes.
    public mutating func member(_ name: String, _ body: (inout JSONStream) -> Void) {
        separate()
        JSON.string(name).write(to: &text)
        text += (indent == nil ? ":" : ": ").utf8
        body(&self)
    }

    /// Members of the object at hand.
    public mutating func members(_ members: [JSON.Member]) {
        for member in members { self.member(member.name) { $0.value(member.value) } }
    }

    public mutating func value(_ value: JSON) {
        value.write(to: &text, indent: indent)
        if text.count >= Self.pieceSize {
            sink(text)
            text.removeAll(keepingCapacity: true)
        }
    }

    private mutating func enclose(_ open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout JSONStream) -> Void) {
        text.append(UInt8(ascii: open))
        indent = indent.map { $0 + 1 }
        isEmpty = true
        body(&self)
        indent = indent.map { $0 - 1 }
        if !isEmpty { breakLine() }
        isEmpty = false
        text.append(UInt8(ascii: close))
    }

    private mutating func separate() {
        if !isEmpty { text.append(UInt8(ascii: ",")) }
        isEmpty = false
        breakLine()
    }

    private mutating func breakLine() {
        if let indent { JSON.breakLine(indent, &text) }
    }
}
