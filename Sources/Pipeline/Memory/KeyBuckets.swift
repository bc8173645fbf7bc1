/// Time cut into buckets of a sixteenth of the time within which a key must not come twice.
struct KeyBuckets: Sendable, Equatable {
    /// No bucket has this number.
    static let none = Int64.min

    /// In microseconds; `nil` for one bucket that holds all time.
    let width: Int64?
    /// Buckets at most so many apart may hold times that are less than the whole time apart.
    let reach: UInt64

    /// - within: in microseconds, above 0; `nil` for ever.
    init(within: Int64?) {
        width = within.map { max(1, $0 / 16 + ($0 % 16 == 0 ? 0 : 1)) }
        reach = width == nil ? 0 : 16
    }

    @inline(__always)
    func bucket(of time: Int64) -> Int64 {
        guard let width else { return 0 }
        let quotient = time / width
        // Rounded down, before 1970, too.
        return max(Self.none &+ 1, time % width < 0 ? quotient &- 1 : quotient)
    }

    /// The first bucket whose keys still count when nothing earlier than the watermark comes any more.
    func firstLive(_ watermark: Int64?) -> Int64 {
        guard width != nil, let watermark else { return Self.none &+ 1 }
        let (first, isBeyond) = bucket(of: watermark).subtractingReportingOverflow(Int64(reach))
        return isBeyond ? Self.none &+ 1 : max(Self.none &+ 1, first)
    }
}
