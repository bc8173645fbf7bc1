public import Tables

/// How types change that are kept.
extension KeptSchema {
    /// A column that has another type than it had.
    public struct Retyping: Sendable, Equatable {
        public let name: String
        public let before: LogicalType
        public let after: LogicalType
        /// Whether somebody declared the new type; else values need it.
        public let isDeclared: Bool

        public init(name: String, before: LogicalType, after: LogicalType, isDeclared: Bool) {
            (self.name, self.before, self.after, self.isDeclared) = (name, before, after, isDeclared)
        }
    }

    /// The schema with room for values of other types in some columns, as far as those may widen.
    public func widened(toInclude fields: [Field]) -> KeptSchema {
        fields.reduce(self) { schema, field in
            schema.changing(field.name) { $0.widened(toInclude: field.type) ?? $0 }
        }
    }

    /// The schema with the types that somebody declares, whatever they were; columns that it hasn't are added at the end.
    ///
    /// A declared name that can be no column is passed over. A column that nobody declares any more has the type that it had, as one
    /// that was inferred.
    public func declaring(_ declared: [(name: String, type: LogicalType)]) -> KeptSchema {
        let types = Dictionary(declared.map { (Array($0.name.utf8), $0.type) }) { first, _ in first }
        var columns = columns.map { column in
            types[Array(column.name.utf8)].map { KeptColumn(column.name, $0, origin: .declared) }
                ?? (column.origin == .declared ? KeptColumn(column.name, column.type, origin: .inferred) : column)
        }
        var folded = Set(columns.map { KeptColumn.folded($0.name) })
        for (name, type) in declared
        where KeptColumn.refusal(name) == nil && folded.insert(KeptColumn.folded(name)).inserted {
            columns.append(KeptColumn(name, type, origin: .declared))
        }
        return KeptSchema(columns, isInitial: isInitial)
    }

    /// The columns of batches under other names, with types that nothing changes but the first values of awaited ones.
    public func declared(under name: (String) -> String) -> KeptSchema {
        KeptSchema(
            columns.filter { $0.type != nil }.map { column in
                KeptColumn(name(column.name), column.type, origin: column.isAwaited ? .unknown : .declared)
            }, isInitial: isInitial)
    }

    /// Columns of which an earlier schema had another type.
    public func retypings(since earlier: KeptSchema) -> [Retyping] {
        let before = Dictionary(earlier.columns.map { (Array($0.name.utf8), $0.type) }) { first, _ in first }
        return columns.compactMap { column in
            guard let type = column.type, let old = before[Array(column.name.utf8)] ?? nil, old != type else {
                return nil
            }
            return Retyping(name: column.name, before: old, after: type, isDeclared: column.origin == .declared)
        }
    }

    /// The schema with another type of a column.
    public func retyping(_ name: String, as type: LogicalType) -> KeptSchema {
        changing(name) { KeptColumn($0.name, type, origin: $0.origin) }
    }

    /// The schema with a type that a column keeps for good, whatever its values are.
    public func fixing(_ name: String, as type: LogicalType) -> KeptSchema {
        changing(name) { KeptColumn($0.name, type, origin: $0.origin, isFinal: true) }
    }

    private func changing(_ name: String, _ change: (KeptColumn) -> KeptColumn) -> KeptSchema {
        KeptSchema(
            columns.map { $0.name.utf8.elementsEqual(name.utf8) ? change($0) : $0 }, isInitial: isInitial)
    }
}
