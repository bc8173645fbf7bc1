import Expectations

/// Open windows of a gold table that the pipeline has no more: they stay as they are until it has.
public struct StrandedWindows: Sendable, Equatable {
    /// As in `gold.revenue_hourly`.
    public let table: String
    /// Windows and groups; of sliding windows their panes.
    public let count: Int

    /// For people.
    public var note: String {
        let windows = Wording.count(count, "open window is", "open windows are")
        return
            "\(windows) kept of \(table), which is no table of the pipeline any more: they go on when it is one again, "
            + "without the records that come meanwhile"
    }
}
