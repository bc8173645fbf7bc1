import Tables

/// A test of rows as it is for values of other types than their columns', whose types were inferred: each value is judged by its own.
struct StrayTests: Sendable {
    /// Columns whose values it compares, and whose types nobody declared.
    let columns: Set<Int>
    private let make: @Sendable ([Int: LogicalType]) -> (any RowTest)?

    /// `nil` where no column may have such values, or its texts alone are judged.
    ///
    /// - make: gives the test for some columns of other types; `nil` where it can't be asked of them.
    init?(
        _ test: any RowTest, _ table: TableContext, make: @escaping @Sendable ([Int: LogicalType]) -> (any RowTest)?
    ) {
        columns = Self.columns(of: test.projection, table)
        self.make = make
        if columns.isEmpty { return nil }
    }

    /// Those of some columns whose numbers are compared, and whose types nobody declared.
    static func columns(of projection: Projection, _ table: TableContext) -> Set<Int> {
        Set(
            projection.needs.filter { column, need in
                need == .values && table.typeOrigins[column] == .inferred && table.schema.fields[column].type.isNumeric
            }.map(\.key))
    }

    /// Has rows with such values say what the test for their types says; those that it can't be asked of stay as they are.
    func correct(_ verdicts: inout RowVerdicts, of batch: Batch) {
        for stray in StrayRows.all(of: batch, in: columns) {
            guard let own = make(stray.types)?.evaluate(stray.batch) else { continue }
            for (number, row) in stray.rows.enumerated() {
                verdicts.considered[row] = own.considered[number]
                verdicts.unexpected[row] = own.unexpected[number]
            }
        }
    }
}
