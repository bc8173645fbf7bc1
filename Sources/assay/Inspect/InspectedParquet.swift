import Expectations
import Files
import Parquet
import Suites
import Tables

/// A Parquet file.
struct InspectedParquet: Inspectable {
    private let file: ParquetFile
    /// The folder of the Delta table that it is a data file of.
    private let table: String?

    init(_ input: InputFile, ofTable table: String?) throws(SourceError) {
        file = try ParquetFile(input)
        self.table = table
    }

    func printRows(_ count: Int) throws {
        if let repeatedNames { Console.standardError("warning: \(repeatedNames)") }
        let reader = file.rows()
        var left = count
        while left > 0 {
            let rows = try reader.next()
            if rows.isEmpty { return }
            for row in rows.prefix(left) {
                let members = zip(reader.fields, row).map { ParquetValue.Member(name: $0.name, value: $1) }
                Console.standardOutput(ParquetValue.structure(members).asText)
            }
            left -= min(left, rows.count)
        }
    }

    /// What must be known before the rest is believed.
    private var warnings: [(name: String, value: String)] {
        let names = repeatedNames.map { ("names", $0) }
        let origin = table.map { table in
            (
                "data file",
                "of the Delta table \(Diagnostics.neutral(table)), whose log alone tells whether its rows count"
            )
        }
        return [names, origin].compactMap(\.self)
    }

    /// Which names several columns have, for a person; `nil` where each has its own.
    private var repeatedNames: String? {
        let counts = Dictionary(file.schema.leaves.map { ($0.dottedPath, 1) }, uniquingKeysWith: +)
        let repeated = counts.filter { $0.value > 1 }.sorted { $0.key < $1.key }
        guard !repeated.isEmpty else { return nil }
        let names = repeated.map { "\"\(Diagnostics.neutral($0.key))\" (\($0.value))" }.joined(separator: ", ")
        return "several columns have the same name: \(names)"
    }

    func inspection(of part: InspectionPart) -> Inspection {
        let leaves = file.schema.leaves.map { LeafInspection(file, $0) }
        let rowGroups = file.metadata.rowGroups.indices.map { RowGroupInspection(file, $0) }
        if part == .rowGroups {
            return Inspection(
                kind: "parquet", path: file.name, members: { [.init("row_groups", .array(rowGroups.map(\.json)))] },
                headline: headline, facts: [], tables: rowGroups.map(\.grid))
        }
        let groups = file.metadata.rowGroups.count
        let nodes = file.schema.fields.flatMap { Self.flattened($0) }
        let (unpacked, packed) = leaves.reduce((0, 0)) { ($0.0 &+ $1.unpackedSize, $0.1 &+ $1.packedSize) }
        return Inspection(
            kind: "parquet", path: file.name,
            members: { members(leaves) + [.init("row_groups", .array(rowGroups.map(\.json)))] }, headline: headline,
            facts: warnings + [
                ("row groups", "\(Wording.count(groups))" + perGroup(groups)),
                ("pages", "\(ProgressLine.bytes(packed)) packed, \(ProgressLine.bytes(unpacked)) unpacked"),
                (
                    "page index",
                    leaves.allSatisfy(\.hasPageIndex)
                        ? "of all columns" : leaves.contains(where: \.hasPageIndex) ? "of some columns" : "none"
                ),
                ("created by", Diagnostics.neutral(file.metadata.createdBy ?? "unknown")),
                ("keys", keyValues.isEmpty ? "none" : keyValues),
            ],
            tables: [
                TextGrid(
                    "columns (\(Wording.count(leaves.count)))",
                    heads: ["name", "type", "missing", "least", "greatest", "packed", "of", "codec", "encodings"],
                    numbers: ["missing", "packed", "of"],
                    count: nodes.count
                ) { row(nodes[$0].node, depth: nodes[$0].depth, leaves) }
            ])
    }

    private var headline: String {
        "\(Diagnostics.neutral(file.name)): Parquet, \(Wording.count(Int(file.rowCount), "row")), "
            + ProgressLine.bytes(file.byteCount)
    }

    private func perGroup(_ groups: Int) -> String {
        guard groups > 1 else { return "" }
        let rows = file.metadata.rowGroups.map(\.rowCount)
        return ", of \(Wording.count(Int(rows.min() ?? 0))) to \(Wording.count(Int(rows.max() ?? 0))) rows"
    }

    private var keyValues: String {
        (file.metadata.keyValues ?? []).map {
            "\(Diagnostics.neutral($0.key)) (\(ProgressLine.bytes(Double($0.value?.utf8.count ?? 0))))"
        }.joined(separator: ", ")
    }

    /// A field and those inside of it, each before its own.
    private static func flattened(_ node: SchemaNode, depth: Int = 0) -> [(node: SchemaNode, depth: Int)] {
        [(node, depth)] + node.children.flatMap { flattened($0, depth: depth + 1) }
    }

    private func row(_ node: SchemaNode, depth: Int, _ leaves: [LeafInspection]) -> [String] {
        let name = String(repeating: "  ", count: depth) + node.name
        guard !node.isLeaf else { return [name] + leaves[node.leaves.lowerBound].cells(node.repetition) }
        return [name, Self.name(of: node)] + [String](repeating: "", count: 7)
    }

    static func name(of node: SchemaNode) -> String {
        let kind =
            switch node.annotation {
            case .list: "list"
            case .map: "map"
            default: "group"
            }
        return kind + suffix(node.repetition)
    }

    static func suffix(_ repetition: Repetition) -> String {
        switch repetition {
        case .required: ", required"
        case .optional: ", optional"
        case .repeated: ", repeated"
        }
    }

    private func members(_ leaves: [LeafInspection]) -> [JSON.Member] {
        [
            .init("bytes", .integer(file.byteCount)), .init("rows", .integer(file.rowCount)),
            .init("created_by", file.metadata.createdBy.map { .string($0) } ?? .null),
            .init("keys", .array((file.metadata.keyValues ?? []).map { .string($0.key) })),
            .init("schema", .array(file.schema.fields.map { Self.json($0) })),
            .init("columns", .array(leaves.map(\.json))),
        ]
    }

    private static func json(_ node: SchemaNode) -> JSON {
        var members: [JSON.Member] = [
            .init("name", .string(node.name)),
            .init("repetition", .string("\(node.repetition)")),
        ]
        if let id = node.fieldID { members.append(.init("field_id", .integer(id))) }
        switch node.content {
        case .leaf(let type, _):
            members.append(.init("type", .string(LeafInspection.name(type, node.annotation))))
        case .group(let nodes):
            members.append(.init("type", .string(name(of: node))))
            members.append(.init("fields", .array(nodes.map { json($0) })))
        }
        return .object(members)
    }
}

extension ProgressLine {
    static func bytes(_ count: Int64) -> String { bytes(Double(count)) }
}
