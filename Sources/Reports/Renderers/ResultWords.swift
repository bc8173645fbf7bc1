import Expectations
import Ledger
import Tables

/// What a result found, in plain words; of values only what the result still has.
///
/// Data speaks in them: whoever puts them into a document escapes them as that document wants.
struct ResultWords {
    let result: ExpectationResult

    /// As in `3 of 47,007 (< 0.01%)`; `nil` where no rows were judged.
    var unexpected: String? {
        result.rows.flatMap {
            $0.elementCount == 0 ? nil : Self.counted($0.unexpectedCount, of: $0.consideredCount)
        }
    }

    /// The same of missing values; `nil` where they are judged like others.
    var missing: String? {
        result.rows.flatMap { $0.reportsMissing ? Self.counted($0.missingCount, of: $0.elementCount) : nil }
    }

    /// What was observed, where it is one number, time or text.
    var observed: String? {
        guard let observed = result.observedValue, observed != .null else { return nil }
        return DetailModel.text(observed)
    }

    /// The kind and what it was asked, as in `expect_table_row_count_to_be_between {"min_value":1}`: the author's words.
    var rule: String {
        let expectation = result.expectation
        return expectation.arguments.isEmpty
            ? expectation.type : "\(expectation.type) \(JSON.object(expectation.arguments).text())"
    }

    /// The first failing rows, as in `row 118 of data/events.csv (event_id "e-118"): -5`.
    func rows(limit: Int) -> [String] {
        result.unexpectedRows.prefix(limit).map { row in
            let index = row.index.map { "\($0.column) \(Self.shown($0.value))" }
            let values = row.values.map { cell in
                row.values.count == 1 ? Self.shown(cell.value) : "\(cell.column) \(Self.shown(cell.value))"
            }
            return "row \(Wording.count(row.row)) of \(row.partition)"
                + (index.isEmpty ? "" : " (\(index.joined(separator: ", ")))")
                + (values.isEmpty ? "" : ": \(values.joined(separator: ", "))")
        }
    }

    /// The most frequent unexpected values, as in `-5: 2 times`; none where each occurs once.
    func frequent(limit: Int) -> [String] {
        (result.unexpectedCounts ?? []).prefix(limit).filter { $0.count > 1 }.map { item in
            "\(item.values.map { Self.shown($0.value) }.joined(separator: ", ")): \(Wording.count(item.count, "time"))"
        }
    }

    /// Digit by digit, for numbers of rows are looked up; texts stand in quotes.
    private static func shown(_ value: Value) -> String {
        if case .text = value { Wording.value(value) } else { value.description }
    }

    private static func counted(_ part: Int, of whole: Int) -> String {
        "\(Wording.count(part)) of \(Wording.count(whole))"
            + (whole > 0 ? " (\(Wording.percent(part, of: whole)))" : "")
    }
}
