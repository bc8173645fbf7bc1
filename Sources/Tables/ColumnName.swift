/// A column's name as a key: told apart by its bytes, where Swift's `String` takes composed and decomposed letters for equal.
public struct ColumnName: Sendable {
    public let text: String

    public init(_ text: String) { self.text = text }
}

extension ColumnName: Hashable, Comparable {
    public static func == (left: ColumnName, right: ColumnName) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    public func hash(into hasher: inout Hasher) {
        var text = text
        text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }

    public static func < (left: ColumnName, right: ColumnName) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }
}

extension ColumnName: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) { self.init(text) }
}

extension ColumnName: CustomStringConvertible {
    public var description: String { text }
}
