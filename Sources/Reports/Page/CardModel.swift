import Expectations
import Ledger
import Tables

/// One expectation on the page, as the template wants it.
struct CardModel {
    let result: ExpectationResult
    /// Within its run, from 0.
    let position: Int
    let anchor: String
    let standing: RunChanges.Standing?
    let moves: [RunChanges.Move]
    let display: ValueDisplay
    /// Failing rows that are listed at most.
    let sampleLimit: Int

    var model: [String: Any] {
        let expectation = result.expectation
        let outcome = result.outcome.name
        var model: [String: Any] = [
            "anchor": anchor, "outcome": outcome, "sign": Headline.sign(outcome), "word": Headline.word(outcome),
            "sentence": HTMLText.clean(result.sentence, limit: 600), "type": HTMLText.clean(expectation.type),
            "columns": HTMLText.clean(expectation.columns.joined(separator: ", ")),
            "hasColumns": !expectation.columns.isEmpty,
            "place": HTMLText.clean(expectation.location?.description ?? ""),
            "hasPlace": expectation.location != nil,
            "description": HTMLText.clean(expectation.description ?? "", limit: 1_000),
            "hasDescription": expectation.description?.isEmpty == false,
            "reason": HTMLText.clean(result.outcome.reason ?? "", limit: 600),
            "hasReason": result.outcome.reason != nil,
            "facts": facts,
        ]
        if !result.success || result.outcome == .failed { model["severity"] = result.severity.rawValue }
        if let note { model["note"] = note }
        if let rows = result.rows, rows.elementCount > 0 { model["share"] = Self.share(rows) }
        // What a fact says already is no detail.
        let detailed = DetailModel(result.details.filter { $0.name != ExpectationResult.statisticsDetail })
        if let table = detailed.changes { model["changes"] = table }
        model["hasPairs"] = !detailed.pairs.isEmpty
        model["pairs"] = detailed.pairs
        if let sample { model["sample"] = sample }
        if let frequent { model["frequent"] = frequent }
        return model
    }

    /// How it stands against the run before, in words.
    private var note: String? {
        switch standing {
        case .new?: "new"
        case .newlyFailing?: "newly failing"
        case .recovered?: "recovered"
        case .stillFailing(let since?)?: "failing since \(PageWording.time(since.startedAt))"
        case .stillFailing(nil)?: "still failing"
        case .steady?, nil: nil
        }
    }

    private var facts: [[String: Any]] {
        var facts: [[String: Any]] = []
        func add(_ label: String, _ value: String, _ note: String? = nil) {
            var fact: [String: Any] = ["label": label, "value": value]
            if let note { fact["aside"] = note }
            facts.append(fact)
        }
        if let observed = result.observedValue, observed != .null {
            add("observed", DetailModel.text(observed), before("observed"))
        }
        if let rows = result.rows, rows.elementCount == 0 {
            add("rows", "0")
        } else if let rows = result.rows {
            add("unexpected", Self.counted(rows.unexpectedCount, of: rows.consideredCount), before("unexpected"))
            add("considered", Wording.count(rows.consideredCount))
            if rows.reportsMissing {
                add("missing", Self.counted(rows.missingCount, of: rows.elementCount), before("missing"))
            }
        }
        if let unread = result.rowsFromStatistics { add("by statistics, unread", Wording.count(unread, "row")) }
        return facts
    }

    private static func counted(_ part: Int, of whole: Int) -> String {
        Wording.count(part) + (whole > 0 ? " (\(Wording.percent(part, of: whole)))" : "")
    }

    private func before(_ what: String) -> String? {
        moves.first { $0.what == what }.map { "was \(DetailModel.text($0.before))" }
    }

    /// Widths of a bar of 100 for rows that are fine, unexpected, missing; what is there is seen, however small.
    private static func share(_ rows: RowCounts) -> [String: Any] {
        func width(_ part: Int) -> Int {
            part == 0 ? 0 : max(2, Int((Double(part) / Double(rows.elementCount) * 100).rounded()))
        }
        let missing = min(98, width(rows.missingCount))
        let unexpected = min(100 - missing, width(rows.unexpectedCount))
        let fine = 100 - missing - unexpected
        return [
            "fineWidth": fine, "badX": fine, "badWidth": unexpected, "goneX": fine + unexpected, "goneWidth": missing,
        ]
    }

    private var frequent: [String: Any]? {
        guard display != .absent, result.outcome == .failed else { return nil }
        guard let counts = result.unexpectedCounts else {
            return ["frequentNote": "There are too many different unexpected values to count them."]
        }
        guard counts.count > 1 else { return nil }
        let shown = counts.prefix(min(10, sampleLimit))
        let items = shown.map { item -> [String: Any] in
            ["frequentValue": Self.text(item.values), "frequentCount": Wording.count(item.count)]
        }
        return [
            "frequentItems": items,
            "frequentTitle": counts.count > shown.count
                ? "The \(shown.count) most frequent unexpected values" : "Most frequent unexpected values",
        ]
    }

    private static func text(_ cells: [UnexpectedRow.Cell]) -> String {
        cells.count == 1
            ? HTMLText.clean(SampleModel.text(cells[0].value), limit: 120)
            : cells.map { "\($0.column) = \(SampleModel.text($0.value))" }.map { HTMLText.clean($0, limit: 120) }
                .joined(separator: ", ")
    }

    private var sample: [String: Any]? {
        guard !result.unexpectedRows.isEmpty, sampleLimit > 0 else { return nil }
        let total = result.rows.map(\.unexpectedCount) ?? result.unexpectedRows.count
        return SampleModel(rows: Array(result.unexpectedRows.prefix(sampleLimit)), total: total).model
    }
}
