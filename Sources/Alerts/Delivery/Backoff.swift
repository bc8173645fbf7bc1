import Tables

/// When an attempt that failed is followed by the next.
public struct Backoff: Sendable, Hashable {
    /// Microseconds: the first pause, which doubles with each attempt, and the longest one.
    public let first: Int64
    public let longest: Int64
    /// The longest wish of a receiver that is granted, in microseconds.
    public let longestWish: Int64
    /// How much waiting between attempts a message is given before it is given up, in microseconds.
    ///
    /// Time in which nobody tried, as the service was down, isn't in it.
    public let patience: Int64

    /// Ten seconds, doubled up to an hour, a fifth more or less; wishes up to six hours; three days in all.
    public init(
        first: Int64 = 10_000_000, longest: Int64 = 3_600_000_000, longestWish: Int64 = 21_600_000_000,
        patience: Int64 = 259_200_000_000
    ) {
        self.first = first
        self.longest = longest
        self.longestWish = longestWish
        self.patience = patience
    }

    /// The longest pause that there is, in microseconds.
    public var longestPause: Int64 { max(CivilTime.sum(longest, longest / 5), longestWish) }

    /// The pause after an attempt, counted from 1, of a message: the same for the same message and attempt, different for different ones.
    ///
    /// `wish` is what the receiver asked for.
    public func pause(after attempt: Int, of id: String, wish: Int64? = nil) -> Int64 {
        let doublings = min(max(attempt, 1) - 1, 40)
        let (doubled, isBeyond) = first.multipliedReportingOverflow(by: 1 << doublings)
        let pause = isBeyond ? longest : min(doubled, longest)
        // From four fifths to six fifths, in steps of a thousandth.
        let shaken = pause / 1000 * Int64(800 + Hash128("\(id)#\(attempt)").low % 401)
        return max(shaken, min(wish ?? 0, longestWish), 1)
    }
}
