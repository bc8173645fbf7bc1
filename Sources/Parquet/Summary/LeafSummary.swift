/// What a footer or page index tells of a leaf's values without their being read, as far as it can be relied on.
public struct LeafSummary: Sendable, Hashable {
    /// A bound of the values that are there.
    public struct Bound: Sendable, Hashable {
        /// Never a NaN.
        ///
        /// A zero is −0 as a lower bound and +0 as an upper one, for either may be meant.
        public let value: ParquetValue
        /// Whether the value occurs (zeros of either sign count as one), so that it is the least or greatest.
        ///
        /// Otherwise no value lies beyond it, which is all that is known, as of texts that were cut.
        public let isExact: Bool
    }

    public let rowCount: Int64
    /// Values and missing ones, of a leaf that repeats also empty lists; `nil` where it isn't told.
    public let slotCount: Int64?
    /// Slots without a value, NaN not among them; `nil` where it isn't told.
    public let nullCount: Int64?
    /// Values that are NaN: 0 for all but floats; `nil` where it isn't told.
    public let nanCount: Int64?
    /// No value, NaN aside, is less; `nil` where that isn't told, or not in an order that can be relied on.
    public let minimum: Bound?
    /// No value, NaN aside, is greater; `nil` where that isn't told, or not in an order that can be relied on.
    public let maximum: Bound?

    /// Rows without a value for judging, NaN among them; `nil` where it isn't told.
    public var missingCount: Int64? {
        guard let nullCount, let nanCount else { return nil }
        let (sum, overflow) = nullCount.addingReportingOverflow(nanCount)
        return overflow ? nil : sum
    }
}

extension ParquetFile {
    /// What the footer tells of a leaf in a row group.
    ///
    /// `leaf` is its place in `schema.leaves`. Nothing is read for it.
    public func summary(rowGroup: Int, leaf: Int) -> LeafSummary {
        let group = metadata.rowGroups[rowGroup]
        let metadata = group.columns[leaf].metadata
        let statistics = metadata?.statistics
        let reader = BoundReader(schema.leaves[leaf], order: order(of: leaf))
        let slots = metadata.flatMap { $0.valueCount >= 0 ? $0.valueCount : nil }
        let bounds = statistics.map { reader.bounds($0) } ?? (nil, nil)
        return LeafSummary(
            rowCount: group.rowCount, slotCount: slots, nullCount: plausible(statistics?.nullCount, among: slots),
            nanCount: reader.isFloat ? plausible(statistics?.nanCount, among: slots) : 0, minimum: bounds.0,
            maximum: bounds.1)
    }

    /// The order of a leaf's bounds; `nil` where the footer doesn't say it.
    func order(of leaf: Int) -> ColumnOrder? {
        guard let orders = metadata.columnOrders, orders.count == schema.leaves.count else { return nil }
        return orders[leaf]
    }

    /// A count that can be true.
    func plausible(_ count: Int64?, among slots: Int64?) -> Int64? {
        guard let count, count >= 0, let slots, count <= slots else { return nil }
        return count
    }
}
