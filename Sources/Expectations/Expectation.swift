import Expressions
public import Tables

/// An expectation of a suite: a kind, its arguments, and what is common to all kinds, checked and ready for any table.
public struct Expectation: Sendable {
    public let kind: ExpectationKind
    public let arguments: Arguments
    public let severity: Severity
    public let onEmpty: OnEmpty
    public let resultFormat: ResultFormat
    /// The author's own name for it.
    public let id: String?
    /// The author's words, shown in place of the rule.
    public let description: String?
    /// The same for equal kinds and arguments, whatever the spelling and order.
    public let fingerprint: String
    let condition: RowCondition?
    private let plan: Plan

    /// Checks the arguments; throws every mistake in them at once.
    ///
    /// `isLenient` accepts the bookkeeping that other tools write beside the arguments (`batch_id`, `catch_exceptions`).
    public init(
        kind: ExpectationKind, arguments: Arguments, isLenient: Bool = false
    ) throws(SuiteProblems) {
        var errors: [SuiteError] = []
        func check<Value>(_ fallback: Value, _ body: () throws(SuiteError) -> Value) -> Value {
            do { return try body() } catch {
                errors.append(error)
                return fallback
            }
        }
        errors += Self.unknownArguments(arguments, kind, isLenient: isLenient)
        severity = check(.critical) { () throws(SuiteError) in try arguments.choice("severity", .critical) }
        onEmpty = check(.pass) { () throws(SuiteError) in try arguments.choice("on_empty", .pass) }
        resultFormat = check(ResultFormat()) { () throws(SuiteError) in try ResultFormat(arguments) }
        condition = check(nil) { () throws(SuiteError) in try RowCondition(arguments) }
        id = check(nil) { () throws(SuiteError) in try arguments["id"]?.asText("id") }
        description = check(nil) { () throws(SuiteError) in try arguments["description"]?.asText("description") }
        let planned: Plan? = check(nil) { () throws(SuiteError) in try kind.plan(arguments) }
        guard let planned, errors.isEmpty else { throw SuiteProblems(errors) }
        self.kind = kind
        self.arguments = arguments
        plan = planned
        fingerprint = Self.fingerprint(kind: kind.name, arguments)
    }

    /// Columns that it judges, in order.
    public var columns: [String] { plan.columns }

    /// The rule in words, as in `values of amount are between 0 and 10`.
    public var rule: String { plan.claim.rule + (condition.map { ", where \($0.text)" } ?? "") }

    /// Types that it declares for columns of files that have none of their own.
    public var declaredTypes: [String: TypeName] { plan.declaredTypes }

    public var summary: ExpectationSummary {
        ExpectationSummary(
            type: kind.name,
            arguments: arguments.members.filter { !Self.bookkeeping.contains($0.name) }
                .map { JSON.Member($0.name, $0.value.json) },
            columns: columns, severity: severity, resultFormat: resultFormat, id: id, location: arguments.mark,
            fingerprint: fingerprint, description: description)
    }

    /// The expectation for a table; throws where it can't be decided about it.
    public func bound(to table: TableContext) throws(PlanError) -> BoundExpectation {
        var context = table
        context.resultFormat = resultFormat
        context.condition = try condition?.bound(to: table.schema)
        let bound = try plan.bind(context)
        return BoundExpectation(expectation: self, claim: plan.claim, plan: bound)
    }

    /// The result of an expectation that could not be decided.
    public func errored(reason: String) -> ExpectationResult {
        ExpectationResult(
            expectation: summary, outcome: .errored(reason: reason), success: false, severity: severity,
            sentence: "Could not be decided whether \(rule): \(reason).")
    }

    private static let bookkeeping: Set<String> = [
        "severity", "result_format", "id", "meta", "notes", "description", "on_empty", "catch_exceptions", "batch_id",
        "condition_parser",
    ]

    private static func unknownArguments(
        _ arguments: Arguments, _ kind: ExpectationKind, isLenient: Bool
    ) -> [SuiteError] {
        let known = kind.parameters.map(\.name)
        return arguments.members.compactMap { member in
            if known.contains(member.name) { return nil }
            if isLenient, bookkeeping.contains(member.name) { return nil }
            if isLenient, case .null = member.value.content { return nil }
            return SuiteError(
                code: "unknown-argument", message: "\(kind.name) has no argument \"\(member.name)\"",
                location: member.mark ?? arguments.mark,
                hint: Suggestion.nearest(to: member.name, among: known).map { "did you mean \($0)?" }
                    ?? "it takes \(known.joined(separator: ", "))")
        }
    }

    private static func fingerprint(kind: String, _ arguments: Arguments) -> String {
        let kept = arguments.members.filter { member in
            if bookkeeping.contains(member.name) { return false }
            if case .null = member.value.content { return false }
            return true
        }
        let canonical = kept.map { "\($0.name)=\($0.value.canonical)" }.sorted().joined(separator: "\u{1F}")
        return Hash128("\(kind)\u{1E}\(canonical)").hexadecimal
    }
}

extension Argument {
    /// A spelling in which equal values are alike: numbers reduced, mappings sorted.
    var canonical: String {
        switch content {
        case .number(let number): number.reduced.description
        case .list(let items): "[\(items.map(\.canonical).joined(separator: ","))]"
        case .map(let members):
            "{\(members.map { "\(JSON.string($0.name).text()):\($0.value.canonical)" }.sorted().joined(separator: ","))}"
        default: json.text()
        }
    }
}

/// An expectation that fits a table.
public struct BoundExpectation: Sendable {
    public let expectation: Expectation
    let claim: Claim
    public let plan: BoundPlan

    /// The result, given what a scan gathered.
    public func result(_ measurements: Measurements) -> ExpectationResult {
        let judgement = plan.judge(measurements)
        let (success, severity) = weigh(judgement)
        return ExpectationResult(
            expectation: expectation.summary, outcome: judgement.outcome, success: success, severity: severity,
            rows: judgement.rows, observedValue: judgement.observedValue,
            unexpectedRows: judgement.unexpectedRows, unexpectedCounts: judgement.unexpectedCounts,
            details: judgement.details,
            sentence: judgement.sentence(claim, condition: expectation.condition?.text, rule: expectation.rule))
    }

    private func weigh(_ judgement: Judgement) -> (success: Bool, severity: Severity) {
        switch judgement.outcome {
        case .passed: (true, expectation.severity)
        case .failed: (false, min(expectation.severity, judgement.severityCap ?? .critical))
        case .errored: (false, expectation.severity)
        case .vacuous:
            switch expectation.onEmpty {
            case .pass: (true, expectation.severity)
            case .warn: (false, min(expectation.severity, .warning))
            case .fail: (false, expectation.severity)
            }
        }
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
