import Tables

/// How an event becomes a line.
public enum LogFormat: String, Sendable, CaseIterable {
    /// `ts=… level=… event=… run=…`, for people and for `grep`.
    case text
    /// An object of JSON, for programs.
    case json

    /// A line with its end.
    ///
    /// `values` are in the order in which they are to stand; of two with one name the first counts.
    func line(at microseconds: Int64, level: String, event: String, values: [(key: String, value: String)]) -> String {
        var seen: Set<String> = ["ts", "level", "event"]
        var all = [
            (key: "ts", value: CivilTime.format(microseconds: microseconds)), (key: "level", value: level),
            (key: "event", value: event),
        ]
        for (key, value) in values {
            var name = LogText.key(key)
            // A value that is named as ours are doesn't take their place.
            if ["ts", "level", "event"].contains(name) { name += "_" }
            if seen.insert(name).inserted { all.append((name, value)) }
        }
        switch self {
        case .text: return all.map { "\($0.key)=\(LogText.value($0.value))" }.joined(separator: " ") + "\n"
        case .json: return "{" + all.map { "\"\($0.key)\":\(LogText.quoted($0.value))" }.joined(separator: ",") + "}\n"
        }
    }
}
