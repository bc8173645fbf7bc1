public import Expectations
public import Expressions

/// A table of aggregates over windows of time.
public struct GoldDefinition: Sendable {
    public let place: LayerPlace
    public let window: WindowShape
    /// The column of the records' time.
    public let timeColumn: String
    /// Microseconds that a window stays open for records that come late.
    public let lateness: Int64
    /// Microseconds: times farther ahead of the batch's clock don't close windows.
    public let futureTolerance: Int64
    public let groupBy: [String]
    public let aggregates: [DerivedAggregate]
    public let mark: SourceMark
}

/// Which windows a time lies in; lengths are in microseconds.
public enum WindowShape: Sendable, Hashable {
    /// One after another.
    case tumbling(size: Int64)
    /// Overlapping; one begins every `slide`.
    case sliding(size: Int64, slide: Int64)
    /// Ends when nothing came for `gap`.
    case session(gap: Int64)
}

/// A column of a gold table, and where it is written.
public struct DerivedAggregate: Sendable, Hashable {
    public let name: String
    public let value: AggregateExpression
    public let mark: SourceMark
}
