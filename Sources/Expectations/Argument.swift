public import Tables

/// A value as it was written in a suite, with its place.
public struct Argument: Sendable {
    public indirect enum Content: Sendable {
        case null
        case boolean(Bool)
        /// A number that 38 decimal digits hold, exactly as it was written.
        case number(DecimalNumber)
        /// A number that they don't: `1e300`, `.inf`.
        case float(Double)
        case text(String)
        case list([Argument])
        case map([Member])
    }

    public struct Member: Sendable {
        public let name: String
        public let mark: SourceMark?
        public let value: Argument

        public init(name: String, mark: SourceMark? = nil, value: Argument) {
            self.name = name
            self.mark = mark
            self.value = value
        }
    }

    public let content: Content
    public let mark: SourceMark?
    /// The text as written, where the environment filled something in: what results and messages show in its place.
    public let written: String?

    public init(_ content: Content, mark: SourceMark? = nil, written: String? = nil) {
        self.content = content
        self.mark = mark
        self.written = written
    }

    /// What kind of thing was found, for messages: `a list`, `the text "abc"`, `1.5`.
    public var found: String {
        if let written { return "the text \"\(written)\"" }
        return switch content {
        case .null: "nothing"
        case .boolean(let value): value ? "true" : "false"
        case .number(let number): number.description
        case .float(let number): number.description
        case .text(let text): "the text \"\(text.count > 40 ? text.prefix(40) + "…" : text[...])\""
        case .list: "a list"
        case .map: "a mapping"
        }
    }

    public var json: JSON {
        if let written { return .string(written) }
        return switch content {
        case .null: .null
        case .boolean(let value): .boolean(value)
        case .number(let number): .number(number.description)
        case .float(let number): number.isFinite ? .number(number.description) : .string(number.description)
        case .text(let text): .string(text)
        case .list(let items): .array(items.map(\.json))
        case .map(let members): .object(members.map { JSON.Member($0.name, $0.value.json) })
        }
    }

    /// The value as a sentence tells it.
    var words: String { written ?? value.map { Wording.value($0) } ?? found }

    /// The value for comparing with data; `nil` for lists and mappings.
    public var value: Value? {
        switch content {
        case .null: .missing
        case .boolean(let bit): .boolean(bit)
        case .number(let number): number.scale == 0 ? .integer(number.unscaled) : .decimal(number)
        case .float(let number): .float(number)
        case .text(let text): .text(text)
        case .list, .map: nil
        }
    }
}
