public import Intake
public import Suites
public import Tables

/// A column that something of a pipeline reads, and of which no record has had a value so far.
///
/// What is said of it was said of nothing: a rule had nothing to check, a value that is made of it is missing everywhere.
public struct UnseenColumn: Sendable, Equatable {
    public let name: String
    /// What reads it, under the definition's keys, as in `filter`, `select.total`, `gate`, `gold.revenue`.
    public let readers: [String]

    /// As in `"kind_typo" (filter, gate)`.
    public var text: String { "\(JSON.string(name).text()) (\(readers.joined(separator: ", ")))" }

    /// As in `no record has had a value of "kind_typo" (filter, gate)`.
    public static func sentence(_ columns: [UnseenColumn]) -> String {
        let shown = columns.prefix(mostShown).map(\.text).joined(separator: ", ")
        let rest = columns.count - mostShown
        return "no record has had a value of \(shown)\(rest > 0 ? " and \(rest) more" : "")"
    }

    private static let mostShown = 5

    public var json: JSON {
        .object([
            JSON.Member("column", .string(name)), JSON.Member("readers", .array(readers.map { .string($0) })),
        ])
    }
}

extension PipelineDefinition {
    /// The columns of a source that anything reads and that have shown no value.
    public func unseenColumns(of kept: KeptSchema) -> [UnseenColumn] {
        let untyped = Set(named: kept.untyped)
        var names: [String] = []
        var known: [ColumnName: [String]] = [:]
        for reader in readers {
            for name in reader.columns where untyped.contains(column: name) {
                if known[ColumnName(name)] == nil { names.append(name) }
                if known[ColumnName(name)]?.last != reader.name {
                    known[ColumnName(name), default: []].append(reader.name)
                }
            }
        }
        return names.map { UnseenColumn(name: $0, readers: known[ColumnName($0)] ?? []) }
    }
}
