public import Tables

/// One change of a table's state: a line of a commit, a row of a checkpoint (Delta protocol, Actions).
///
/// Actions are values with a JSON form, so that a commit can be prepared in one process, stored, and made in another.
public enum Action: Sendable, Equatable {
    case add(AddFile)
    case remove(RemoveFile)
    case metadata(TableMetadata)
    case `protocol`(TableProtocol)
    case transaction(AppTransaction)
    case commitInfo(CommitInfo)
    case domain(DomainMetadata)
    /// Where a checkpoint of the second form keeps its file actions.
    case sidecar(path: String)
    /// One that doesn't change what a version holds: change data, a checkpoint's own metadata, or something newer.
    case other(name: String)

    /// Reads a line of a commit; the error says what is wrong, not where.
    public init(json: JSON) throws(ActionError) {
        // A row of a checkpoint has a member for each kind of action, all but one of them null.
        guard let members = json.members else { throw ActionError("it is no JSON object") }
        guard let member = members.first(where: { !$0.value.isNull }) else { throw ActionError("it holds no action") }
        let reader = ActionReader(member.value, member.name)
        switch member.name {
        case "add": self = .add(try AddFile(reader))
        case "remove": self = .remove(try RemoveFile(reader))
        case "metaData": self = .metadata(try TableMetadata(reader))
        case "protocol": self = .protocol(try TableProtocol(reader))
        case "txn": self = .transaction(try AppTransaction(reader))
        case "commitInfo": self = .commitInfo(CommitInfo(member.value))
        case "domainMetadata": self = .domain(try DomainMetadata(reader))
        case "sidecar": self = .sidecar(path: try reader.string("path"))
        default: self = .other(name: member.name)
        }
    }

    /// The action as a line of a commit holds it.
    public var json: JSON {
        switch self {
        case .add(let file): .object([.init("add", file.json)])
        case .remove(let file): .object([.init("remove", file.json)])
        case .metadata(let metadata): .object([.init("metaData", metadata.json)])
        case .protocol(let version): .object([.init("protocol", version.json)])
        case .transaction(let transaction): .object([.init("txn", transaction.json)])
        case .commitInfo(let info): .object([.init("commitInfo", info.json)])
        case .domain(let domain): .object([.init("domainMetadata", domain.json)])
        case .sidecar(let path): .object([.init("sidecar", .object([.init("path", .string(path))]))])
        case .other(let name): .object([.init(name, .object([]))])
        }
    }
}

/// What is wrong with an action.
public struct ActionError: Error, Sendable, Equatable {
    public let message: String

    init(_ message: String) { self.message = message }
}

/// Takes an action's members out of JSON, and says which one is missing or of the wrong kind.
struct ActionReader {
    private let json: JSON
    private let action: String

    init(_ json: JSON, _ action: String) {
        self.json = json
        self.action = action
    }

    /// The member; `nil` where it is absent or null.
    func value(_ name: String) -> JSON? { json[name].flatMap { $0.isNull ? nil : $0 } }

    func string(_ name: String) throws(ActionError) -> String {
        guard let text = value(name)?.string else { throw wrong(name, "text") }
        return text
    }

    func optionalString(_ name: String) throws(ActionError) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.string else { throw wrong(name, "text") }
        return text
    }

    func integer(_ name: String) throws(ActionError) -> Int64 {
        guard let number = value(name)?.integer else { throw wrong(name, "whole number") }
        return number
    }

    func optionalInteger(_ name: String) throws(ActionError) -> Int64? {
        guard let value = value(name) else { return nil }
        guard let number = value.integer else { throw wrong(name, "whole number") }
        return number
    }

    func boolean(_ name: String, default fallback: Bool) throws(ActionError) -> Bool {
        guard let value = value(name) else { return fallback }
        guard let boolean = value.boolean else { throw wrong(name, "Boolean") }
        return boolean
    }

    func strings(_ name: String) throws(ActionError) -> [String]? {
        guard let value = value(name) else { return nil }
        let texts = value.items?.compactMap(\.string)
        guard let texts, texts.count == value.items?.count else { throw wrong(name, "list of texts") }
        return texts
    }

    /// A map of texts to texts or null.
    func map(_ name: String) throws(ActionError) -> [String: String?] {
        guard let value = value(name) else { return [:] }
        guard let members = value.members else { throw wrong(name, "object") }
        var map: [String: String?] = [:]
        for member in members {
            guard member.value.isNull || member.value.string != nil else {
                throw wrong("\(name).\(member.name)", "text")
            }
            map[member.name] = .some(member.value.string)
        }
        return map
    }

    private func wrong(_ name: String, _ wanted: String) -> ActionError {
        ActionError("\(action).\(name) is no \(wanted)")
    }
}

extension JSON {
    /// A map of texts in the order of its keys, so that the same action is always the same line.
    static func map(_ map: [String: String?]) -> JSON {
        .object(map.sorted { $0.key < $1.key }.map { .init($0.key, $0.value.map { .string($0) } ?? .null) })
    }

    /// An object of the members that have a value.
    static func members(_ members: [(String, JSON?)]) -> JSON {
        .object(members.compactMap { name, value in value.map { .init(name, $0) } })
    }
}
