import Expectations
import Pipeline
import Tables

/// What is told of a stream when it has ended.
struct GateSummary {
    private let report: GateReport
    private let gate: Gate

    init(_ report: GateReport, _ gate: Gate) {
        self.report = report
        self.gate = gate
    }

    func text(_ format: ListFormat) -> String {
        switch format {
        case .table: table
        case .json: json.text()
        }
    }

    private var table: String {
        var lines = [
            "\(Wording.count(report.records, "record")): \(Wording.count(report.passed)) passed, "
                + "\(Wording.count(report.quarantined)) kept apart, \(Wording.count(report.dropped)) dropped"
        ]
        if report.malformed > 0 { lines.append("  \(Wording.count(report.malformed)) malformed") }
        for (rule, count) in zip(gate.rules, report.failures) where count > 0 {
            lines.append("  \(Wording.count(count)) not so: \(rule.expectation.rule) (\(rule.action.rawValue))")
        }
        for (rule, count) in zip(gate.rules, report.failures) where count == 0 {
            let unseen = report.unseenColumns(of: rule).map { JSON.string($0).text() }
            guard !unseen.isEmpty else { continue }
            lines.append(
                "  vacuous: \(rule.expectation.rule) (no record has a value of \(unseen.joined(separator: ", ")))")
        }
        if !gate.tableExpectations.isEmpty {
            lines.append(
                "  \(Wording.count(gate.tableExpectations.count, "expectation")) about the table not checked")
        }
        if let rule = report.stoppedBy {
            lines.append(
                "stopped at record \(Wording.count(report.records)), which breaks: \(gate.rules[rule].expectation.rule)"
            )
        }
        return lines.joined(separator: "\n")
    }

    private var json: JSON {
        var members = [
            JSON.Member("version", .integer(1)), JSON.Member("records", .integer(report.records)),
            JSON.Member("passed", .integer(report.passed)), JSON.Member("warned", .integer(report.warned)),
            JSON.Member("quarantined", .integer(report.quarantined)), JSON.Member("dropped", .integer(report.dropped)),
            JSON.Member("malformed", .integer(report.malformed)),
            JSON.Member(
                "rules",
                .array(
                    zip(gate.rules, report.failures).map { rule, count in
                        .object([
                            JSON.Member("expectation", .string(rule.expectation.kind.name)),
                            JSON.Member("id", rule.expectation.id.map { .string($0) } ?? .null),
                            JSON.Member("columns", .array(rule.expectation.columns.map { .string($0) })),
                            JSON.Member("message", .string(rule.expectation.rule)),
                            JSON.Member("action", .string(rule.action.rawValue)),
                            JSON.Member("failed", .integer(count)),
                            JSON.Member(
                                "unseen_columns", .array(report.unseenColumns(of: rule).map { .string($0) })),
                        ])
                    })),
            JSON.Member("not_checked", .array(gate.tableExpectations.map { .string($0.rule) })),
        ]
        if let rule = report.stoppedBy { members.append(JSON.Member("stopped_by", .integer(rule))) }
        return .object(members)
    }
}
