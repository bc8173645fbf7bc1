import Tables

/// What is wanted of data.
enum InspectionPart {
    case everything
    /// What the commits of a Delta table did.
    case history
    /// Each row group of a Parquet file, column by column; each data file of a Delta table.
    case rowGroups
}

/// Data that can be looked at.
protocol Inspectable {
    /// What there is to tell; data that doesn't have the part tells of everything.
    func inspection(of part: InspectionPart) throws -> Inspection

    /// Prints the first rows as JSON Lines.
    func printRows(_ count: Int) throws
}

/// What there is to tell of data, for people and for programs.
struct Inspection {
    /// As in `parquet`.
    let kind: String
    let path: String
    /// Of the JSON document, behind those that all have; made when they are asked for, for there may be many.
    let members: () -> [JSON.Member]
    /// What comes first, in a line.
    let headline: String
    /// Facts, a line each.
    let facts: [(name: String, value: String)]
    let tables: [TextGrid]

    /// The stable JSON of `--format json`.
    ///
    /// `version` grows when a member changes its meaning or goes; new members may come at any time.
    static func document(_ inspection: Inspection) -> JSON {
        .object(
            [
                .init("format", .string("assay-inspection")), .init("version", .integer(1)),
                .init("kind", .string(inspection.kind)), .init("path", .string(inspection.path)),
            ] + inspection.members())
    }

    func text(_ paint: Paint) -> String {
        var lines = [paint.bold(headline)]
        let width = facts.map(\.name.count).max() ?? 0
        for (name, value) in facts {
            lines.append("  \(paint.dim(name + String(repeating: " ", count: width - name.count)))  \(value)")
        }
        for table in tables { lines += [""] + table.lines(paint) }
        return lines.joined(separator: "\n") + "\n"
    }
}
