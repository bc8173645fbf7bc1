/// Something that an expectation asks: one question of its row condition, or what it says of the rows.
///
/// An expectation fits a table where all of its parts do.
public struct ExpectationPart: Sendable {
    /// Columns that it asks about.
    public let columns: [String]
    private let fit: @Sendable (TableContext) throws(PlanError) -> Void

    init(_ columns: [String], fit: @escaping @Sendable (TableContext) throws(PlanError) -> Void) {
        self.columns = columns
        self.fit = fit
    }

    /// - Throws: why it can't be asked of the table.
    public func check(_ table: TableContext) throws(PlanError) { try fit(table) }
}
