import Tables

/// How often something that could not be decided is tried again, and after which pauses.
public struct RetryPolicy: Sendable, Hashable {
    /// Attempts after the first.
    public let retries: Int
    /// Microseconds before the first of them; each pause is twice the one before.
    public let firstPause: Int64
    /// Microseconds that no pause is longer than.
    public let longestPause: Int64

    public init(retries: Int, firstPause: Int64 = 10_000_000, longestPause: Int64 = 600_000_000) {
        self.retries = max(0, retries)
        self.firstPause = max(0, firstPause)
        self.longestPause = max(self.firstPause, longestPause)
    }

    /// Microseconds to wait after so many attempts; `nil` where it isn't tried again.
    ///
    /// Between half of the pause and all of it, by a hash of the name, so that what failed together does not come back together.
    public func pause(afterAttempts attempts: Int, for name: String) -> Int64? {
        guard attempts >= 1, attempts <= retries else { return nil }
        var pause = firstPause
        for _ in 1..<attempts where pause < longestPause { pause = pause.addingClamped(pause) }
        pause = min(pause, longestPause)
        let half = pause / 2
        let hash = Hash128(name).combined(with: Hash128(Int128(attempts))).low
        return half + Int64(hash % UInt64(max(1, pause - half + 1)))
    }
}
