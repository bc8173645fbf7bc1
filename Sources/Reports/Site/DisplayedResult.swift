import Expectations
public import Ledger
public import Tables

/// A stored result with values as they may be shown to whoever asks.
public struct DisplayedResult: Sendable, Equatable {
    public let sentence: String
    public let observedValue: JSON?
    public let details: [JSON.Member]
    /// Objects of `values`, `index`, `file`, `row`, `byte_offset`.
    public let unexpectedRows: [JSON]
    /// Objects of `values`, `count`; `nil` where there were too many different values to count.
    public let unexpectedCounts: [JSON]?

    public init(_ stored: StoredResult, ofAsset asset: String, values: ValueRules) {
        let shown = values.apply(to: stored, ofAsset: asset)
        sentence = shown.sentence
        observedValue = shown.observedValue
        details = shown.details
        unexpectedRows = shown.unexpectedRows.map { row in
            var members = [JSON.Member("values", Self.cells(row.values))]
            if !row.index.isEmpty { members.append(JSON.Member("index", Self.cells(row.index))) }
            members += [JSON.Member("file", .string(row.partition)), JSON.Member("row", .integer(row.row))]
            if let offset = row.byteOffset { members.append(JSON.Member("byte_offset", .integer(offset))) }
            return .object(members)
        }
        unexpectedCounts = shown.unexpectedCounts?.map { item in
            .object([JSON.Member("values", Self.cells(item.values)), JSON.Member("count", .integer(item.count))])
        }
    }

    private static func cells(_ cells: [UnexpectedRow.Cell]) -> JSON {
        .object(cells.map { JSON.Member($0.column, $0.json) })
    }
}
