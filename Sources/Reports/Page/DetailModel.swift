import Expectations
import Tables

/// What a kind has to say beyond counts: a table of changes, and pairs of name and value.
struct DetailModel {
    /// The member `changes`, an array of objects, as a table.
    let changes: [String: Any]?
    let pairs: [[String: Any]]

    private static let most = 50

    init(_ details: [JSON.Member]) {
        var changes: [String: Any]?
        var pairs: [[String: Any]] = []
        for member in details {
            if member.name == "changes", let table = Self.table(member.value) {
                changes = table
            } else if pairs.count < Self.most {
                pairs.append([
                    "pairName": HTMLText.clean(member.name.replacing("_", with: " "), limit: 80),
                    "pairValue": Self.text(member.value),
                ])
            }
        }
        self.changes = changes
        self.pairs = pairs
    }

    private static func table(_ json: JSON) -> [String: Any]? {
        guard case .array(let items) = json, !items.isEmpty else { return nil }
        let objects = items.compactMap { if case .object(let members) = $0 { members } else { nil } }
        guard objects.count == items.count else { return nil }
        var names: [String] = []
        for member in objects.joined() where !names.contains(member.name) { names.append(member.name) }
        let lines = objects.prefix(most).map { members -> [String: Any] in
            [
                "changeCells": names.map { name -> [String: Any] in
                    let value = members.first { $0.name == name }?.value ?? .null
                    return ["changeText": value == .null ? "–" : text(value)]
                }
            ]
        }
        var table: [String: Any] = [
            "changeHead": names.map { ["changeName": HTMLText.clean($0, limit: 80)] as [String: Any] },
            "changeLines": Array(lines),
        ]
        if objects.count > most { table["changeMore"] = "and \(Wording.count(objects.count - most)) more" }
        return table
    }

    /// A document in a line: numbers with commas, texts without quotes, lists with commas between.
    static func text(_ json: JSON, limit: Int = 300) -> String {
        switch json {
        case .null: "nothing"
        case .boolean(let bit): bit ? "yes" : "no"
        case .number(let digits): PageWording.grouped(digits)
        case .string(let text): text.isEmpty ? "(empty text)" : HTMLText.clean(text, limit: limit)
        case .array(let items):
            items.isEmpty
                ? "none"
                : cut(items.prefix(most).map { text($0, limit: 80) }.joined(separator: ", "), items.count > most, limit)
        case .object(let members):
            cut(
                members.prefix(most).map { "\(HTMLText.clean($0.name, limit: 80)): \(text($0.value, limit: 80))" }
                    .joined(separator: "; "), members.count > most, limit)
        }
    }

    private static func cut(_ text: String, _ isCut: Bool, _ limit: Int) -> String {
        let short = text.unicodeScalars.count > limit
        return (short ? String(String.UnicodeScalarView(text.unicodeScalars.prefix(limit))) : text)
            + (short || isCut ? "…" : "")
    }
}
