import Parquet

/// How columns are stored in data files (Delta protocol, Data Files; the narrowest Parquet type of each).
extension DeltaField {
    /// For types whose values are read; which of them are written ``DeltaSchema/checkWritable(place:)`` says.
    var stored: SchemaNode { type.stored(name, isNullable: isNullable) }
}

extension DeltaType {
    func stored(_ name: String, isNullable: Bool) -> SchemaNode {
        switch self {
        case .byte: .leaf(name, .int8, isNullable: isNullable)
        case .short: .leaf(name, .int16, isNullable: isNullable)
        case .integer: .leaf(name, .int32, isNullable: isNullable)
        case .long: .leaf(name, .int64, isNullable: isNullable)
        case .float: .leaf(name, .float, isNullable: isNullable)
        case .double: .leaf(name, .double, isNullable: isNullable)
        case .decimal(let precision, let scale):
            .leaf(name, .decimal(precision: precision, scale: scale), isNullable: isNullable)
        case .string, .limitedString, .void: .leaf(name, .string, isNullable: isNullable)
        case .binary: .leaf(name, .binary, isNullable: isNullable)
        case .boolean: .leaf(name, .boolean, isNullable: isNullable)
        case .date: .leaf(name, .date, isNullable: isNullable)
        case .timestamp: .leaf(name, .timestamp(.microseconds, isUTC: true), isNullable: isNullable)
        case .timestampNtz: .leaf(name, .timestamp(.microseconds, isUTC: false), isNullable: isNullable)
        case .array(let element, let containsNull):
            .list(name, of: element.stored("element", isNullable: containsNull), isNullable: isNullable)
        case .map(let key, let value, let valueContainsNull):
            .map(
                name, key: key.stored("key", isNullable: false),
                value: value.stored("value", isNullable: valueContainsNull), isNullable: isNullable)
        case .structure(let fields): .structure(name, fields.map(\.stored), isNullable: isNullable)
        case .foreign: preconditionFailure("values of foreign types are neither read nor written")
        }
    }

    fileprivate var isWritten: Bool {
        switch self {
        case .limitedString, .void, .foreign: false
        default: true
        }
    }
}

extension DeltaSchema {
    /// Refuses columns of types that are not written here.
    func checkWritable(place: String) throws(DeltaError) {
        guard let field = allFields.first(where: { $0.type.contains { !$0.isWritten } }) else { return }
        throw DeltaError(
            .unsupportedFeature, "the column \"\(field.name)\" has the type \(field.type), which is not written here",
            place: place, hint: "the table can be read")
    }
}
