import Tables

extension Expectation {
    /// The result of an expectation that could not be decided; `code` is that of the error behind it.
    public func errored(reason: String, code: String) -> ExpectationResult {
        ExpectationResult(
            expectation: summary, outcome: .errored(reason: reason), success: false, severity: severity,
            errorCode: code,
            sentence: "Could not be decided whether \(rule): \(reason).")
    }

    /// Whether a judgement is a success, and how loud it is where not.
    func weigh(_ judgement: Judgement) -> (success: Bool, severity: Severity) {
        switch judgement.outcome {
        case .passed: (true, severity)
        case .failed: (false, min(severity, judgement.severityCap ?? .critical))
        case .errored: (false, severity)
        case .vacuous:
            switch onEmpty {
            case .pass: (true, severity)
            case .warn: (false, min(severity, .warning))
            case .fail: (false, severity)
            }
        }
    }

    /// Whether it fits no table for want of a column that it lets be absent.
    public func hasNothingToCheck(for error: PlanError) -> Bool {
        error.code == "unknown-column" && onMissingColumn == .skip
    }

    /// The result of an expectation that doesn't fit the table.
    public func result(_ error: PlanError) -> ExpectationResult {
        guard hasNothingToCheck(for: error) else {
            return errored(reason: error.message + (error.hint.map { " (\($0))" } ?? ""), code: error.code)
        }
        let judgement = Judgement(.vacuous(reason: error.message))
        let (success, severity) = weigh(judgement)
        return ExpectationResult(
            expectation: summary, outcome: judgement.outcome, success: success, severity: severity,
            sentence: "Nothing to check whether \(rule): \(error.message).")
    }
}
