import Tables

/// Which columns of a file get statistics in the log, by the table's properties.
///
/// `delta.dataSkippingStatsColumns` names them; else the first `delta.dataSkippingNumIndexedCols` values of a row have some,
/// those inside of nested columns counted: 32 where the table says nothing, all for −1.
struct IndexedColumns: Sendable {
    private let names: Set<ColumnName>

    init(_ properties: [String: String], fields: [DeltaField]) {
        if let list = properties["delta.dataSkippingStatsColumns"] {
            let wanted = Set(Self.names(in: list).map { ColumnName($0).folded })
            names = Set(fields.map { ColumnName($0.name) }.filter { wanted.contains($0.folded) })
            return
        }
        let limit = properties["delta.dataSkippingNumIndexedCols"].flatMap { Int($0) } ?? 32
        var names: Set<ColumnName> = []
        var count = 0
        for field in fields {
            if limit >= 0, count >= limit { break }
            names.insert(ColumnName(field.name))
            count += field.type.valueCount
        }
        self.names = names
    }

    func contains(_ name: String) -> Bool { names.contains(ColumnName(name)) }

    /// Names with commas between; backticks around one that has commas or backticks of its own, the latter doubled.
    private static func names(in list: String) -> [String] {
        var names: [String] = []
        var name = ""
        var isQuoted = false
        var rest = list.makeIterator()
        var next = rest.next()
        while let character = next {
            next = rest.next()
            switch character {
            case "`" where isQuoted && next == "`":
                name.append("`")
                next = rest.next()
            case "`": isQuoted.toggle()
            case "," where !isQuoted:
                names.append(name)
                name = ""
            case " " where !isQuoted: continue
            default: name.append(character)
            }
        }
        return (names + [name]).filter { !$0.isEmpty }
    }
}

extension DeltaType {
    /// Values that a row has in it; of lists and maps, whose values have no statistics, those of one element.
    fileprivate var valueCount: Int {
        switch self {
        case .structure(let fields): fields.reduce(0) { $0 + $1.type.valueCount }
        default: 1
        }
    }
}
