public import Tables

/// Where something stands in a file that a person wrote; 1-based, columns count Unicode scalars.
public struct SourceMark: Sendable, Hashable, CustomStringConvertible {
    public let file: String
    public let line: Int
    public let column: Int

    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }

    public var description: String { "\(file):\(line):\(column)" }
}

/// A mistake in a suite or a project file.
public struct SuiteError: Error, Sendable, Equatable {
    /// Stable, kebab-case, listed in `docs/errors.md`.
    public let code: String
    /// What was found, what was wanted; lower case, no full stop.
    public let message: String
    public let location: SourceMark?
    public let hint: String?

    public init(code: String, message: String, location: SourceMark?, hint: String? = nil) {
        self.code = code
        self.message = message
        self.location = location
        self.hint = hint
    }

    public var fault: Fault { .suiteAuthor }
    public var mayHelpToRetry: Bool { false }
}

/// All mistakes that were found at once.
public struct SuiteProblems: Error, Sendable, Equatable {
    public let errors: [SuiteError]

    public init(_ errors: [SuiteError]) { self.errors = errors }
}

/// An expectation that can't be decided about a table: the column isn't there, or is of a type that has no such question.
public struct PlanError: Error, Sendable, Equatable {
    /// `unknown-column`, `wrong-type`, `bad-bound`, `bad-condition`, `bad-pattern`.
    public let code: String
    public let message: String
    public let hint: String?

    public init(code: String, message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    public var fault: Fault { .suiteAuthor }
    public var mayHelpToRetry: Bool { false }
}

/// The nearest of the known names to a misspelt one.
public enum Suggestion {
    /// `nil` where nothing is near: more than a third of the letters differ, or, of a short name, more than one or all.
    public static func nearest(to name: String, among known: some Sequence<String>) -> String? {
        let wanted = Array(name.lowercased().utf8)
        var best: (name: String, distance: Int)?
        for candidate in known {
            // Lengths that differ by too much already say that it isn't near, however long the text is.
            let lengths = (wanted.count, candidate.utf8.count)
            guard abs(lengths.0 - lengths.1) <= max(1, max(lengths.0, lengths.1) / 3) else { continue }
            let distance = editDistance(wanted, Array(candidate.lowercased().utf8))
            if distance < best?.distance ?? Int.max { best = (candidate, distance) }
        }
        guard let best else { return nil }
        let length = max(wanted.count, best.name.utf8.count)
        guard best.distance <= max(1, length / 3), best.distance < length else { return nil }
        return best.name
    }

    /// Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours.
    static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in 1...left.count {
            var current = [row] + [Int](repeating: 0, count: right.count)
            for column in 1...right.count {
                let cost = left[row - 1] == right[column - 1] ? 0 : 1
                current[column] = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + cost)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    current[column] = min(current[column], beforeLast[column - 2] + 1)
                }
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
