/// A field of the schema, as the footer lists them: parents before their children (parquet.thrift, `SchemaElement`).
public struct SchemaElement: Sendable, Hashable {
    /// `nil` for a group.
    public var type: PhysicalType?
    /// Bytes of each value of a FIXED_LEN_BYTE_ARRAY.
    public var typeLength: Int32?
    /// `nil` for the root.
    public var repetition: Repetition?
    public var name: String
    /// `nil` or 0 for a leaf.
    public var childCount: Int32?
    public var convertedType: ConvertedType?
    /// Of the converted type DECIMAL.
    public var scale: Int32?
    public var precision: Int32?
    public var fieldID: Int32?
    public var annotation: Annotation?
}

extension SchemaElement: ThriftStruct {
    init(from reader: inout ThriftReader) throws(ParquetError) {
        var element = SchemaElement(name: "")
        var name: String?
        var fields = try reader.beginStruct()
        while let field = try reader.nextField(&fields) {
            switch field.id {
            case 1: element.type = try reader.value(field)
            case 2: element.typeLength = try reader.value(field)
            case 3: element.repetition = try reader.value(field)
            case 4: name = try reader.value(field)
            case 5: element.childCount = try reader.value(field)
            case 6: element.convertedType = ConvertedType(rawValue: try reader.value(field))
            case 7: element.scale = try reader.value(field)
            case 8: element.precision = try reader.value(field)
            case 9: element.fieldID = try reader.value(field)
            case 10: element.annotation = try reader.value(field)
            default: try reader.skip(field)
            }
        }
        element.name = try ThriftReader.required(name, "name")
        self = element
    }

    func write(to writer: inout ThriftWriter) {
        writer.structure { writer in
            writer.field(1, type)
            writer.field(2, typeLength)
            writer.field(3, repetition)
            writer.field(4, name)
            writer.field(5, childCount)
            writer.field(6, convertedType?.rawValue)
            writer.field(7, scale)
            writer.field(8, precision)
            writer.field(9, fieldID)
            writer.field(10, annotation.flatMap { $0.hasLogicalType ? $0 : nil })
        }
    }
}
