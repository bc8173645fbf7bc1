import Tables

/// The type of a column that isn't the one which the beginning of its files showed.
struct RetypedColumn: Sendable {
    let type: LogicalType
    let origin: TypeOrigin
}
