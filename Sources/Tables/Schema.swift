/// A column's name and type.
public struct Field: Sendable, Hashable {
    public let name: String
    public let type: LogicalType
    /// False only where the format itself promises a value in every row.
    public let isNullable: Bool

    public init(_ name: String, _ type: LogicalType, isNullable: Bool = true) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
    }
}

/// The columns of a table, in order.
public struct Schema: Sendable, Hashable {
    public let fields: [Field]

    public init(_ fields: [Field]) { self.fields = fields }

    public var names: [String] { fields.map(\.name) }

    /// Where the column stands, from 0; the first one where a name repeats.
    ///
    /// Names are compared by their bytes.
    public func index(of name: String) -> Int? { fields.firstIndex { $0.name.utf8.elementsEqual(name.utf8) } }

    public subscript(name: String) -> Field? { index(of: name).map { fields[$0] } }
}
