extension Int64 {
    /// The sum, or the greatest or least number where it is beyond.
    public func addingClamped(_ other: Int64) -> Int64 {
        let (sum, isOverflow) = addingReportingOverflow(other)
        return isOverflow ? (other < 0 ? .min : .max) : sum
    }

    /// The difference, or the greatest or least number where it is beyond.
    public func subtractingClamped(_ other: Int64) -> Int64 {
        let (difference, isOverflow) = subtractingReportingOverflow(other)
        return isOverflow ? (other < 0 ? .max : .min) : difference
    }
}

extension Int64 {
    /// Microseconds as milliseconds, rounded down.
    public var millisecondsFromMicroseconds: Int64 { self / 1_000 - (self % 1_000 < 0 ? 1 : 0) }

    /// Milliseconds as microseconds, within what 64 bits hold.
    public var microsecondsFromMilliseconds: Int64 {
        let (product, isOverflow) = multipliedReportingOverflow(by: 1_000)
        return isOverflow ? (self < 0 ? .min : .max) : product
    }
}
