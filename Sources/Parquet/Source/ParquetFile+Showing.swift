import Tables

/// Files of a table whose nested columns have changed since some of them were written.
extension ParquetFile {
    /// The same file, its nested fields shown as those of the same names in another schema: with its fields, in its order, of its types.
    ///
    /// A field stays as it is stored where the schema hasn't one of its name, or one whose values are none of its own.
    public func showing(_ schema: ParquetSchema) -> ParquetFile {
        ParquetFile(self, schema: self.schema, shownSchema: schema)
    }

    /// The type that a nested field's column has, and how its values become that; `nil` where they are of that type as they are stored.
    func nestedForm(of field: SchemaNode) -> (type: LogicalType, fit: ValueFit?) {
        let stored = ValueShape(field)
        guard let shown = shownSchema, let place = FieldName.place(of: field.name, among: shown.fields.map(\.name))
        else { return (stored.columnType(schema.leaves), nil) }
        let wanted = ValueShape(shown.fields[place])
        guard let fit = ValueFit(stored, schema.leaves, as: wanted, shown.leaves) else {
            return (stored.columnType(schema.leaves), nil)
        }
        return (wanted.columnType(shown.leaves), fit.isIdentity ? nil : fit)
    }
}
