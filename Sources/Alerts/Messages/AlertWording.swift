import Expectations
import Tables

/// A message in words: what mails, chats and pagers show of it, as plain text.
public enum AlertWording {
    /// Items that belong together, under a title.
    public struct Section: Sendable, Hashable {
        public let title: String
        public let lines: [String]
    }

    /// The message in one line, as in `silver.events: 2 checks began to fail (critical)`; the subject of mails.
    public static func headline(_ message: AlertMessage) -> String {
        let asset = message.asset
        switch message.reason {
        case .firing: return "\(asset)\(beginning(message)) (\(message.severity.rawValue))"
        case .reminder:
            let failing = message.counts.failing
            let what = undecided(message).map { " still \($0.now)" } ?? ": \(checks(failing)) still \(fail(failing))"
            return "\(asset)\(what), since \(time(message.since)) (\(message.severity.rawValue))"
        case .consequences:
            let count = message.mutes.count
            return
                "\(asset): \(Wording.count(count, "asset")) \(count == 1 ? "follows" : "follow") from what fails here"
                + " (\(message.severity.rawValue))"
        case .improved:
            let counts = message.counts
            let parts = tally([
                (counts.over, "recovered", "recovered"), (counts.failing, "still fails", "still fail"),
                flapping(counts),
            ])
            return "\(asset): \(parts) (\(message.severity.rawValue))"
        case .resolved:
            let after = CivilTime.format(duration: CivilTime.age(of: message.since, at: message.at))
            if message.counts.recovered == 0, message.counts.removed > 0 {
                let removed = message.counts.removed
                return
                    "\(asset): \(checks(removed)) that failed \(removed == 1 ? "is" : "are") no longer asked, after \(after)"
            }
            return undecided(message).map { "\(asset) \($0.over) after \(after)" }
                ?? "\(asset) has recovered after \(after): \(checks(message.counts.over))"
        case .flapping:
            return "\(asset): \(tally([flapping(message.counts)])) (\(message.severity.rawValue))"
        case .acknowledged: return "\(asset): acknowledged\(message.actor.map { " by \($0)" } ?? "")"
        case .test: return "a test of the route \(message.route)"
        }
    }

    /// What is behind the headline: the items by their standing, then what else is to be known.
    public static func sections(_ message: AlertMessage) -> [Section] {
        let titles: [(AlertMessage.Item.Standing, String)] = [
            (.flapping, "Going back and forth"), (.new, "Began to fail"), (.still, "Still failing"),
            (.recovered, "Recovered"), (.removed, "No longer asked"),
        ]
        var sections = titles.compactMap { standing, title in
            let lines = message.items.filter { $0.standing == standing }.map { line($0, at: message.at) }
            return lines.isEmpty ? nil : Section(title: title, lines: lines)
        }
        let rest = notes(message)
        if !rest.isEmpty { sections.append(Section(title: "Besides", lines: rest)) }
        return sections
    }

    /// The whole message as lines of text, without its headline.
    public static func lines(_ message: AlertMessage) -> [String] {
        sections(message).flatMap { ["\($0.title):"] + $0.lines.map { "- \($0)" } }
    }

    /// One alert in a line, as in `critical: 340 of 1,000 amounts are negative (12 of 1,000 → 340 of 1,000 unexpected)`.
    public static func line(_ item: AlertMessage.Item, at now: Int64) -> String {
        let sentence = item.sentence.hasSuffix(".") ? String(item.sentence.dropLast()) : item.sentence
        var asides: [String] = []
        switch item.standing {
        case .new: if item.failures > 1 { asides.append("\(Wording.count(item.failures)) runs in a row") }
        case .still, .flapping: asides.append("since \(time(item.since))")
        case .recovered, .removed:
            asides.append("failed for \(CivilTime.format(duration: CivilTime.age(of: item.since, at: now)))")
        }
        if let change = change(item) { asides.append(change) }
        if item.standing == .recovered, let before = item.before, change(item) == nil {
            asides.append("was: \(before)")
        }
        return "\(item.severity.rawValue): \(sentence)" + (asides.isEmpty ? "" : " (\(asides.joined(separator: "; ")))")
    }

