import Testing

@testable import Expressions

/// Patterns that are matched without PCRE2, against PCRE2.
struct SimplePatternTests {
    @Test(arguments: [
        "^s[0-9]{8}$", "^[0-9a-f-]{33}$", "^[A-Z]{2}$", "^\\d+-\\d+$", "^[^,]*,", "^a?b*c+\\z", "\\A\\w{3,}\\z", "^",
        "^$",
        "^[-a]{0}$", "^\\$[0-9]+\\.[0-9]{2}$", "^[\\w.]+@[a-z]+", "^...$",
    ])
    func needNoSearch(_ pattern: String) { #expect(SimplePattern(pattern) != nil) }

    @Test(arguments: [
        "a", "^a|b", "^(a)", "^a*a", "^[0-9]+\\d$", "^\\s*$", "^a+?", "^a++", "^é", "^[[:alpha:]]", "^\\bA", "^a{2",
        "^a{,3}",
        "^[a-\\d]", "^[]a]", "^.*x", "^a\\Qb", "^a$b", "^\\p{L}", "^[a-z-9]",
    ])
    func needOne(_ pattern: String) { #expect(SimplePattern(pattern) == nil) }

    @Test(arguments: 1...4 as ClosedRange<UInt64>) func matchWhatPCRE2Does(_ seed: UInt64) {
        var sketch = PatternSketch(seed: seed ^ Fuzz.seed)
        let patterns = Fuzz.cases(100_000) / 4 / 25
        var simple = 0
        for _ in 0..<patterns {
            let pattern = sketch.pattern()
            guard let expression = try? RegularExpression(pattern) else { continue }
            if SimplePattern(pattern) != nil { simple += 1 }
            expression.withMatcher { matcher in
                for _ in 0..<25 {
                    let text = sketch.text()
                    text.withUnsafeBytes { text in
                        let (found, wanted) = (matcher.matches(text), matcher.searches(text))
                        if found != wanted { Issue.record("seed \(seed): \(pattern) in \(Array(text))") }
                    }
                }
            }
        }
        #expect(simple * 4 > patterns, "too few of the patterns were simple: \(simple)")
    }
}

/// Makes up patterns, most of them simple, and texts that come near to matching the last one.
struct PatternSketch {
    private var state: UInt64
    /// For each atom of the last pattern, texts that it may match, and how many of them.
    private var parts: [(choices: [String], minimum: Int, maximum: Int)] = []

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    private mutating func below(_ limit: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(limit))
    }

    mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }
    mutating func chance(_ ofHowMany: Int) -> Bool { below(ofHowMany) == 0 }

    /// A pattern of plain characters, and so short that it stands in many texts.
    mutating func word() -> String {
        let letters = (0...below(3)).map { _ in pick(["a", "0", "-", "\\.", "Z", ",", " "]) }
        return letters.joined()
    }

    private static let atoms: [(String, [String])] = [
        ("a", ["a"]), ("Z", ["Z"]), ("-", ["-"]), ("0", ["0"]), ("\\.", ["."]), ("\\$", ["$"]), ("\\n", ["\n"]),
        ("[0-9]", ["0", "5", "9"]), ("\\d", ["1", "8"]), ("[a-f]", ["a", "f"]), ("[0-9a-f-]", ["0", "c", "-"]),
        ("[A-Z]", ["A", "Q", "Z"]), ("\\w", ["_", "k", "7"]), ("\\s", [" ", "\t", "\n", "\u{B}", "\r"]),
        ("\\S", ["!", "x"]), ("\\D", ["x", "\n"]), ("\\W", [" ", "-"]), ("[^,]", ["x", "\n", " "]), (".", ["q", "\r"]),
        ("[-x]", ["-", "x"]), ("[x-]", ["-", "x"]), ("[\\d.]", ["3", "."]), ("[^\\s\\d]", ["x", "?"]), (" ", [" "]),
        ("[!-/:-@]", ["!", "/", ":", "@"]), ("[a\\]]", ["a", "]"]), (",", [","]), ("[\\w-]", ["w", "-"]),
        ("(?:ab)", ["ab"]), ("é", ["é"]), ("[^a]", ["b", "é"]),
    ]

    mutating func pattern() -> String {
        parts = []
        var text = below(20) == 0 ? "" : pick(["^", "^", "^", "\\A"])
        for _ in 0..<below(6) {
            let atom = pick(Array(Self.atoms.prefix(below(12) == 0 ? 31 : 28)))
            let (count, minimum, maximum) = pick([
                ("", 1, 1), ("", 1, 1), ("*", 0, 9), ("+", 1, 9), ("?", 0, 1), ("{8}", 8, 8), ("{2}", 2, 2),
                ("{1,3}", 1, 3), ("{2,}", 2, 9), ("{0}", 0, 0), ("{17}", 17, 17), ("{0,2}", 0, 2), ("{4}", 4, 4),
            ])
            text += atom.0 + count + (below(40) == 0 ? pick(["?", "+"]) : "")
            parts.append((atom.1, minimum, maximum))
        }
        return text + pick(["$", "$", "$", "", "\\z", "\\Z"])
    }

    mutating func text() -> [UInt8] {
        var text: [UInt8] = []
        for part in parts {
            for _ in 0..<part.minimum + below(part.maximum - part.minimum + 1) {
                text += Array(pick(part.choices).utf8)
            }
        }
        if below(4) == 0 { text.append(0x0A) }
        if below(3) == 0, !text.isEmpty {
            text[below(text.count)] = pick(Array("a0-Z \n,".utf8) + [0xC3, 0xFF, 0, 0x7F])
        }
        if below(6) == 0 {
            text.insert(contentsOf: Array(pick(["x", "0", "é", "\n", "\u{B}"]).utf8), at: below(text.count + 1))
        }
        if below(12) == 0 { text.insert(pick([0x80, 0xFF, 0xC3]), at: below(text.count + 1)) }
        if below(6) == 0, !text.isEmpty { text.remove(at: below(text.count)) }
        return text
    }
}
