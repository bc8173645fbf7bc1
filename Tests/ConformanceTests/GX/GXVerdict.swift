import Expectations
import Tables

/// Compares an answer with what a case of Great Expectations expects, key by key.
struct GXVerdict {
    /// What differs, in words; empty where the case is met.
    private(set) var differences: [String] = []
    private let tolerance: Double?

    init(_ result: ExpectationResult?, _ test: GXCase) {
        tolerance = test.tolerance
        let hasErred = result.map { $0.outcome.name == "errored" } ?? true
        guard let result, !hasErred else {
            if test.expect["error"]?.flag != true {
                differences.append("an error: \(result?.sentence ?? "the arguments are refused")")
            }
            return
        }
        if test.expect["error"]?.flag == true {
            differences.append("an error was expected, found \(result.outcome.name)")
            return
        }
        for member in test.expect.members { compare(member.name, member.value.untagged, result) }
    }

    private mutating func compare(_ key: String, _ wanted: Argument, _ result: ExpectationResult) {
        switch key {
        case "success": check(key, wanted.flag == result.success, result.success)
        case "observed_value": check(key, isLike(wanted, result.observedValue ?? .null), result.observedValue as Any)
        case "observed_value_any_of":
            let isOne = wanted.items.contains { isLike($0, result.observedValue ?? .null) }
            check(key, isOne, result.observedValue as Any)
        case "unexpected_list", "partial_unexpected_list":
            let isNamed = !wanted.items.contains { !$0.items.isEmpty }
            let found = result.unexpectedRows.map { GXValue.bag($0.values, isNamed: isNamed) }.sorted()
            let expected = wanted.items.map { GXValue.text($0) }.sorted()
            check(key, key == "unexpected_list" ? found == expected : expected == Array(found.prefix(20)), found)
        case "unexpected_rows":
            let found = result.unexpectedRows.map { $0.row - 1 }
            check(key, found == wanted.items.compactMap(\.count), found)
        case "element_count": check(key, wanted.count == result.rows?.elementCount, result.rows as Any)
        case "missing_count": check(key, wanted.count == result.rows?.missingCount, result.rows as Any)
        case "unexpected_count": check(key, wanted.count == result.rows?.unexpectedCount, result.rows as Any)
        case "missing_percent": percent(key, wanted, result.rows?.missingPercent)
        case "unexpected_percent", "unexpected_percent_nonmissing": percent(key, wanted, result.rows?.unexpectedPercent)
        case "unexpected_percent_total": percent(key, wanted, result.rows?.unexpectedPercentTotal)
        case "details":
            let found = JSON.object(result.details)
            check(key, isWithin(wanted, found), found.text())
        // Row numbers say the same, and the texts of errors are upstream's own.
        case "unexpected_index_list", "partial_unexpected_index_list", "error", "error_contains",
            "error_asserted_upstream":
            break
        default: differences.append("\(key) is not compared")
        }
    }

    private mutating func check(_ key: String, _ isMet: Bool, _ found: Any) {
        if !isMet { differences.append("\(key): found \(found)") }
    }

    private mutating func percent(_ key: String, _ wanted: Argument, _ found: Double?) {
        let isMet = wanted.isNull ? found == nil : isNear(wanted.double ?? .nan, found ?? .nan, 1e-9)
        check(key, isMet, found as Any)
    }

    private func isNear(_ wanted: Double, _ found: Double, _ tolerance: Double) -> Bool {
        wanted == found || (wanted - found).magnitude <= tolerance * max(wanted.magnitude, found.magnitude)
    }

    private func isLike(_ wanted: Argument, _ found: JSON) -> Bool {
        switch (wanted.content, found) {
        case (.null, .null): return true
        case (.list(let items), .array(let values)):
            return items.count == values.count && zip(items, values).allSatisfy { isLike($0, $1) }
        case (.map(let wanted), .object(let members)):
            return wanted.count == members.count
                && zip(wanted, members).allSatisfy { $0.name == $1.name && isLike($0.value, $1.value) }
        case (_, .number(let digits)):
            guard let number = Double(digits), let double = wanted.double else { return false }
            return isNear(double, number, tolerance ?? 1e-9)
        case (.text(let text), .string(let other)):
            if let instant = GXColumn.instant(text) { return instant == GXColumn.instant(other) }
            return text == other
        case (.boolean(let flag), .boolean(let other)): return flag == other
        default: return false
        }
    }

    /// Whether what is wanted stands in what was found, as far as it is given.
    private func isWithin(_ wanted: Argument, _ found: JSON) -> Bool {
        guard case .map(let members) = wanted.content else {
            if case .list(let items) = wanted.content, case .array(let values) = found {
                return items.count == values.count && zip(items, values).allSatisfy { isWithin($0, $1) }
            }
            return isLike(wanted, found)
        }
        guard case .object(let values) = found else { return false }
        return members.allSatisfy { member in
            values.contains { $0.name == member.name && isWithin(member.value, $0.value) }
        }
    }
}

/// Values in a spelling in which equal ones are alike: 1 and 1.0, and an instant however it is written.
enum GXValue {
    static func text(_ value: Value) -> String {
        switch value {
        case .missing: "missing"
        case .text(let text): GXColumn.instant(text).map { "at \($0)" } ?? "text \(text)"
        case .timestamp(let ticks): "at \(ticks)"
        case .date(let days): "at \(Int64(days) * CivilTime.microsecondsPerDay)"
        case .integer, .decimal, .float: "number \(value.double ?? .nan)"
        default: value.description
        }
    }

    static func text(_ argument: Argument) -> String {
        if case .map(let members) = argument.content {
            return members.map { "\($0.name)=\(text($0.value))" }.sorted().joined(separator: ", ")
        }
        if case .list(let items) = argument.content { return items.map { text($0) }.joined(separator: ", ") }
        return argument.value.map { text($0) } ?? "?"
    }

    /// Of one column its value, of several an object of them, or a list where names are left out.
    static func bag(_ cells: [UnexpectedRow.Cell], isNamed: Bool) -> String {
        if cells.count == 1 || !isNamed { return cells.map { text($0.value) }.joined(separator: ", ") }
        return cells.map { "\($0.column)=\(text($0.value))" }.sorted().joined(separator: ", ")
    }
}
