import Expectations
import Files
import Formats
import Suites
import Tables

/// A delimited file or JSON Lines.
struct InspectedText: Inspectable {
    private let file: InputFile
    private let format: FileFormat
    private let source: any BatchSource

    init(_ file: InputFile, _ format: FileFormat, _ options: CSVOptions) throws(SourceError) {
        self.file = file
        self.format = format
        if format == .json {
            var json = JSONOptions()
            json.missingValues = options.missingValues
            json.timeZone = options.timeZone
            source = try JSONSource([file], options: json)
        } else {
            source = try CSVSource([file], options: options)
        }
    }

    func printRows(_ count: Int) throws {
        try FirstRows.print(source, columns: Array(source.schema.fields.indices), count: count)
    }

    func inspection(of part: InspectionPart) -> Inspection {
        let written = source.descriptions.first.map { String($0.dropFirst(file.name.count + 2)) } ?? ""
        let size = ProgressLine.bytes(Double(file.byteCount))
        let fields = zip(source.schema.fields, source.typeOrigins)
        return Inspection(
            kind: format.rawValue, path: file.name,
            members: {
                [
                    .init("bytes", .integer(file.byteCount)), .init("compression", .string(file.compression.rawValue)),
                    .init("written_as", .string(written)),
                    .init(
                        "columns",
                        .array(
                            fields.map { field, origin in
                                .object([
                                    .init("name", .string(field.name)), .init("type", .string(field.type.description)),
                                    .init("type_origin", .string(origin.rawValue)),
                                ])
                            })),
                ]
            },
            headline: "\(Diagnostics.neutral(file.name)): \(format == .json ? "JSON" : "delimited text"), \(size)",
            facts: [("written as", Diagnostics.neutral(written))],
            tables: [
                TextGrid(
                    "columns (\(Wording.count(source.schema.fields.count)))", heads: ["name", "type", "told by"],
                    count: source.schema.fields.count
                ) { index in
                    let (field, origin) = (source.schema.fields[index], source.typeOrigins[index])
                    return [field.name, field.type.description, origin == .inferred ? "its values" : origin.rawValue]
                }
            ])
    }
}
