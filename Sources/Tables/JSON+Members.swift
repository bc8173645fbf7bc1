extension JSON {
    /// The value under a name, the last one where the name repeats; `nil` for what is no object, or has no such name.
    public subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.last { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    /// The members of an object.
    public var members: [Member]? { if case .object(let members) = self { members } else { nil } }

    /// The items of an array.
    public var items: [JSON]? { if case .array(let items) = self { items } else { nil } }

    /// The text of a string.
    public var string: String? { if case .string(let text) = self { text } else { nil } }

    public var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }

    /// A number written without point and exponent, as far as 64 bits hold it.
    public var integer: Int64? { if case .number(let digits) = self { Int64(digits) } else { nil } }

    public var isNull: Bool { self == .null }
}
