public import Tables

/// What sets two schemas apart, told as a person would: columns added, removed, retyped, moved.
///
/// A column that was inserted makes one change, not one for each column after it: the moved ones are those outside of the
/// longest common subsequence of the columns that both have.
public struct SchemaDifference: Sendable, Equatable {
    public enum Kind: String, Sendable, Hashable {
        case added, removed
        case retyped = "type_changed"
        case moved = "reordered"
    }

    public struct Change: Sendable, Equatable {
        public let kind: Kind
        public let column: String
        /// A type, or a position from 1.
        public let from: String?
        public let to: String?
    }

    public let changes: [Change]

    public var isEmpty: Bool { changes.isEmpty }

    /// What happened on the way from `old` to `new`.
    ///
    /// `isOfType` tells whether the old column at a place counts as one of a type; where it is absent, types must be equal.
    /// A name that stands there twice is two columns, the first and the second of that name.
    public init(
        from old: [(name: String, type: LogicalType)], to new: [(name: String, type: LogicalType)],
        isOfType: ((_ place: Int, _ type: LogicalType) -> Bool)? = nil
    ) {
        var changes: [Change] = []
        let oldKeys = Key.keys(old.map(\.name))
        let newKeys = Key.keys(new.map(\.name))
        let oldPlaces = Dictionary(uniqueKeysWithValues: oldKeys.enumerated().map { ($1, $0) })
        let kept = Set(newKeys)
        for (key, column) in zip(oldKeys, old) where !kept.contains(key) {
            changes.append(Change(kind: .removed, column: column.name, from: column.type.description, to: nil))
        }
        for (key, column) in zip(newKeys, new) where oldPlaces[key] == nil {
            changes.append(Change(kind: .added, column: column.name, from: nil, to: column.type.description))
        }
        let shared = newKeys.indices.compactMap { place in oldPlaces[newKeys[place]].map { (old: $0, new: place) } }
        for places in shared {
            let (before, after) = (old[places.old].type, new[places.new].type)
            guard !(isOfType?(places.old, after) ?? (before == after)) else { continue }
            changes.append(
                Change(
                    kind: .retyped, column: new[places.new].name, from: before.description, to: after.description))
        }
        let stayed = Self.longestIncreasing(shared.map(\.old))
        for (index, places) in shared.enumerated() where !stayed.contains(index) {
            changes.append(
                Change(
                    kind: .moved, column: new[places.new].name, from: String(places.old + 1), to: String(places.new + 1)
                ))
        }
        self.changes = changes
    }

    /// A column by its name's bytes, and which of those with the name it is.
    private struct Key: Hashable {
        let name: [UInt8]
        let occurrence: Int

        static func keys(_ names: [String]) -> [Key] {
            var seen: [[UInt8]: Int] = [:]
            return names.map { name in
                let bytes = Array(name.utf8)
                defer { seen[bytes, default: 0] += 1 }
                return Key(name: bytes, occurrence: seen[bytes, default: 0])
            }
        }
    }

    /// Indices of a longest increasing subsequence: the columns that kept their order.
    private static func longestIncreasing(_ places: [Int]) -> Set<Int> {
        var tails: [Int] = []
        var previous = [Int](repeating: -1, count: places.count)
        for index in places.indices {
            let slot = tails.firstIndex { places[$0] >= places[index] } ?? tails.count
            previous[index] = slot > 0 ? tails[slot - 1] : -1
            if slot == tails.count { tails.append(index) } else { tails[slot] = index }
        }
        var kept: Set<Int> = []
        var index = tails.last ?? -1
        while index >= 0 {
            kept.insert(index)
            index = previous[index]
        }
        return kept
    }

    /// In words: `column coupon was added (string)`.
    public static func words(_ change: Change) -> String {
        switch change.kind {
        case .added: "column \(change.column) was added (\(change.to ?? "?"))"
        case .removed: "column \(change.column) was removed"
        case .retyped: "column \(change.column) changed from \(change.from ?? "?") to \(change.to ?? "?")"
        case .moved: "column \(change.column) moved from position \(change.from ?? "?") to \(change.to ?? "?")"
        }
    }
}

