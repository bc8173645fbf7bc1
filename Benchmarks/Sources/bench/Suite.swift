import Foundation

/// One expectation, as Great Expectations writes it in JSON: Assay and the peers are given the same file.
struct Check: Encodable {
    enum Argument: Encodable {
        case text(String)
        case number(Int)
        case texts([String])

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .number(let number): try container.encode(number)
            case .texts(let texts): try container.encode(texts)
            }
        }
    }

    let type: String
    let kwargs: [String: Argument]

    init(_ kind: String, _ column: String, _ arguments: [String: Argument] = [:]) {
        type = "expect_column_\(kind)"
        kwargs = arguments.merging(["column": .text(column)]) { first, _ in first }
    }

    static func range(_ kind: String, _ column: String, _ low: Int?, _ high: Int?) -> Check {
        var bounds: [String: Argument] = [:]
        if let low { bounds["min_value"] = .number(low) }
        if let high { bounds["max_value"] = .number(high) }
        return Check("\(kind)_to_be_between", column, bounds)
    }
}

/// A suite that every expectation of holds on the data it is made for.
struct Suite: Encodable {
    let name: String
    let expectations: [Check]

    /// Fifteen checks of a clickstream.
    static let fifteen = Suite(
        name: "fifteen",
        expectations: [
            Check("values_to_not_be_null", "event_id"),
            Check("values_to_not_be_null", "user_id"),
            .range("values", "user_id", 1, nil),
            Check("values_to_match_regex", "session_id", ["regex": .text("^s[0-9]{8}$")]),
            Check(
                "values_to_be_in_set", "event_type",
                ["value_set": .texts(["page_view", "click", "add_to_cart", "purchase", "search", "login"])]),
            .range("value_lengths", "url", nil, 200),
            .range("values", "amount", 0, 10_000),
            .range("mean", "amount", 0, 100),
            .range("min", "amount", 0, nil),
            .range("max", "amount", nil, 10_000),
            .range("stdev", "amount", 0, 100),
            .range("values", "quantity", 1, 20),
            Check(
                "values_to_be_in_set", "country",
                ["value_set": .texts(["US", "DE", "FR", "GB", "IN", "BR", "JP", "TR"])]),
            Check(
                "max_to_be_between", "event_time",
                ["min_value": .text("2026-11-01T00:00:00Z"), "max_value": .text("2026-11-30T00:00:00Z")]),
            Check("values_to_be_in_set", "device", ["value_set": .texts(["ios", "android", "web"])]),
        ])

    /// The fifteen, and that no event occurs twice.
    static let sixteen = Suite(
        name: "sixteen", expectations: fifteen.expectations + [Check("values_to_be_unique", "event_id")])

    /// One check on one column of a wide table.
    static let one = Suite(name: "one", expectations: [.range("values", "column_14", 0, 10_000)])

    /// A check on every column of a wide table.
    static func wide(_ columns: Int) -> Suite {
        Suite(
            name: "wide-\(columns)",
            expectations: (1...columns).map { number in
                let column = "column_\(number)"
                return switch (number - 1) % 4 {
                case 0: .range("values", column, 0, 1_000_000)
                case 1: .range("values", column, 0, 10_000)
                case 2:
                    Check(
                        "values_to_be_in_set", column,
                        [
                            "value_set": .texts([
                                "red", "green", "blue", "yellow", "black", "white", "orange", "violet",
                            ])
                        ])
                default: .range("value_lengths", column, 10, 10)
                }
            })
    }

    /// So many expectations on the clickstream, no two of them equal.
    static func many(_ count: Int) -> Suite {
        Suite(
            name: "many-\(count)",
            expectations: (0..<count).map { number in
                switch number % 5 {
                case 0: .range("values", "user_id", -number, 2_000_000)
                case 1: .range("values", "quantity", 0, 20 + number)
                case 2: .range("values", "amount", 0, 10_000 + number)
                case 3: .range("value_lengths", "url", nil, 200 + number)
                default:
                    Check(
                        "values_to_be_in_set", "device",
                        ["value_set": .texts(["ios", "android", "web", "tv-\(number)"])])
                }
            })
    }
}
