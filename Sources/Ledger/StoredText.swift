import Expectations
import Tables

/// Texts and samples in the form and size that the ledger stores.
enum StoredText {
    /// A text of more bytes is cut: the ledger is a memory of verdicts, not a copy of the data.
    static let limit = 1_000

    /// SQLite's texts end at a NUL.
    static func fit(_ text: String, limit: Int = 4 * limit) -> String {
        let isShort = text.utf8.count <= limit
        guard !isShort || text.utf8.contains(0) else { return text }
        var fitting = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(limit) { fitting.append(scalar == "\0" ? "\u{FFFD}" : scalar) }
        return isShort ? String(fitting) : String(fitting) + "…"
    }

    static func json(_ cells: [UnexpectedRow.Cell]) -> JSON {
        .object(cells.map { JSON.Member($0.column, $0.json) })
    }

    static func json(_ row: UnexpectedRow) -> JSON {
        var members = [JSON.Member("values", json(row.values))]
        if !row.index.isEmpty { members.append(JSON.Member("index", json(row.index))) }
        members += [JSON.Member("file", .string(row.partition)), JSON.Member("row", .integer(row.row))]
        if let offset = row.byteOffset { members.append(JSON.Member("byte_offset", .integer(offset))) }
        return .object(members)
    }

    static func json(_ item: UnexpectedCount) -> JSON {
        .object([JSON.Member("values", json(item.values)), JSON.Member("count", .integer(item.count))])
    }

    static func strings(_ text: String) -> [String] {
        guard case .array(let items)? = JSON(text: text) else { return [] }
        return items.compactMap { if case .string(let item) = $0 { item } else { nil } }
    }

    static func members(_ text: String?) -> [JSON.Member] {
        guard let text, case .object(let members)? = JSON(text: text) else { return [] }
        return members
    }

    static func items(_ text: String) -> [JSON]? {
        guard case .array(let items)? = JSON(text: text) else { return nil }
        return items
    }
}

extension Outcome {
    /// Chosen by hand and never changed: databases have it.
    var stored: Int {
        switch self {
        case .passed: 0
        case .failed: 1
        case .vacuous: 2
        case .errored: 3
        }
    }

    init(stored: Int, reason: String?) {
        switch stored {
        case 0: self = .passed
        case 1: self = .failed
        case 2: self = .vacuous(reason: reason ?? "")
        default: self = .errored(reason: reason ?? "")
        }
    }
}

extension Severity {
    /// Chosen by hand and never changed: databases have it.
    var stored: Int {
        switch self {
        case .info: 0
        case .warning: 1
        case .critical: 2
        }
    }

    init(stored: Int) { self = stored == 0 ? .info : stored == 1 ? .warning : .critical }
}
