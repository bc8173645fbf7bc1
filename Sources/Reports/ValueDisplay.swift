public import Expectations
import Ledger
import Tables

/// How values of rows are shown: in samples, frequent values, and observed values that are values of the column.
///
/// Values of personal columns are masked at least, whatever is chosen.
public enum ValueDisplay: String, Sendable, Hashable, CaseIterable {
    /// Their shape only.
    case masked
    case shown
    /// Not at all; row numbers stay.
    case absent

    /// A result as it may be shown.
    public func apply(to result: ExpectationResult, personal: Set<String>) -> ExpectationResult {
        switch self {
        case .shown: personal.isEmpty ? result : result.maskingValues { personal.contains($0) }
        case .masked: masked(result, personal: personal)
        case .absent: withoutValues(masked(result, personal: personal), of: result, personal: personal)
        }
    }

    /// Whether what an expectation observed may be shown as it is, in whichever run.
    ///
    /// `tellsValue` says that it is one of the column's own values.
    func shows(
        _ observed: JSON?, tellsValue: Bool, of expectation: ExpectationSummary, personal: Set<String>
    ) -> Bool {
        guard tellsValue else { return true }
        guard !expectation.columns.contains(where: personal.contains) else { return false }
        return self == .shown || Self.isNumberOrTime(observed)
    }

    /// A number or time that sums a column up, as its maximum, is what the page is read for: outside of personal columns it
    /// stays.
    private func masked(_ result: ExpectationResult, personal: Set<String>) -> ExpectationResult {
        let isPersonal = result.expectation.columns.contains { personal.contains($0) }
        let masked = result.maskingValues { _ in true }
        guard !isPersonal, Self.isNumberOrTime(result.observedValue) else { return masked }
        var shown = masked
        shown.observedValue = result.observedValue
        shown.details = result.details
        shown.sentence = result.sentence
        return shown
    }

    /// An observed value that had to be masked is one of the column's: it goes as well.
    private func withoutValues(
        _ result: ExpectationResult, of whole: ExpectationResult, personal: Set<String>
    ) -> ExpectationResult {
        var bare = result
        let isShown = shows(
            whole.observedValue, tellsValue: whole.discreetSentence != nil, of: whole.expectation, personal: personal)
        if !isShown { bare.observedValue = nil }
        bare.unexpectedRows = result.unexpectedRows.changed {
            UnexpectedRow(values: [], index: [], partition: $0.partition, row: $0.row, byteOffset: $0.byteOffset)
        }
        bare.unexpectedCounts = []
        return bare
    }

    private static func isNumberOrTime(_ json: JSON?) -> Bool {
        switch json {
        case .number?: true
        case .object(let members)?:
            // Numbers by name, as quantiles.
            members.allSatisfy {
                if case .array(let items) = $0.value { items.allSatisfy { isNumberOrTime($0) } } else { false }
            }
        case .string(let text)?:
            isTime(text.utf8)
        default: false
        }
    }

    /// As in `2026-03-01` and `2026-03-01T10:00:00Z`; other groups of digits may be a telephone's or a card's.
    private static func isTime(_ text: String.UTF8View) -> Bool {
        let date = zip(text, "dddd-dd-dd".utf8)
        return (10...35).contains(text.count)
            && date.allSatisfy { $1 == UInt8(ascii: "-") ? $0 == $1 : $0 &- 0x30 <= 9 }
            && text.dropFirst(10).allSatisfy { $0 &- 0x30 <= 9 || "-:.+TZ ".utf8.contains($0) }
    }
}
