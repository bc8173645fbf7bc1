import HTTPTypes
import Tables

/// Something that a request says in its path, its query or its body, and what it may be.
struct Parameter: Sendable {
    enum Place: String, Sendable { case path, query, body }

    enum Kind: Sendable {
        /// Unicode scalars other than U+0000, at least one.
        case text(limit: Int)
        case choice([String])
        case integer(ClosedRange<Int>)
        /// A point in time in ISO 8601, with a zone.
        case time
        /// Where a page of a list ended, as the page before has said.
        case cursor
        /// Texts; in a body only.
        case texts(limit: Int, count: Int)
    }

    let name: String
    let place: Place
    let kind: Kind
    let summary: String
    let isRequired: Bool
    /// What stands for an absent one.
    let standard: String?

    init(
        _ name: String, in place: Place, _ kind: Kind, _ summary: String, isRequired: Bool = false,
        standard: String? = nil
    ) {
        self.name = name
        self.place = place
        self.kind = kind
        self.summary = summary
        self.isRequired = isRequired || place == .path
        self.standard = standard
    }

    /// A value that is one, as text; throws where it isn't.
    func checked(_ text: String) throws -> String {
        switch kind {
        case .text(let limit), .texts(let limit, _):
            let count = text.unicodeScalars.count
            guard count >= 1, count <= limit else { throw refusal("has 1 through \(limit) characters") }
            guard !text.utf8.contains(0) else { throw refusal("has no U+0000") }
        case .choice(let names):
            guard names.contains(text) else { throw refusal("is one of \(names.joined(separator: ", "))") }
        case .integer(let range):
            guard let number = Self.integer(text), range.contains(number) else {
                throw refusal("is a whole number from \(range.lowerBound) through \(range.upperBound)")
            }
        case .time:
            guard Self.time(text) != nil else {
                throw refusal("is a time with its zone, as 2026-11-01T10:00:00Z")
            }
        case .cursor:
            guard Self.integer(text) != nil else { throw refusal("is what the page before gave as \"next\"") }
        }
        return text
    }

    /// Digits, with a minus at most before them: what else Swift reads is none here.
    static func integer(_ text: String) -> Int? {
        guard text.utf8.count <= 20,
            text.utf8.enumerated().allSatisfy({
                $0.offset == 0 && $0.element == 0x2D || (0x30...0x39).contains($0.element)
            })
        else { return nil }
        return Int(text)
    }

    /// Microseconds since 1970-01-01T00:00:00Z.
    static func time(_ text: String) -> Int64? {
        // RFC 3339 has zones up to a day from UTC, of which the reader of times in data knows those that exist.
        let zone = Array(text.utf8.suffix(6))
        var local = text
        var offset: Int64 = 0
        if zone.count == 6, zone[0] == 0x2B || zone[0] == 0x2D, zone[3] == 0x3A,
            let hours = integer(String(decoding: zone[1...2], as: UTF8.self)), (0...23).contains(hours),
            let minutes = integer(String(decoding: zone[4...5], as: UTF8.self)), (0...59).contains(minutes)
        {
            offset = Int64(hours * 60 + minutes) * 60_000_000 * (zone[0] == 0x2D ? -1 : 1)
            local = text.dropLast(6) + "Z"
        }
        let reading = local.withUTF8 { CivilTime.parseTimestamp(UnsafeRawBufferPointer($0)) }
        guard let reading, reading.hasTime, reading.offset == 0 else { return nil }
        return reading.local - offset
    }

    private func refusal(_ rule: String) -> Refusal {
        Refusal(
            status: .badRequest, code: "bad-parameter", message: "\(name) \(rule)",
            hint: "GET /api/v1/openapi.json describes all parameters")
    }

    /// As a schema of the description.
    var schema: JSON {
        var members: [JSON.Member]
        switch kind {
        case .text(let limit): members = Self.text(limit)
        case .choice(let names):
            members = [JSON.Member("type", .string("string")), JSON.Member("enum", .array(names.map { .string($0) }))]
        case .integer(let range):
            members = [
                JSON.Member("type", .string("integer")), JSON.Member("minimum", .integer(range.lowerBound)),
                JSON.Member("maximum", .integer(range.upperBound)),
            ]
        case .time: members = [JSON.Member("type", .string("string")), JSON.Member("format", .string("date-time"))]
        case .cursor:
            members = [
                JSON.Member("type", .string("string")), JSON.Member("pattern", .string("^-?[0-9]{1,18}$")),
            ]
        case .texts(let limit, let count):
            members = [
                JSON.Member("type", .string("array")), JSON.Member("items", .object(Self.text(limit))),
                JSON.Member("minItems", .integer(1)), JSON.Member("maxItems", .integer(count)),
            ]
        }
        if let standard {
            members.append(JSON.Member("default", Self.integer(standard).map { .integer($0) } ?? .string(standard)))
        }
        return .object(members)
    }

    private static func text(_ limit: Int) -> [JSON.Member] {
        [
            JSON.Member("type", .string("string")), JSON.Member("minLength", .integer(1)),
            JSON.Member("maxLength", .integer(limit)), JSON.Member("pattern", .string("^[^\\u0000]+$")),
        ]
    }
}
