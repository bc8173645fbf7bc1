import Expectations
import Tables

/// The mistakes found so far in the files of a project.
struct Problems {
    private(set) var errors: [SuiteError] = []
    private var limit = Limits.problems

    /// Whether so many were found that going on helps nobody.
    var isFull: Bool { errors.count >= limit }

    mutating func add(_ code: String, _ message: String, at mark: SourceMark?, hint: String? = nil) {
        add(SuiteError(code: code, message: message, location: mark, hint: hint))
    }

    /// Adds a mistake; one beyond the limit is dropped, a long message is cut.
    mutating func add(_ error: SuiteError) {
        guard !isFull else { return }
        errors.append(
            SuiteError(
                code: error.code, message: Self.cut(error.message), location: error.location,
                hint: error.hint.map(Self.cut)))
    }

    /// Adds the mistakes of another file; each file has a limit of its own.
    mutating func add(contentsOf other: SuiteProblems) {
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
