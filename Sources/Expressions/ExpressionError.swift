public import Tables

/// What is wrong with a condition or a pattern that a person wrote.
public struct ExpressionError: Error, Sendable, Equatable {
    /// Stable and documented: `bad-expression`, `unknown-column`, `wrong-type`, `bad-pattern`.
    public let code: String
    /// What was found, what was wanted; lower case, no full stop.
    public let message: String
    /// Unicode scalars from the start of the text, from 0; `nil` where the mistake has no place in a text.
    public let offset: Int?
    public let hint: String?

    public init(code: String, message: String, offset: Int? = nil, hint: String? = nil) {
        self.code = code
        self.message = message
        self.offset = offset
        self.hint = hint
    }

    public var fault: Fault { .suiteAuthor }
    public var mayHelpToRetry: Bool { false }

    static func syntax(_ message: String, at offset: Int?, hint: String? = nil) -> ExpressionError {
        ExpressionError(code: "bad-expression", message: message, offset: offset, hint: hint)
    }

    static func type(_ message: String, at offset: Int?, hint: String? = nil) -> ExpressionError {
        ExpressionError(code: "wrong-type", message: message, offset: offset, hint: hint)
    }
}

extension String {
    /// The text for a message: on one line and no longer than 40 scalars.
    var excerpt: String {
        let scalars = unicodeScalars.map { $0.properties.generalCategory == .control ? " " : Character($0) }
        return scalars.count > 40 ? String(scalars.prefix(40)) + "…" : String(scalars)
    }
}
