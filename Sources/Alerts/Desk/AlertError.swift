public import Tables

/// Something that people asked of an alert and that can't be.
public struct AlertError: Error, Sendable, Equatable {
    /// Stable and documented: `unknown-incident`, `ambiguous-incident`, `incident-over`, `unknown-alert`, `not-snoozed`, `bad-time`.
    public let code: String
    public let message: String
    public let hint: String?

    public init(code: String, message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// Whoever asked is to mend it.
    public var fault: Fault { .suiteAuthor }
    public var mayHelpToRetry: Bool { false }

    /// One line: message, code.
    public var summary: String { "\(message) [\(code)]" }
}

extension AlertError {
    private static let list = "'assay alerts list' shows what is open"

    static func unknownIncident(_ id: String) -> AlertError {
        AlertError(code: "unknown-incident", message: "there is no incident \"\(id.prefix(40))\"", hint: list)
    }

    static func ambiguousIncident(_ id: String) -> AlertError {
        AlertError(
            code: "ambiguous-incident", message: "the ids of several incidents begin with \"\(id)\"",
            hint: "write more of it")
    }

    static func incidentOver(_ id: String) -> AlertError {
        AlertError(code: "incident-over", message: "the incident \(id.prefix(12)) is over", hint: list)
    }

    static func unknownAlert(_ key: String, in incident: String, count: Int) -> AlertError {
        let found = count == 0 ? "no failing alert has" : "several failing alerts have"
        return AlertError(
            code: "unknown-alert",
            message: "\(found) a key that begins with \"\(key.prefix(40))\" in the incident \(incident.prefix(12))",
            hint: "'assay alerts show \(incident.prefix(12))' lists its alerts with their keys")
    }

    static let notSnoozed = AlertError(code: "not-snoozed", message: "it is not snoozed")

    static func badTime(_ until: Int64, at now: Int64) -> AlertError {
        AlertError(
            code: "bad-time",
            message:
                "\(CivilTime.format(microseconds: until)) is not after now, \(CivilTime.format(microseconds: now))",
            hint: "give a time to come")
    }
}
