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
public struct Schema: Sendable {
    public let fields: [Field]
    /// By name, the first column where it repeats.
    private let places: [ColumnName: Int]
    /// By name in small letters; `nil` where several columns have it.
    private let placesInAnyCase: [ColumnName: Int?]

    /// Costs two look-ups a column, so that finding one costs as much in a wide table as in a narrow one.
    public init(_ fields: [Field]) {
        self.fields = fields
        places = Dictionary(
            fields.enumerated().map { (ColumnName($1.name), $0) }, uniquingKeysWith: { first, _ in first })
        placesInAnyCase = Dictionary(
            fields.enumerated().map { (ColumnName($1.name.lowercased()), $0) }, uniquingKeysWith: { _, _ in nil })
    }

    private init(_ fields: [Field], namedAs other: Schema) {
        self.fields = fields
        places = other.places
        placesInAnyCase = other.placesInAnyCase
    }

    public var names: [String] { fields.map(\.name) }

    /// Where the column stands, from 0; the first one where a name repeats.
    ///
    /// Names are compared by their bytes.
    public func index(of name: String) -> Int? { places[ColumnName(name)] }

    /// Where the only column stands that has the name if case is disregarded; `nil` where there is none, or several.
    public func index(inAnyCase name: String) -> Int? { placesInAnyCase[ColumnName(name.lowercased())] ?? nil }

    public subscript(name: String) -> Field? { index(of: name).map { fields[$0] } }

    /// The same columns, some of them, by their index, of another type.
    public func retyping(_ types: [Int: LogicalType]) -> Schema {
        Schema(
            fields.enumerated().map { index, field in
                types[index].map { Field(field.name, $0, isNullable: field.isNullable) } ?? field
            }, namedAs: self)
    }
}

extension Schema: Hashable {
    public static func == (left: Schema, right: Schema) -> Bool { left.fields == right.fields }

    public func hash(into hasher: inout Hasher) { hasher.combine(fields) }
}
