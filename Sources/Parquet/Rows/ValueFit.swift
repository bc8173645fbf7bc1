import Tables

/// How values of a nested field become those of a field of another schema: found out once, for all values of a file.
///
/// Fields of a structure are found by their names, and come in the other's order and under its names: one that the file lacks is
/// missing, and one that the other lacks is left out. Numbers, dates and times become those of the other's types.
indirect enum ValueFit: Sendable {
    /// Without a value in the file or in the other schema.
    case missing
    case leaf(LeafMeaning, from: LeafMeaning)
    /// `storedCount` is how many fields the file has.
    case structure([Member], storedCount: Int)
    case list(ValueFit)
    case map(key: ValueFit, value: ValueFit, hasTextKeys: Bool)

    /// A field of a structure.
    struct Member: Sendable {
        let name: String
        /// Among the fields that the file has; `nil` where it lacks it.
        let place: Int?
        let isRenamed: Bool
        let fit: ValueFit
    }

    /// `nil` where values of the one are none of the other.
    init?(_ stored: ValueShape, _ leaves: [SchemaLeaf], as wanted: ValueShape, _ wantedLeaves: [SchemaLeaf]) {
        func inner(_ stored: ValueShape, _ wanted: ValueShape) -> ValueFit? {
            ValueFit(stored, leaves, as: wanted, wantedLeaves)
        }
        func meaning(_ shape: ValueShape, _ leaves: [SchemaLeaf]) -> LeafMeaning? {
            if case .leaf(let index) = shape { LeafMeaning(leaves[index]) } else { nil }
        }
        if case .optional(_, let stored) = stored {
            guard let fit = inner(stored, wanted) else { return nil }
            self = fit
            return
        }
        if case .optional(_, let wanted) = wanted {
            guard let fit = inner(stored, wanted) else { return nil }
            self = fit
            return
        }
        if meaning(stored, leaves) == .nothing {
            self = .missing
            return
        }
        switch (stored, wanted) {
        case (.leaf(let own), .leaf(let other)):
            let (own, other) = (LeafMeaning(leaves[own]), LeafMeaning(wantedLeaves[other]))
            guard own.canBecome(other) else { return nil }
            self = .leaf(other, from: own)
        case (.structure(let own, _), .structure(let others, _)):
            var members: [Member] = []
            for other in others {
                guard let place = FieldName.place(of: other.name, among: own.map(\.name)) else {
                    members.append(Member(name: other.name, place: nil, isRenamed: false, fit: .missing))
                    continue
                }
                guard let fit = inner(own[place].shape, other.shape) else { return nil }
                let isRenamed = !FieldName.areEqual(own[place].name, other.name)
                members.append(Member(name: other.name, place: place, isRenamed: isRenamed, fit: fit))
            }
            self = .structure(members, storedCount: own.count)
        case (.list(_, let own), .list(_, let other)):
            guard let fit = inner(own, other) else { return nil }
            self = .list(fit)
        case (.map(_, let key, let value), .map(_, let otherKey, let otherValue)):
            guard let keyFit = inner(key, otherKey), let valueFit = inner(value, otherValue) else { return nil }
            let isText = otherKey.isText(wantedLeaves)
            self = .map(key: keyFit, value: valueFit, hasTextKeys: isText)
        default: return nil
        }
    }

    /// Whether values stay what they are.
    var isIdentity: Bool {
        switch self {
        case .missing: false
        case .leaf(let meaning, let own): meaning == own
        case .structure(let members, let storedCount):
            members.count == storedCount
                && members.enumerated().allSatisfy { $1.place == $0 && !$1.isRenamed && $1.fit.isIdentity }
        case .list(let element): element.isIdentity
        case .map(let key, let value, _): key.isIdentity && value.isIdentity
        }
    }

    /// The value of the other schema that a value of the file is.
    ///
    /// What the other has no place for stays as the file has it. `spelling` becomes the worst of all values inside.
    func value(_ stored: ParquetValue, _ spelling: inout Spelling) -> ParquetValue {
        switch (self, stored) {
        case (_, .null), (.missing, _): return .null
        case (.leaf(let meaning, _), _):
            guard let value = meaning.value(stored) else {
                spelling = max(spelling, .other, meaning.spelling(of: stored))
                return stored
            }
            spelling = max(spelling, meaning.spelling(of: value))
            return value
        case (.structure(let members, _), .structure(let fields)):
            return .structure(
                members.map { member in
                    let value = member.place.map { member.fit.value(fields[$0].value, &spelling) }
                    return ParquetValue.Member(name: member.name, value: value ?? .null)
                })
        case (.list(let element), .list(let elements)):
            return .list(elements.map { element.value($0, &spelling) })
        case (.map(let key, let value, let hasTextKeys), .map(let entries, _)):
            return .map(
                entries.map { entry in
                    ParquetValue.Entry(
                        key: key.value(entry.key, &spelling), value: value.value(entry.value, &spelling))
                }, hasTextKeys: hasTextKeys)
        default: return stored
        }
    }
}

/// Names of fields as writers compare them.
enum FieldName {
    /// Byte by byte: `é` is not `e` and an accent.
    static func areEqual(_ one: String, _ other: String) -> Bool { one.utf8.elementsEqual(other.utf8) }

    /// Where a name stands, or else the only one that differs from it in nothing but case.
    static func place(of name: String, among names: [String]) -> Int? {
        if let exact = names.firstIndex(where: { areEqual($0, name) }) { return exact }
        let folded = name.lowercased()
        let similar = names.indices.filter { areEqual(names[$0].lowercased(), folded) }
        return similar.count == 1 ? similar[0] : nil
    }
}

extension ValueShape {
    /// Whether values are texts by their type.
    fileprivate func isText(_ leaves: [SchemaLeaf]) -> Bool {
        switch self {
        case .leaf(let index): LeafMeaning(leaves[index]) == .text
        case .optional(_, let inner): inner.isText(leaves)
        case .structure, .list, .map: false
        }
    }
}
