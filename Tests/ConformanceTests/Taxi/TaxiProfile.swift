import Expectations
import Tables
import Testing

/// What `index.json` says of a file of taxi trips.
struct TaxiProfile: Sendable, CustomTestStringConvertible {
    let file: String
    let rows: Int
    let columns: [Column]

    struct Column: Sendable {
        let name: String
        /// `int`, `decimal`, `datetime`, `string` or `empty`.
        let kind: String
        let empty: Int
        let distinct: Int
        let minimum: String?
        let maximum: String?
        /// The rest is of numbers alone.
        let sum: String?
        let negative: Int?
        let zero: Int?

        var isNumeric: Bool { kind == "int" || kind == "decimal" }
    }

    var testDescription: String { file }

    static let all: [TaxiProfile] =
        Corpora.areThere
        ? ((try? Corpora.json("taxi/index.json"))?["files"]?.items ?? []).compactMap { try? TaxiProfile($0) } : []

    static let months = all.filter { $0.file.hasPrefix("month/") }

    private init(_ node: Argument) throws {
        file = try #require(node["file"]?.text)
        rows = try #require(node["rows"]?.count)
        columns = try #require(node["columns"]).items.map { column in
            Column(
                name: try #require(column["name"]?.text), kind: try #require(column["kind"]?.text),
                empty: try #require(column["empty"]?.count), distinct: try #require(column["distinct"]?.count),
                minimum: column["min"]?.text, maximum: column["max"]?.text, sum: column["sum"]?.text,
                negative: column["negative"]?.count, zero: column["zero"]?.count)
        }
    }

    subscript(name: String) -> Column? { columns.first { $0.name == name } }

    var path: String { get throws { try Corpora.path("taxi/\(file)") } }
}

extension JSON {
    /// A text in which equal numbers and instants are alike.
    var comparable: String {
        switch self {
        case .number(let digits): Self.comparable(digits)
        case .string(let text): Self.comparable(text)
        default: text()
        }
    }

    static func comparable(_ text: String) -> String {
        if let number = DecimalNumber(text) { return "number \(number.reduced)" }
        return GXColumn.instant(text).map { "at \($0)" } ?? "text \(text)"
    }
}