/// What a change of a schema is taken for.
enum Reaction: String, Sendable, CaseIterable {
    case allow, warn, fail
}

/// What happens on each kind of change.
struct SchemaReactions: Sendable {
    let onAdded: Reaction
    let onRemoved: Reaction
    let onTypeChange: Reaction
    let onReorder: Reaction

    static let parameters: [Parameter] = [
        Parameter("on_added", .reaction, "what a column that was added is taken for; fail when absent"),
        Parameter("on_removed", .reaction, "what a column that was removed is taken for; fail when absent"),
        Parameter("on_type_change", .reaction, "what another type of a column is taken for; fail when absent"),
        Parameter("on_reorder", .reaction, "what another order of the columns is taken for; allow when absent"),
    ]

    init(_ arguments: Arguments) throws(SuiteError) {
        onAdded = try arguments.choice("on_added", .fail)
        onRemoved = try arguments.choice("on_removed", .fail)
        onTypeChange = try arguments.choice("on_type_change", .fail)
        onReorder = try arguments.choice("on_reorder", .allow)
    }

    func reaction(to kind: SchemaDifference.Kind) -> Reaction {
        switch kind {
        case .added: onAdded
        case .removed: onRemoved
        case .retyped: onTypeChange
        case .moved: onReorder
        }
    }

    /// The verdict on a difference: failed where a change is to fail, failed as a warning where one is to warn.
    func judge(_ difference: SchemaDifference, schema: Schema) -> Judgement {
        let reactions = difference.changes.map { ($0, reaction(to: $0.kind)) }
        let failing = reactions.contains { $0.1 == .fail }
        let warning = reactions.contains { $0.1 == .warn }
        var judgement = Judgement(failing || warning ? .failed : .passed)
        if !failing { judgement.severityCap = .warning }
        judgement.observedValue = schema.json
        judgement.details = [
            JSON.Member(
                "changes",
                .array(
                    reactions.map { change, reaction in
                        .object([
                            .init("change", .string(change.kind.rawValue)), .init("column", .string(change.column)),
                            .init("from", change.from.map { .string($0) } ?? .null),
                            .init("to", change.to.map { .string($0) } ?? .null),
                            .init("reaction", .string(reaction.rawValue)),
                        ])
                    }))
        ]
        let told = reactions.filter { $0.1 != .allow }.map { SchemaDifference.words($0.0) }
        if !told.isEmpty {
            let shown = told.prefix(6).joined(separator: ", ") + (told.count > 6 ? " and \(told.count - 6) more" : "")
            judgement.statement = "The schema changed: \(shown)."
        } else if !difference.isEmpty {
            judgement.statement =
                "The schema is as expected, apart from \(Wording.count(difference.changes.count, "change")) that is allowed."
        }
        return judgement
    }
}

extension Schema {
    /// The columns with their types, in order.
    var json: JSON {
        .array(fields.map { .object([.init("name", .string($0.name)), .init("type", .string($0.type.description))]) })
    }
}

extension Schema {
    /// The schema with guessed types made those of an earlier one, where the guess says nothing else: a column without values
    /// is of any type, and a narrower or wider number or time is the same kind of thing.
    public func settled(by previous: Schema, _ origins: [TypeOrigin]) -> Schema {
        Schema(
            zip(fields, origins).map { field, origin in
                guard let before = previous[field.name]?.type else { return field }
                switch origin {
                case .unknown: return Field(field.name, before, isNullable: field.isNullable)
                case .inferred:
                    let wider = before.widened(toInclude: field.type)
                    return wider == nil ? field : Field(field.name, before, isNullable: field.isNullable)
                case .declared, .stored: return field
                }
            })
    }
}
