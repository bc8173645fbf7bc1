public import Expressions
public import Tables

/// An expectation of a suite: a kind, its arguments, and what is common to all kinds, checked and ready for any table.
public struct Expectation: Sendable {
    public let kind: ExpectationKind
    public private(set) var arguments: Arguments
    /// How loud it is, and what becomes of what breaks it.
    public private(set) var consequences: Consequences
    public private(set) var resultFormat: ResultFormat
    /// The author's own name for it.
    public private(set) var id: String?
    /// The author's words, shown in place of the rule.
    public private(set) var description: String?
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
        consequences = Consequences(
            severity: check(.critical) { () throws(SuiteError) in try arguments.choice("severity", .critical) },
            onEmpty: check(.pass) { () throws(SuiteError) in try arguments.choice("on_empty", .pass) },
            onMissingColumn: check(.error) { () throws(SuiteError) in
                try arguments.choice("on_missing_column", .error)
            },
            onFail: check(nil) { () throws(SuiteError) in try arguments["on_fail"]?.choice("on_fail") })
        do throws(SuiteProblems) { resultFormat = try ResultFormat(arguments) } catch {
            resultFormat = ResultFormat()
            errors += error.errors
        }
        condition = check(nil) { () throws(SuiteError) in try RowCondition(arguments) }
        id = check(nil) { () throws(SuiteError) in try arguments["id"]?.asText("id") }
        description = check(nil) { () throws(SuiteError) in try arguments["description"]?.asText("description") }
        var planned: Plan?
        do throws(SuiteError) { planned = try kind.plan(arguments) } catch {
            errors += kind.mistakes(in: arguments, beside: error)
        }
        guard let planned, errors.isEmpty else { throw SuiteProblems(errors) }
        self.kind = kind
        self.arguments = arguments
        plan = planned
        fingerprint = Self.fingerprint(kind: kind.name, arguments)
    }

    public var severity: Severity { consequences.severity }
    public var onEmpty: OnEmpty { consequences.onEmpty }
    public var onMissingColumn: OnMissingColumn { consequences.onMissingColumn }

    /// The louder of two that are equal in kind and arguments, with the sternest of what both say of failures, and a result that has all
    /// that either asks for.
    public func united(with other: Expectation) -> Expectation {
        let isLouder = other.severity > severity
        var united = isLouder ? other : self
        let quieter = isLouder ? self : other
        united.consequences = consequences.united(with: other.consequences)
        united.resultFormat = resultFormat.united(with: other.resultFormat)
        united.arguments = united.arguments.completed(by: quieter.arguments, ["id", "description", "notes", "meta"])
        united.id = united.id ?? quieter.id
        united.description = united.description ?? quieter.description
        return united
    }

    /// Whether both judge the same rows, as two may not that are equal in arguments: a row condition's dialect is none of them.
    public func judgesSameRows(as other: Expectation) -> Bool { condition?.expression == other.condition?.expression }

    /// Columns that it judges, in order.
    public var columns: [String] { plan.columns }

    /// Columns that it reads: those that it judges, then those of its row condition.
    public var columnsRead: [String] { columns + (condition?.columns ?? []) }

    /// The rule in words, as in `values of amount are between 0 and 10`.
    public var rule: String { plan.claim.rule + (condition.map { ", where \($0.words)" } ?? "") }

    /// Types that it declares for columns of files that have none of their own.
    public var declaredTypes: [ColumnName: TypeName] { plan.declaredTypes }

    public var summary: ExpectationSummary {
        ExpectationSummary(
            type: kind.name,
            arguments: arguments.members.filter {
                !Self.bookkeeping.contains($0.name) && !Self.foreign.contains($0.name)
            }
            .map { JSON.Member($0.name, $0.value.json) },
            columns: columns, severity: severity, resultFormat: resultFormat, id: id, location: arguments.mark,
            fingerprint: fingerprint, description: description,
            notes: (arguments["notes"]?.json).map { [JSON.Member("notes", $0)] + meta } ?? meta)
    }

    /// What the author keeps with it, whatever it is.
    private var meta: [JSON.Member] { arguments["meta"].map { [JSON.Member("meta", $0.json)] } ?? [] }

    /// The expectation for a table; throws where it can't be decided about it.
    public func bound(to table: TableContext) throws(PlanError) -> BoundExpectation {
        var context = table
        context.resultFormat = resultFormat
        context.condition = try condition?.bound(to: table)
        for column in context.condition?.rows.projection.needs.keys.sorted() ?? [] { try table.check(column) }
        let bound = try plan.bind(context)
        return BoundExpectation(expectation: self, claim: plan.claim, plan: bound)
    }

    /// What it asks, question by question: those of its row condition first.
    public var parts: [ExpectationPart] {
        let questions = (condition?.parts ?? []).map { part in
            ExpectationPart(part.columns) { table throws(PlanError) in
                _ = try part.predicate(for: table.schema, timeZone: table.timeZone)
            }
        }
        return questions + [judgement]
    }

    /// What it says of the rows.
    private var judgement: ExpectationPart {
        ExpectationPart(columns) { [plan] table throws(PlanError) in _ = try plan.bind(table) }
    }

    /// Whether it compares a column's values with bounds that are times: texts are meant as such there.
    public func comparesTimes(in column: Int, of table: TableContext) -> Bool {
        func problem(_ type: LogicalType) -> PlanError? {
            do throws(PlanError) {
                try judgement.check(table.retyping([column: type]))
                return nil
            } catch { return error }
        }
        return problem(.int64)?.code == "bad-bound" && problem(.timestamp) == nil
    }

    /// The rows that it judges, as a predicate on a table's rows; `nil` for all of them.
    ///
    /// Texts and dates that are compared with timestamps are clock times of `timeZone`, where they name no zone.
    public func predicate(for schema: Schema, timeZone: ZoneRule = .utc) throws(PlanError) -> Predicate? {
        try condition?.predicate(for: schema, timeZone: timeZone)
    }

    private static let bookkeeping: Set<String> = [
        "severity", "result_format", "id", "meta", "notes", "description", "on_empty", "catch_exceptions", "batch_id",
        "condition_parser", "on_missing_column", "on_fail",
    ]

    /// What other versions of Great Expectations write beside the arguments, to no effect here.
    private static let foreign: Set<String> = [
        "auto", "include_config", "parse_strings_as_datetimes", "allow_cross_type_comparisons", "profiler_config",
        "output_strftime_format", "windows",
    ]

    private static func unknownArguments(
        _ arguments: Arguments, _ kind: ExpectationKind, isLenient: Bool
    ) -> [SuiteError] {
        let known = kind.parameters.map(\.name)
        return arguments.members.compactMap { member in
            if known.contains(member.name) { return nil }
            if isLenient, bookkeeping.contains(member.name) || foreign.contains(member.name) { return nil }
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
            if bookkeeping.contains(member.name) || foreign.contains(member.name) { return false }
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
        default: Argument(content).json.text()
        }
    }
}
