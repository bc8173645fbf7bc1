import Expectations
import Tables

@testable import Alerts

/// A story of what breaks when, written line by line; times are `2028-02-16T03:00` in UTC.
///
/// ```
/// asset silver.events every 1h at 00:05                     a run each hour, five minutes past
/// fails silver.events amount critical 2028-02-16T03:00 2028-02-16T06:00
/// snooze ben silver.events 2028-02-16T03:30 8h
/// ```
struct Script {
    /// Runs of an asset: so long apart, so long after midnight; `summer` runs are an hour earlier in UTC while clocks are set forward.
    struct Asset {
        let name: String
        let every: Int64
        let offset: Int64
        let isLocal: Bool
    }

    /// Something that is true of an asset, or of one of its checks, for a while.
    struct Span {
        enum Kind: String { case fails, flips, empty, absent, unreadable, down }
        let kind: Kind
        let asset: String
        let check: String
        let severity: Severity?
        let from: Int64
        let until: Int64
    }

    struct Person {
        let verb: String
        let name: String
        let asset: String
        let at: Int64
        let length: Int64?
    }

    private(set) var assets: [Asset] = []
    private(set) var spans: [Span] = []
    private(set) var people: [Person] = []
    /// By asset's name, or its beginning and `*`.
    private(set) var maintenance: [(assets: String, from: Int64, until: Int64)] = []
    /// The machine's clock is so much off from a time on.
    private(set) var clocks: [(from: Int64, shift: Int64)] = []

    struct Mistake: Error { let line: String }

    init(_ text: String) throws {
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            try read(line.split(separator: " ").map { String($0) }, String(line))
        }
    }

    private mutating func read(_ words: [String], _ line: String) throws {
        func time(_ word: String) throws -> Int64 {
            var word = "\(word):00Z"
            guard let reading = word.withUTF8({ CivilTime.parseTimestamp(UnsafeRawBufferPointer($0)) }) else {
                throw Mistake(line: line)
            }
            return reading.local
        }
        func length(_ word: String) throws -> Int64 {
            guard let length = DurationText.parse(word) else { throw Mistake(line: line) }
            return length
        }
        switch (words.first, words.count) {
        case ("asset", 6...7):
            let minutes = words[5].split(separator: ":").compactMap { Int64($0) }
            assets.append(
                Asset(
                    name: words[1], every: try length(words[3]),
                    offset: (minutes[0] * 60 + minutes[1]) * 60 * CivilTime.microsecondsPerSecond,
                    isLocal: words.count == 7))
        case ("fails", 6), ("flips", 6):
            spans.append(
                Span(
                    kind: words[0] == "fails" ? .fails : .flips, asset: words[1], check: words[2],
                    severity: Severity(rawValue: words[3]), from: try time(words[4]), until: try time(words[5])))
        case ("empty", 5), ("absent", 5):
            spans.append(
                Span(
                    kind: words[0] == "empty" ? .empty : .absent, asset: words[1], check: words[2], severity: nil,
                    from: try time(words[3]), until: try time(words[4])))
        case ("unreadable", 4), ("down", 4):
            spans.append(
                Span(
                    kind: words[0] == "down" ? .down : .unreadable, asset: words[1], check: "", severity: nil,
                    from: try time(words[2]), until: try time(words[3])))
        case ("maintenance", 4): maintenance.append((words[1], try time(words[2]), try time(words[3])))
        case ("clock", 3):
            clocks.append((try time(words[1]), words[2] == "right" ? 0 : -(try length(String(words[2].dropFirst())))))
        case ("acknowledge", 4...5), ("snooze", 5), ("unsnooze", 4):
            people.append(
                Person(
                    verb: words[0], name: words[1], asset: words[2], at: try time(words[3]),
                    length: words.count == 5 ? try length(words[4]) : nil))
        default: throw Mistake(line: line)
        }
    }

    /// What the machine's clock shows at a time.
    func clock(at time: Int64) -> Int64 { time + (clocks.last { $0.from <= time }?.shift ?? 0) }

    func isInMaintenance(_ asset: String, at time: Int64) -> Bool {
        maintenance.contains { window in
            let fits =
                window.assets.hasSuffix("*") ? asset.hasPrefix(window.assets.dropLast()) : asset == window.assets
            return fits && window.from <= time && time < window.until
        }
    }

    func holds(_ kind: Span.Kind, of asset: String, check: String = "", at time: Int64) -> Span? {
        spans.first {
            $0.kind == kind && $0.asset == asset && $0.check == check && $0.from <= time && time < $0.until
        }
    }
}
