import Expectations
import Tables

/// One thing that is wrong with a record.
struct RecordError: Sendable {
    /// As in `malformed`, `row-too-long`, `type.amount`, `select.amount`, or a kind of expectation.
    let rule: String
    var id: String?
    var columns: [String] = []
    let message: String
    var action = "quarantine"
    /// What was found in the columns.
    var values: [JSON.Member] = []
    /// Those of the columns whose value is none that can be compared: it breaks every rule that compares it.
    var uncomparable: [String] = []

    var json: JSON {
        var members = [JSON.Member("rule", .string(rule))]
        if let id { members.append(JSON.Member("id", .string(id))) }
        members += [
            JSON.Member("columns", .array(columns.map { .string($0) })), JSON.Member("message", .string(message)),
            JSON.Member("action", .string(action)),
        ]
        if !values.isEmpty { members.append(JSON.Member("values", .object(values))) }
        if !uncomparable.isEmpty {
            members.append(JSON.Member("uncomparable", .array(uncomparable.map { .string($0) })))
        }
        return .object(members)
    }

    /// What the quarantine calls it: the id, or else the rule.
    var name: String { id ?? rule }

    /// Each of some names once, in their order.
    static func rules(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }
}

extension RecordError {
    /// What is wrong with a record as a record.
    init(_ problem: RowProblem) {
        switch problem.kind {
        case .rowTooLong, .unclosedQuote: self.init(rule: problem.kind.rawValue, message: problem.detail)
        default:
            self.init(rule: QuarantinedRecord.malformed, message: "\(problem.kind.rawValue): \(problem.detail)")
        }
    }

    /// A rule of a gate that is broken by columns of the given names.
    init(_ rule: GateRule, columns: [String]) {
        self.init(
            rule: rule.expectation.kind.name, id: rule.expectation.id, columns: columns,
            message: rule.expectation.description ?? rule.expectation.rule, action: rule.action.rawValue)
    }
}

extension Column {
    /// Whether a row has a value that is none of the column's type, nor of another that it could be read as.
    func isUncomparable(at row: Int) -> Bool {
        let column = strays.first { $0.rows[row] }?.column ?? self
        return column.uncomparable?[row] ?? false
    }
}
