public import Tables

/// What is wrong with a schedule that a person wrote.
public struct ScheduleError: Error, Sendable, Equatable {
    /// Stable and documented: `bad-cron`, `never-due`, `bad-schedule`, `bad-zone`.
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

    static func cron(_ message: String, at offset: Int?, hint: String? = nil) -> ScheduleError {
        ScheduleError(code: "bad-cron", message: message, offset: offset, hint: hint)
    }
}
