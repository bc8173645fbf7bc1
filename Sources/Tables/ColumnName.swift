/// A column's name as a key: told apart by its bytes, where Swift's `String` takes composed and decomposed letters for equal.
public struct ColumnName: Sendable {
    public let text: String

    public init(_ text: String) { self.text = text }

    /// Equal for names that differ in nothing but case: tables can't tell their columns apart.
    public var folded: ColumnName { ColumnName(text.lowercased()) }
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

extension Set<ColumnName> {
    public init(named names: some Sequence<String>) { self.init(names.lazy.map { ColumnName($0) }) }

    /// Whether a column's name is among them.
    public func contains(column name: String) -> Bool { contains(ColumnName(name)) }
}

extension Sequence<String> {
    /// Whether a column's name is among some, byte by byte.
    public func contains(column name: String) -> Bool { contains { $0.utf8.elementsEqual(name.utf8) } }
}

extension ColumnName: CustomStringConvertible {
    public var description: String { text }
}
