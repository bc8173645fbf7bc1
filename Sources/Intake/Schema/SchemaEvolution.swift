public import Tables

/// What becomes of columns that a source hasn't had before.
public enum SchemaEvolution: String, Sendable, Hashable, CaseIterable {
    /// They are columns from the next batch on.
    case addNewColumns = "add_new_columns"
    /// Their values are rescued, row by row.
    case rescue
    /// Nothing of the file is read until somebody decides.
    case fail
}

extension KeptSchema {
    /// A name that became no column.
    public struct Refusal: Sendable, Equatable {
        public enum Reason: String, Sendable {
            /// An earlier column has the name in another case.
            case caseOnly = "case-only"
            /// Every row has a column of that name anyway.
            case reserved
            case empty
            /// More than 255 bytes.
            case long
            /// A NUL is in it, or in the name of a field inside: other readers of tables take no such name.
            case nul
            /// The source has ``KeptSchema/mostColumns`` already.
            case tooMany = "too-many"
        }

        public let name: String
        public let reason: Reason

        public init(name: String, reason: Reason) { (self.name, self.reason) = (name, reason) }
    }

    /// What a schema became.
    public struct Evolved: Sendable {
        public let schema: KeptSchema
        /// Columns that batches have from now on: new ones, and those of which the first value was seen.
        public let added: [Field]
        /// Names whose values are rescued whatever the mode, since they can be no columns.
        public let refused: [Refusal]
    }

    /// The schema after files that have these columns.
    ///
    /// A schema that no file was seen for takes what it gets in any mode: something has to be first. A column that is known and had no value so
    /// far gets its type in any mode, and one whose type was inferred a wider one where values need it.
    ///
    /// `file` is where they were seen, for the error `schema-changed`, which names the new columns.
    public func evolving(
        with seen: SeenColumns, mode: SchemaEvolution, file: String
    ) throws(SourceError) -> Evolved {
        var columns = columns
        var places = Dictionary(columns.enumerated().map { (KeptColumn.folded($1.name), $0) }) { first, _ in first }
        var added: [Field] = []
        var refused: [Refusal] = []
        var unwanted: [String] = []
        let takesAll = isInitial || mode == .addNewColumns
        for column in seen.columns {
            var type: LogicalType?
            if case .type(let found) = column.guess { type = found }
            if let reason = KeptColumn.refusal(column.name) ?? type?.refusal {
                refused.append(Refusal(name: column.name, reason: reason))
            } else if let place = places[KeptColumn.folded(column.name)] {
                guard columns[place].name.utf8.elementsEqual(column.name.utf8) else {
                    refused.append(Refusal(name: column.name, reason: .caseOnly))
                    continue
                }
                guard let type else { continue }
                guard columns[place].origin == .unknown else {
                    columns[place] = columns[place].widened(toInclude: type) ?? columns[place]
                    continue
                }
                columns[place] = KeptColumn(column.name, type, origin: .inferred)
                added.append(Field(column.name, type))
            } else if !takesAll {
                unwanted.append(column.name)
            } else if columns.count >= Self.mostColumns {
                refused.append(Refusal(name: column.name, reason: .tooMany))
            } else {
                places[KeptColumn.folded(column.name)] = columns.count
                columns.append(KeptColumn(column.name, type, origin: .inferred))
                if let type { added.append(Field(column.name, type)) }
            }
        }
        if mode == .fail, !unwanted.isEmpty { throw Self.changed(unwanted, file) }
        return Evolved(
            schema: KeptSchema(columns, isInitial: isInitial && seen.columns.isEmpty), added: added, refused: refused)
    }

    private static func changed(_ names: [String], _ file: String) -> SourceError {
        let shown = names.prefix(5).map { "'\(Excerpt.of($0))'" }.joined(separator: ", ")
        let rest = names.count > 5 ? " and \(names.count - 5) more" : ""
        return SourceError(
            code: "schema-changed",
            message:
                "the file has \(names.count == 1 ? "a column that is" : "columns that are") none of the source's: \(shown)\(rest)",
            place: file,
            hint:
                "set schema_evolution to add_new_columns to take such columns in, or to rescue to keep their values aside"
        )
    }
}
