import Expressions
public import Tables

/// The rows for which a condition is true, each value of a column whose type was inferred taken for what it is.
public struct RowSelection: Sendable {
    private let predicate: Predicate
    /// Columns whose numbers it compares, and whose types nobody declared.
    private let guessed: Set<Int>
    private let make: @Sendable ([Int: LogicalType]) -> Predicate?

    /// - make: gives the condition for some columns of other types; `nil` where it can't be asked of them.
    init(
        _ predicate: Predicate, _ table: TableContext, make: @escaping @Sendable ([Int: LogicalType]) -> Predicate?
    ) {
        self.predicate = predicate
        guessed = StrayTests.columns(of: predicate.projection, table)
        self.make = make
    }

    /// What it reads.
    public var projection: Projection {
        guessed.reduce(into: predicate.projection) { $0.add(.strays, of: $1) }
    }

    public func evaluate(_ batch: Batch) -> Bitmap {
        var selected = predicate.evaluate(batch)
        for stray in StrayRows.all(of: batch, in: guessed) {
            guard let own = make(stray.types)?.evaluate(stray.batch) else { continue }
            for (number, row) in stray.rows.enumerated() { selected[row] = own[number] }
        }
        return selected
    }
}

extension RowSelection: Hashable {
    public static func == (left: RowSelection, right: RowSelection) -> Bool {
        left.predicate == right.predicate && left.guessed == right.guessed
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(predicate) }
}
