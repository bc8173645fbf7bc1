import Expectations
import Tables

/// Compares a verdict with what a case says of it; what the case doesn't mention isn't compared.
struct KindVerdict {
    private(set) var differences: [String] = []

    /// What became of arguments or a table that don't fit.
    init(error found: String, _ gives: [Argument.Member]) {
        for member in gives {
            guard member.name == "error" else {
                differences.append("found an error: \(found)")
                continue
            }
            check("error", found, member.value)
        }
    }

    init(_ result: ExpectationResult, _ gives: [Argument.Member]) {
        for member in gives { compare(member.name, member.value, result) }
        if !gives.contains(where: { $0.name == "success" }) {
            let isSuccess = result.outcome.name == "passed" || result.outcome.name == "vacuous"
            if result.success != isSuccess { differences.append("success: found \(result.success)") }
        }
    }

    private mutating func compare(_ key: String, _ wanted: Argument, _ result: ExpectationResult) {
        switch key {
        case "outcome": check(key, result.outcome.name, wanted)
        case "reason": check(key, result.outcome.reason ?? "none", wanted)
        case "success": check(key, .boolean(result.success), wanted)
        case "severity": check(key, result.severity.rawValue, wanted)
        case "element_count": check(key, result.rows.map { .integer($0.elementCount) }, wanted)
        case "missing_count":
            check(key, result.rows.flatMap { $0.reportsMissing ? .integer($0.missingCount) : nil }, wanted)
        case "unexpected_count": check(key, result.rows.map { .integer($0.unexpectedCount) }, wanted)
        case "unexpected_percent":
            check(key, result.rows?.unexpectedPercent.map { .number($0.description) } ?? .null, wanted)
        case "unexpected_rows": check(key, .array(result.unexpectedRows.map { .integer($0.row) }), wanted)
        case "unexpected_values": check(key, .array(result.unexpectedRows.map { Self.json($0.values) }), wanted)
        case "unexpected_index": check(key, .array(result.unexpectedRows.map { Self.json($0.index) }), wanted)
        case "unexpected_counts":
            let counts = result.unexpectedCounts?.map { JSON.array([Self.json($0.values), .integer($0.count)]) }
            check(key, counts.map { .array($0) }, wanted)
        case "observed_value": check(key, result.observedValue, wanted)
        case "details": check(key, .object(result.details), wanted)
        case "sentence": check(key, result.sentence, wanted)
        case "error": differences.append("an error was expected, found \(result.outcome.name): \(result.sentence)")
        default: differences.append("a verdict has no key \(key)")
        }
    }

    /// A single value as such, several as a list.
    private static func json(_ cells: [UnexpectedRow.Cell]) -> JSON {
        cells.count == 1 ? cells[0].value.json : .array(cells.map(\.value.json))
    }

    private mutating func check(_ key: String, _ found: String, _ wanted: Argument) {
        check(key, .string(found), wanted)
    }

    private mutating func check(_ key: String, _ found: JSON?, _ wanted: Argument) {
        guard Self.normal(found ?? .null) != Self.normal(wanted.json) else { return }
        differences.append("\(key): found \((found ?? .null).text())")
    }

    /// Equal numbers in one spelling: 2 and 2.0.
    private static func normal(_ json: JSON) -> String {
        switch json {
        case .number(let digits): DecimalNumber(digits)?.reduced.description ?? digits
        case .array(let items): "[\(items.map(normal).joined(separator: ","))]"
        case .object(let members): "{\(members.map { "\($0.name):\(normal($0.value))" }.joined(separator: ","))}"
        default: json.text()
        }
    }
}
