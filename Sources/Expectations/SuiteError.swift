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
