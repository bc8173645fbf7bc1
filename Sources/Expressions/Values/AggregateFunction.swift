/// What can be made of a value of many rows.
public enum AggregateFunction: String, Sendable, CaseIterable, Hashable {
    case count
    case countIf = "count_if"
    case countDistinct = "count_distinct"
    case sum
    case avg
    case min
    case max
    case percentile
    case median

    /// By its own name or another; names are compared without regard to case.
    init?(named name: String) {
        let name = name.lowercased()
        guard let function = Self.allCases.first(where: { $0.rawValue == name || $0.aliases.contains(name) }) else {
            return nil
        }
        self = function
    }

    /// Other names that it goes by elsewhere.
    var aliases: [String] {
        switch self {
        case .countIf: ["countif"]
        case .avg: ["mean"]
        case .percentile: ["quantile", "percentile_cont", "quantile_cont"]
        default: []
        }
    }

    /// Whether it counts, and so gives 0 where there is nothing.
    public var isCount: Bool {
        switch self {
        case .count, .countIf, .countDistinct: true
        default: false
        }
    }

    /// As in `percentile(x, fraction)`.
    var signature: String {
        switch self {
        case .count: "count(*)"
        case .countIf: "count_if(condition)"
        case .percentile: "percentile(x, fraction)"
        default: "\(rawValue)(x)"
        }
    }

    /// What it gives, on one line.
    var summary: String {
        switch self {
        case .count: "how many rows there are; `count(x)`: in how many x has a value"
        case .countIf: "in how many rows the condition is true"
        case .countDistinct: "how many different values x has, exactly; also `count(distinct x)`"
        case .sum:
            "the exact sum: of integers of their own type, of a decimal(p,s) a decimal(p+10,s), of float64 rounded once"
        case .avg:
            "the mean: of a decimal(p,s) a decimal(p+4,s+4), of durations a duration, of other numbers a float64, "
                + "rounded once"
        case .min: "the least value; texts by their bytes"
        case .max: "the greatest value; texts by their bytes"
        case .percentile:
            "the value below which that share of the values (0 to 1, written out) lies, with neighbours in proportion, "
                + "as a float64"
        case .median: "`percentile(x, 0.5)`"
        }
    }
}
