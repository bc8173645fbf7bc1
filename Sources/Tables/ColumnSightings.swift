/// Columns that a reading showed a table to have, and that the beginning of its files didn't show.
public struct ColumnSightings: Sendable, Hashable {
    /// Each once, in order of first appearance; those that the source awaited (``BatchSource/awaitedColumns``) are among them.
    public private(set) var columns: [LateColumn]

    public init(_ columns: [LateColumn] = []) { self.columns = columns }

    /// Joins what others saw: of each column, what the first batch that has it said counts.
    ///
    /// Names are compared by their bytes: composed and decomposed letters make two columns.
    public mutating func merge(_ other: ColumnSightings) {
        guard !other.columns.isEmpty else { return }
        var first = Dictionary(uniqueKeysWithValues: columns.map { (Array($0.name.utf8), $0) })
        for column in other.columns {
            let key = Array(column.name.utf8)
            if let known = first[key], known.place <= column.place { continue }
            first[key] = column
        }
        columns = first.values.sorted { $0.place < $1.place }
    }
}

/// A column that first appears behind the beginning of a table's files.
public struct LateColumn: Sendable, Hashable {
    public let name: String
    /// What its values look like in the first batch that has it; `nil` where it has none there, and for awaited columns.
    public let type: LogicalType?
    /// Where it appeared first.
    public let place: Place

    /// A batch's ordinal, and how many such columns appeared in the batch before.
    public struct Place: Sendable, Hashable, Comparable {
        public let batch: Int
        public let number: Int

        public init(batch: Int, number: Int) {
            self.batch = batch
            self.number = number
        }

        public static func < (left: Place, right: Place) -> Bool {
            (left.batch, left.number) < (right.batch, right.number)
        }
    }

    public init(name: String, type: LogicalType?, place: Place) {
        self.name = name
        self.type = type
        self.place = place
    }
}
