import Tables

/// How far the time has got by which repetitions are told: that of a column of silver, or the time between batches.
///
/// Keys are forgotten by it. It never goes back; another column's time is another one.
public struct KeyWatermark: Sendable, Hashable {
    /// Whose time it is; `nil` for that of the batches.
    public let column: String?
    /// Microseconds since 1970-01-01T00:00:00Z; no record of the column comes any more that is older.
    public let time: Int64
    /// The clock of the last batch: microseconds since 1970-01-01T00:00:00Z.
    public let clock: Int64

    public init(column: String?, time: Int64, clock: Int64) {
        self.column = column
        self.time = time
        self.clock = clock
    }

    /// The time of a batch, for records that have none of their own.
    ///
    /// Between batches as much time passes as by their clocks, and none where a clock goes back.
    func time(ofBatch clock: Int64) -> Int64 {
        column == nil ? time.addingClamped(max(0, clock.subtractingClamped(self.clock))) : max(time, clock)
    }

    /// The time of a batch that is over, by its clock: the clock may have gone back since, or have been far ahead.
    func time(ofPastBatch clock: Int64) -> Int64 {
        column == nil ? time.addingClamped(min(0, clock.subtractingClamped(self.clock))) : clock
    }

    /// What it is behind a batch in which the newest record has got so far.
    ///
    /// - reached: microseconds since 1970-01-01T00:00:00Z; `nil` where no record has a time of its own.
    func advanced(toClock clock: Int64, reached: Int64?) -> KeyWatermark {
        KeyWatermark(
            column: column, time: column == nil ? time(ofBatch: clock) : max(time, reached ?? time), clock: clock)
    }
}
