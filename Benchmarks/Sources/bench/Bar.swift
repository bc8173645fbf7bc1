/// What a workload has to reach.
enum Bar {
    /// The first lane is at least so many times as fast as a peer, of whose memory it takes at most a part, where one is said.
    case beats(peer: String, times: Double, shareOfMemory: Double? = nil)
    /// The first lane takes at most so many megabytes.
    case megabytes(Double)
    /// The first lane takes at most so many seconds.
    case seconds(Double)
    /// The last lane takes at most so many times the seconds of the first.
    case atMost(times: Double)
    /// The last lane, with more threads, is at least so many times as fast as the first.
    case speedUp(times: Double)
    /// All lanes have the first's speed and memory, but for a tenth.
    case steady

    /// What was reached of it.
    enum Finding: Equatable {
        case reached
        case missed(String)
        /// The peer was not there.
        case unknown(String)
    }

    func check(_ lanes: [LaneResult]) -> [Finding] {
        guard let first = lanes.first, let last = lanes.last else { return [] }
        switch self {
        case .beats(let peer, let times, let share): return Self.check(first, lanes, peer, times, share)
        case .megabytes(let most):
            let found = first.peakMegabytes.median
            return [found <= most ? .reached : .missed("takes \(found.short) MB; wanted: at most \(most.short).")]
        case .seconds(let most):
            let found = first.seconds.median
            return [found <= most ? .reached : .missed("takes \(found.short) s; wanted: at most \(most.short).")]
        case .atMost(let times):
            let found = last.seconds.median / first.seconds.median
            return [
                found <= times
                    ? .reached
                    : .missed(
                        "\(last.lane.title), takes \(found.short) times as long as \(first.lane.title); "
                            + "wanted: at most \(times.short) times.")
            ]
        case .speedUp(let times):
            let found = first.seconds.median / last.seconds.median
            return [
                found >= times
                    ? .reached
                    : .missed(
                        "\(last.lane.title), is \(found.short) times as fast as \(first.lane.title); "
                            + "wanted: at least \(times.short) times.")
            ]
        case .steady: return lanes.dropFirst().flatMap { Self.steadiness($0, first) }
        }
    }

    private static func check(
        _ first: LaneResult, _ lanes: [LaneResult], _ peer: String, _ times: Double, _ share: Double?
    ) -> [Finding] {
        guard let other = lanes.first(where: { $0.lane.contender == .peer(peer) }) else {
            return [.unknown("wanted: \(times.short) times as fast as \(peer), which was not measured.")]
        }
        var findings: [Finding] = []
        let who = other.lane.title
        let faster = other.seconds.median / first.seconds.median
        findings.append(
            faster >= times
                ? .reached
                : .missed("Assay is \(faster.short) times as fast as \(who); wanted: at least \(times.short) times."))
        guard let share else { return findings }
        let memory = first.peakMegabytes.median / other.peakMegabytes.median
        findings.append(
            memory <= share
                ? .reached
                : .missed(
                    "Assay takes \(memory.short) times the memory of \(who); wanted: at most \(share.short) times."))
        return findings
    }

    private static func steadiness(_ lane: LaneResult, _ first: LaneResult) -> [Finding] {
        let speed = lane.megabytesPerSecond / first.megabytesPerSecond
        let memory = lane.peakMegabytes.median / first.peakMegabytes.median
        let (who, other) = (lane.lane.title, first.lane.title)
        return [
            speed >= 0.9 ? .reached : .missed("\(who) has only \(speed.short) times the speed of \(other)."),
            memory <= 1.1 ? .reached : .missed("\(who) takes \(memory.short) times the memory of \(other)."),
        ]
    }
}
