/// A pattern that needs no search: from the beginning of a text it goes from one character class to the next, and never back.
///
/// Such are `^s[0-9]{8}$`, `^[A-Z]{2}$`, `^\d+-\d+$`: an anchor, then characters and classes with counts, without groups
/// and alternatives. A class that may occur more or less often shares no character with what may follow it, so that taking as
/// many as there are is always right. It answers for ASCII what PCRE2 would, several times as fast; for anything else it
/// leaves the answer to PCRE2.
struct SimplePattern: Sendable {
    /// Characters of a class, so many in a row.
    struct Step: Equatable, Sendable {
        var characters: ASCIIClass
        var minimum = 1
        /// `Int.max` where there is no limit.
        var maximum = 1
    }

    /// What must stand behind the last step.
    enum End: Sendable {
        /// Anything.
        case open
        /// The end of the text, or a line feed and the end: `$`.
        case line
        /// The end of the text: `\z`.
        case text
    }

    let steps: [Step]
    let end: End
    /// For each byte, a bit for each step whose class has it.
    private let members: [UInt64]
    private let fixed: FixedPattern?

    /// More steps than there are bits are not simple.
    static let maximumSteps = 64

    /// `nil` where a step may have to give back what it took.
    init?(_ steps: [Step], end: End) {
        guard steps.count <= Self.maximumSteps else { return nil }
        for (index, step) in steps.enumerated() where step.minimum != step.maximum {
            guard step.characters.isDisjoint(with: Self.follow(steps[(index + 1)...], end)) else { return nil }
        }
        self.steps = steps
        self.end = end
        var members = [UInt64](repeating: 0, count: 256)
        for (index, step) in steps.enumerated() {
            for byte in UInt8(0)..<0x80 where step.characters.contains(byte) {
                members[Int(byte)] |= 1 << UInt64(index)
            }
        }
        self.members = members
        fixed = end == .open ? nil : FixedPattern(steps)
    }

    /// The characters that may stand first in what matches the steps and the end.
    private static func follow(_ steps: ArraySlice<Step>, _ end: End) -> ASCIIClass {
        var follow = ASCIIClass()
        for step in steps {
            follow = follow.union(step.characters)
            if step.minimum > 0 { return follow }
        }
        return end == .line ? follow.union(.lineFeed) : follow
    }

    /// Whether a text matches; `nil` where that takes more than knowledge of ASCII.
    @inline(__always)
    func matches(_ bytes: UnsafeRawBufferPointer) -> Bool? {
        if let fixed, fixed.length == bytes.count, fixed.matches(bytes) { return true }
        return walk(bytes)
    }

    /// The same, one byte after another.
    func walk(_ bytes: UnsafeRawBufferPointer) -> Bool? {
        members.withUnsafeBufferPointer { members in
            var place = 0
            for index in steps.indices {
                let bit = UInt64(truncatingIfNeeded: index)
                let (minimum, maximum) = (steps[index].minimum, steps[index].maximum)
                let limit = maximum < bytes.count &- place ? place &+ maximum : bytes.count
                let start = place
                while place < limit, members[Int(bytes[place])] &>> bit & 1 == 1 { place &+= 1 }
                guard place &- start >= minimum else { return refusal(bytes, from: place) }
            }
            switch end {
            case .open: return true
            case .text: return place == bytes.count ? true : refusal(bytes, from: place)
            case .line:
                let isAtEnd = place == bytes.count || (place &+ 1 == bytes.count && bytes[place] == 0x0A)
                return isAtEnd ? true : refusal(bytes, from: place)
            }
        }
    }

    /// No match, unless bytes that are no ASCII are ahead: how those are read is PCRE2's affair.
    private func refusal(_ bytes: UnsafeRawBufferPointer, from place: Int) -> Bool? {
        for index in place..<bytes.count where bytes[index] >= 0x80 { return nil }
        return false
    }
}
