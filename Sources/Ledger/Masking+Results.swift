public import Expectations
import Foundation
import Tables

extension ExpectationResult {
    /// The result with the values of some columns masked, in samples, counts, observed value and sentence.
    ///
    /// What the suite's author wrote (arguments) stays: it is not data. An aggregate that is one of the column's values, as
    /// a maximum is, counts as a value; one made of many values, as a mean, doesn't.
    public func maskingValues(of isMasked: (String) -> Bool) -> ExpectationResult {
        let touches = expectation.columns.contains(where: isMasked)
        let tells = touches && Self.tellsValues(expectation.type)
        var masked = self
        masked.unexpectedRows = unexpectedRows.map { row in
            UnexpectedRow(
                values: Self.mask(row.values, isMasked), index: Self.mask(row.index, isMasked),
                partition: row.partition, row: row.row, byteOffset: row.byteOffset)
        }
        masked.unexpectedCounts = unexpectedCounts?.map { item in
            UnexpectedCount(values: Self.mask(item.values, isMasked), count: item.count)
        }
        if touches { masked.sentence = maskedSentence(isMasked, tellsValues: tells) }
        guard tells else { return masked }
        masked.observedValue = observedValue.map { Masking.mask($0) }
        masked.details = details.map { JSON.Member($0.name, Masking.mask($0.value)) }
        return masked
    }

    /// Whether the observed value of a kind is made of the column's own values.
    static func tellsValues(_ type: String) -> Bool {
        ["_max_", "_min_", "_median_", "_mode_", "quantile", "most_common", "distinct_values"].contains {
            type.contains($0)
        }
    }

    private static func mask(_ cells: [UnexpectedRow.Cell], _ isMasked: (String) -> Bool) -> [UnexpectedRow.Cell] {
        cells.map { isMasked($0.column) ? UnexpectedRow.Cell(column: $0.column, value: Masking.mask($0.value)) : $0 }
    }

    /// A sentence that tells a value which is too short to be found in it safely says the verdict alone.
    private func maskedSentence(_ isMasked: (String) -> Bool, tellsValues: Bool) -> String {
        if tellsValues, let observedValue, observedValue.leafTexts.contains(where: { $0.utf8.count <= 3 }) {
            let column = expectation.columns.joined(separator: ", ")
            return "\(expectation.type) of \(column) \(outcome.name): the value is personal and not shown."
        }
        var texts: Set<String> = []
        for row in unexpectedRows {
            for cell in row.values + row.index where isMasked(cell.column) { texts.insert(cell.value.description) }
        }
        for item in unexpectedCounts ?? [] {
            for cell in item.values where isMasked(cell.column) { texts.insert(cell.value.description) }
        }
        if tellsValues { texts.formUnion(observedValue?.leafTexts ?? []) }
        // Longest first, so that a value inside another one doesn't break it up; the very short ones are words of ours.
        var masked = sentence
        for text in texts.sorted(by: { ($0.utf8.count, $0) > ($1.utf8.count, $1) }) where text.utf8.count > 3 {
            masked = masked.replacingOccurrences(of: text, with: Masking.mask(text), options: .literal)
        }
        return tellsValues ? Masking.maskDigits(masked) : masked
    }
}

extension JSON {
    /// The texts of all leaves.
    fileprivate var leafTexts: [String] {
        switch self {
        case .null, .boolean: []
        case .number(let text), .string(let text): [text]
        case .array(let items): items.flatMap(\.leafTexts)
        case .object(let members): members.flatMap(\.value.leafTexts)
        }
    }
}
