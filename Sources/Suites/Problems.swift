import Expectations
import Tables

/// The mistakes found so far in the files of a project.
struct Problems {
    private(set) var errors: [SuiteError] = []
    /// How many were told, those among them that are no news.
    private(set) var count = 0
    private var gaps: [Gap] = []
    private var limit = Limits.problems

    /// A value that the environment doesn't fill in: whatever else may seem wrong with it follows from that.
    private struct Gap {
        let start: SourceMark
        /// Behind its last character.
        let end: SourceMark
        /// What the environment lacks; nothing where the variables are misspelt.
        let lacking: [SuiteError]

        func holds(_ place: SourceMark) -> Bool {
            place.file == start.file && (start.line, start.column) <= (place.line, place.column)
                && (place.line, place.column) < (end.line, end.column)
        }
    }

    /// Whether so many were found that going on helps nobody.
    var isFull: Bool { errors.count >= limit }

    mutating func add(_ code: String, _ message: String, at mark: SourceMark?, hint: String? = nil) {
        add(SuiteError(code: code, message: message, location: mark, hint: hint))
    }

    /// Adds a mistake; one beyond the limit is dropped, a long message is cut.
    ///
    /// Of a value that isn't filled in nothing more is told.
    mutating func add(_ error: SuiteError) {
        count += 1
        if let place = error.location, gaps.contains(where: { $0.holds(place) }) { return }
        append(error)
    }

    /// Adds what is wrong with the variables of the value between two places.
    mutating func add(
        _ found: [(problem: EnvironmentText.Problem, mark: SourceMark)], from start: SourceMark, to end: SourceMark
    ) {
        count += found.count
        for (problem, mark) in found { append(problem.error(at: mark)) }
        let lacking = found.compactMap { problem, mark in
            if case .unset = problem { problem.error(at: mark) } else { nil as SuiteError? }
        }
        gaps.append(Gap(start: start, end: end, lacking: lacking))
    }

    /// Takes back what the environment lacks for a part of the file, for whoever uses that part.
    mutating func setAside(_ node: YAMLNode) -> [SuiteError] {
        guard gaps.contains(where: { !$0.lacking.isEmpty }) else { return [] }
        let marks = node.scalarMarks
        let lacking = gaps.filter { marks.contains($0.start) }.flatMap(\.lacking)
        errors.removeAll(where: lacking.contains)
        return lacking
    }

    /// Adds what was set aside, for whoever is told of everything.
    mutating func add(lacking errors: [SuiteError]) {
        count += errors.count
        for error in errors { append(error) }
    }

    /// Whether the environment lacks something of a text or number.
    func lacksVariables(_ node: YAMLNode) -> Bool { gaps.contains { $0.start == node.mark } }

    private mutating func append(_ error: SuiteError) {
        guard !isFull else { return }
        errors.append(
            SuiteError(
                code: error.code, message: Self.cut(error.message), location: error.location,
                hint: error.hint.map(Self.cut)))
    }

    /// Adds the mistakes of another file; each file has a limit of its own.
    mutating func add(contentsOf other: SuiteProblems) {
        count += other.errors.count
        limit += other.errors.count
        errors += other.errors
    }

    /// All of them, sorted by place, none twice; `nil` where there are none.
    var sorted: SuiteProblems? {
        guard !errors.isEmpty else { return nil }
        var seen: Set<String> = []
        let distinct = errors.filter {
            seen.insert("\($0.location?.description ?? "") \($0.code) \($0.message)").inserted
        }
        return SuiteProblems(
            distinct.sorted { left, right in
                guard let first = left.location, let second = right.location else {
                    return left.location == nil && right.location != nil
                }
                return (first.file, first.line, first.column, left.message)
                    < (second.file, second.line, second.column, right.message)
            })
    }

    private static func cut(_ text: String) -> String {
        guard text.utf8.count > Limits.messageScalars, text.unicodeScalars.count > Limits.messageScalars else {
            return text
        }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(Limits.messageScalars))) + "…"
    }
}

extension Suggestion {
    /// A hint with the nearest of the known names, or else with all of them.
    static func hint(for name: String, among known: [String]) -> String {
        nearest(to: name, among: known).map { "did you mean \($0)?" } ?? "known are \(known.joined(separator: ", "))"
    }
}