    /// As in `12 of 1,000 → 340 of 1,000 unexpected`; `nil` where nothing was counted, or the counts are the same.
    public static func change(_ item: AlertMessage.Item) -> String? {
        guard let before = share(item.unexpectedCountBefore, of: item.elementCountBefore),
            let now = share(item.unexpectedCount, of: item.elementCount), before != now
        else { return nil }
        return "\(before) → \(now) unexpected"
    }

    /// An instant to the minute, as in `2026-11-01 10:00 UTC`.
    public static func time(_ microseconds: Int64) -> String {
        let text = CivilTime.format(microseconds: microseconds)
        let parts = text.split(separator: "T", maxSplits: 1)
        guard let day = parts.first, let clock = parts.last, parts.count == 2 else { return text }
        return "\(day) \(clock.prefix(5)) UTC"
    }

    private static func notes(_ message: AlertMessage) -> [String] {
        var lines: [String] = []
        if message.omitted > 0 { lines.append("\(Wording.count(message.omitted)) more that are not listed here") }
        if !message.mutes.isEmpty {
            let shown = message.mutes.prefix(6).joined(separator: ", ")
            let rest = message.mutes.count - min(6, message.mutes.count)
            let what =
                message.reason == .resolved
                ? "followed from this, and is told from now on where it still fails"
                : "follows from this, and is not told by itself"
            lines.append("\(what): \(shown)" + (rest > 0 ? " and \(rest) more" : ""))
        }
        if message.reason == .flapping { lines.append("you will hear of it again when it is quiet") }
        if message.reason == .acknowledged { lines.append("no reminders are sent any more; new failures are told") }
        if let note = message.note, !note.isEmpty { lines.append(note) }
        return lines
    }

    /// What began to fail, to be put behind the asset's name.
    private static func beginning(_ message: AlertMessage) -> String {
        if let what = undecided(message) { return " \(what.now)" }
        let counts = message.counts
        let still = counts.new > 0 ? ("still fails", "still fail") : ("fails", "fail")
        return ": "
            + tally([
                (counts.new, "began to fail", "began to fail"), (counts.still, still.0, still.1), flapping(counts),
            ])
    }

    private static func flapping(_ counts: AlertMessage.Counts) -> (Int, String, String) {
        (counts.flapping, "goes back and forth", "go back and forth")
    }

    /// What checks do, as in `2 checks began to fail, 1 still fails`: for each how many, and the words for one and for several.
    private static func tally(_ parts: [(count: Int, one: String, several: String)]) -> String {
        parts.filter { $0.count > 0 }.enumerated().map { index, part in
            let count = index == 0 ? checks(part.count) : Wording.count(part.count)
            return "\(count) \(part.count == 1 ? part.one : part.several)"
        }.joined(separator: ", ")
    }

    /// What is said of the asset where all of it is that its data can't be read, or not be judged; `nil` where it isn't.
    private static func undecided(_ message: AlertMessage) -> (now: String, over: String)? {
        guard !message.items.isEmpty, message.items.allSatisfy({ $0.key == AlertMessage.Item.undecidedKey }) else {
            return nil
        }
        return message.items.contains { $0.type == AlertMessage.Item.judgingType }
            ? ("can't be judged", "can be judged again") : ("can't be read", "can be read again")
    }

    private static func checks(_ count: Int) -> String { Wording.count(count, "check") }

    private static func fail(_ count: Int) -> String { count == 1 ? "fails" : "fail" }

    private static func share(_ part: Int?, of whole: Int?) -> String? {
        guard let part, let whole else { return nil }
        return "\(Wording.count(part)) of \(Wording.count(whole))"
    }
}

extension AlertMessage.Item {
    /// The key of the one alert of data that could not be read, or not be judged.
    public static let undecidedKey = "run"
    /// Its type where it is the judging that failed, and nothing is known of the data.
    static let judgingType = "judging"
}
