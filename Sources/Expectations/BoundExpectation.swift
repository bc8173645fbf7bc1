import Tables

/// An expectation that fits a table.
public struct BoundExpectation: Sendable {
    public let expectation: Expectation
    let claim: Claim
    public let plan: BoundPlan

    /// How much of the verdict rests on what files say of themselves; nothing where they said nothing.
    private func origin(_ measurements: Measurements) -> [JSON.Member] {
        let columns = plan.metrics.filter { !$0.projection.needs.isEmpty }
        let rows = measurements.rowsUnread(columns)
        return rows > 0 ? [JSON.Member(ExpectationResult.statisticsDetail, .integer(rows))] : []
    }

    /// The result, given what a scan gathered.
    public func result(_ measurements: Measurements) -> ExpectationResult {
        let judgement = plan.judge(measurements)
        let (success, severity) = expectation.weigh(judgement)
        var discreet = judgement
        discreet.observedText = judgement.observedText.map { _ in "a value that is not shown" }
        discreet.statement = judgement.discreetStatement ?? judgement.statement
        func sentence(_ judgement: Judgement) -> String {
            judgement.sentence(claim, condition: expectation.condition?.words, rule: expectation.rule)
        }
        return ExpectationResult(
            expectation: expectation.summary, outcome: judgement.outcome, success: success, severity: severity,
            rows: judgement.rows, observedValue: judgement.observedValue,
            unexpectedRows: judgement.unexpectedRows, unexpectedCounts: judgement.unexpectedCounts,
            details: judgement.details + origin(measurements),
            sentence: sentence(judgement), discreetSentence: judgement.tellsValue ? sentence(discreet) : nil)
    }
}

extension Judgement {
    /// The verdict in words; `condition` is what selects the rows that it is about.
    func sentence(_ claim: Claim, condition: String?, rule: String) -> String {
        switch outcome {
        case .vacuous(let reason): return "Nothing to check whether \(rule): \(reason)."
        case .errored(let reason): return "Could not be decided whether \(rule): \(reason)."
        case .passed, .failed: break
        }
        if let statement { return condition.map { "Where \($0): \(statement.uncapitalized)" } ?? statement }
        let hasPassed = outcome == .passed
        let subject = claim.subject + (condition.map { " where \($0)" } ?? "")
        guard let rows else {
            guard let observedText else { return "\(subject.capitalized) \(hasPassed ? claim.holds : claim.fails)." }
            return hasPassed
                ? "\(subject.capitalized) is \(observedText) (expected: \(claim.holds))."
                : "\(subject.capitalized) is \(observedText), but must be \(claim.holds)."
        }
        let considered = rows.consideredCount
        let unexpected = rows.unexpectedCount
        if hasPassed, unexpected == 0 { return "All \(Wording.count(considered)) \(subject) \(claim.holds)." }
        let share = Wording.percent(unexpected, of: considered)
        let counts = "\(Wording.count(unexpected)) of \(Wording.count(considered)) \(subject) \(claim.fails) (\(share))"
        guard let allowed else { return counts + "." }
        return hasPassed ? "\(counts), which is within the \(allowed) allowed." : "\(counts); at most \(allowed) may."
    }
}

extension String {
    /// With a capital first letter, the rest as it is.
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }

    /// With a small first letter, the rest as it is.
    fileprivate var uncapitalized: String { prefix(1).lowercased() + dropFirst() }
}
