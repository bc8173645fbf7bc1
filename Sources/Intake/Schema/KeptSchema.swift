public import Tables

/// The columns and types that a source has had so far.
///
/// Columns are only ever added. A type that was inferred gives way to a wider one, as long as nothing is against it, or to one that
/// somebody declares; what doesn't fit is rescued. Names are told apart by their
/// bytes; one that differs from an earlier one only in case, or is a name that every row has anyway (``KeptColumn/reserved``), becomes
/// no column, and its values are rescued.
public struct KeptSchema: Sendable, Hashable {
    /// In the order in which they came, those without a type included.
    public let columns: [KeptColumn]
    /// The columns of batches: those with a type.
    public let schema: Schema
    /// By the schema's index.
    public let origins: [TypeOrigin]
    /// Whether no file was looked at so far: the first ones make the schema, whatever the mode.
    public let isInitial: Bool

    /// No source grows more columns than these by itself: keys that are data would make one of each.
    public static let mostColumns = 2_000

    /// A schema with the columns that somebody declared.
    ///
    /// A declared name that can be no column is passed over; names that differ only in case count once.
    public init(declared: [(name: String, type: LogicalType)] = []) {
        var columns: [KeptColumn] = []
        var folded: Set<ColumnName> = []
        for (name, type) in declared
        where KeptColumn.refusal(name) == nil && folded.insert(KeptColumn.folded(name)).inserted {
            columns.append(KeptColumn(name, type, origin: .declared))
        }
        self.init(columns, isInitial: true)
    }

    init(_ columns: [KeptColumn], isInitial: Bool) {
        self.columns = columns
        self.isInitial = isInitial
        let typed = columns.compactMap { column in
            column.type.map { (field: Field(column.name, $0), origin: column.origin) }
        }
        schema = Schema(typed.map(\.field))
        origins = typed.map(\.origin)
    }

    /// Columns of which no value was seen.
    public var untyped: [String] { columns.filter { $0.origin == .unknown }.map(\.name) }

    /// Columns that batches have although no value of them was seen.
    public var awaited: [String] { columns.filter(\.isAwaited).map(\.name) }

    /// The same schema, in which batches have columns that showed no value yet, because somebody asks for them.
    ///
    /// They have these types until the first values tell their own. Those that aren't known at all are added, at the end.
    public func awaiting(_ fields: [Field]) -> KeptSchema {
        let types = Dictionary(fields.map { (Array($0.name.utf8), $0.type) }) { first, _ in first }
        var columns = columns.map { column in
            guard column.origin == .unknown, let type = types[Array(column.name.utf8)] else { return column }
            return KeptColumn(column.name, type, origin: .unknown)
        }
        var folded = Set(columns.map { KeptColumn.folded($0.name) })
        for field in fields
        where KeptColumn.refusal(field.name) == nil && folded.insert(KeptColumn.folded(field.name)).inserted {
            columns.append(KeptColumn(field.name, field.type, origin: .unknown))
        }
        return KeptSchema(columns, isInitial: isInitial)
    }

    /// The schema without some of the columns that it has beyond an earlier one, and the names of those.
    public func passingOver(
        newSince earlier: KeptSchema, where isUnfit: (String) -> Bool
    ) -> (schema: KeptSchema, refused: [Refusal]) {
        let known = Set(named: earlier.columns.map(\.name))
        let unfit = Set(named: columns.map(\.name).filter { !known.contains(column: $0) && isUnfit($0) })
        guard !unfit.isEmpty else { return (self, []) }
        return (
            KeptSchema(columns.filter { !unfit.contains(column: $0.name) }, isInitial: isInitial),
            unfit.sorted().map { Refusal(name: $0.text, reason: .caseOnly) }
        )
    }

    /// The same schema, in which awaited columns have the types that they are awaited as.
    public var settled: KeptSchema {
        KeptSchema(
            columns.map { $0.isAwaited ? KeptColumn($0.name, $0.type, origin: .inferred) : $0 }, isInitial: isInitial)
    }

    /// The same for everybody who has the same columns: 32 hexadecimal digits.
    public var fingerprint: String { Hash128(json.text()).hexadecimal }
}
