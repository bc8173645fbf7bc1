import Expectations
import Tables

/// What was asked of data and whether it is so, as the facet of assertions has it.
///
/// What was observed may be a value of a row, and is not in it.
struct LineageAssertion {
    let assertion: String
    let columns: [String]
    let severity: Severity
    /// The author's own name for it.
    let id: String?
    let success: Bool

    init(_ result: ExpectationResult) {
        let expectation = result.expectation
        assertion = expectation.type
        columns = expectation.columns
        severity = expectation.severity
        id = expectation.id
        success = result.success
    }

    init(_ rule: LineageBatch.Rule) {
        assertion = rule.assertion
        columns = rule.columns
        severity = rule.severity
        id = rule.id
        success = rule.failed == 0
    }

    var json: JSON {
        let severity =
            switch severity {
            case .critical: "error"
            case .warning: "warn"
            case .info: "info"
            }
        var members: [JSON.Member] = [
            .init("assertion", .string(assertion)), .init("success", .boolean(success)),
        ]
        if columns.count == 1, let column = columns.first { members.append(.init("column", .string(column))) }
        members.append(.init("severity", .string(severity)))
        if let id { members.append(.init("name", .string(id))) }
        return .object(members)
    }
}
