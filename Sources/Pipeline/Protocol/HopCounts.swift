public import Tables

/// What became of the records of one batch at one hop: each of those that came in is in exactly one of the others.
public struct HopCounts: Sendable, Hashable {
    /// As in `bronze`, `silver`, `gold.revenue_hourly`.
    public let hop: String
    public var input = 0
    public var output = 0
    public var quarantined = 0
    /// By a rule that says so.
    public var dropped = 0
    /// By the stage's filter.
    public var filtered = 0
    public var deduplicated = 0
    public var late = 0

    public init(_ hop: String) { self.hop = hop }

    /// Records that are nowhere; negative where some are in two places.
    public var imbalance: Int { input - output - quarantined - dropped - filtered - deduplicated - late }

    /// Whether records were good enough to go on, and each of them repeats an earlier one, or is too old for that to be known.
    var isNothingNew: Bool { output == 0 && deduplicated + late > 0 }

    /// Counts of the same hop together with others.
    mutating func add(_ other: HopCounts) {
        input += other.input
        output += other.output
        quarantined += other.quarantined
        dropped += other.dropped
        filtered += other.filtered
        deduplicated += other.deduplicated
        late += other.late
    }

    public var json: JSON {
        .object([
            JSON.Member("hop", .string(hop)), JSON.Member("in", .integer(input)), JSON.Member("out", .integer(output)),
            JSON.Member("quarantined", .integer(quarantined)), JSON.Member("dropped", .integer(dropped)),
            JSON.Member("filtered", .integer(filtered)), JSON.Member("deduplicated", .integer(deduplicated)),
            JSON.Member("late", .integer(late)),
        ])
    }

    init?(json: JSON) {
        guard let hop = json["hop"]?.string else { return nil }
        self.init(hop)
        let members: [(String, WritableKeyPath<HopCounts, Int>)] = [
            ("in", \.input), ("out", \.output), ("quarantined", \.quarantined), ("dropped", \.dropped),
            ("filtered", \.filtered), ("deduplicated", \.deduplicated), ("late", \.late),
        ]
        for (name, path) in members {
            guard let count = json[name]?.integer else { return nil }
            self[keyPath: path] = Int(count)
        }
    }
}
