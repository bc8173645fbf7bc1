public import Expectations
import Tables

extension ExpectationResult {
    /// The result with the values of some columns masked, in samples, counts, observed value and sentence.
    ///
    /// What the suite's author wrote (arguments) stays: it is not data. An aggregate that is one of the column's values, as
    /// a maximum is, counts as a value; one made of many values, as a mean, doesn't.
    public func maskingValues(of isMasked: @escaping @Sendable (String) -> Bool) -> ExpectationResult {
        let touches = expectation.columns.contains(where: isMasked)
        var masked = self
        masked.unexpectedRows = unexpectedRows.changed { row in
            UnexpectedRow(
                values: Self.mask(row.values, isMasked), index: Self.mask(row.index, isMasked),
                partition: row.partition, row: row.row, byteOffset: row.byteOffset)
        }
        masked.unexpectedCounts = unexpectedCounts?.map { item in
            UnexpectedCount(values: Self.mask(item.values, isMasked), count: item.count)
        }
        guard touches, let discreetSentence else { return masked }
        masked.sentence = discreetSentence
        masked.observedValue = observedValue.map {
            guard case .object(let members) = $0 else { return Masking.mask($0) }
            return .object(Self.mask(members))
        }
        masked.details = Self.mask(details)
        return masked
    }

    private static func mask(_ members: [JSON.Member]) -> [JSON.Member] {
        members.map { member in
            memberNamesWithoutValues.contains(member.name)
                ? member : JSON.Member(member.name, Masking.mask(member.value))
        }
    }

    private static func mask(_ cells: [UnexpectedRow.Cell], _ isMasked: (String) -> Bool) -> [UnexpectedRow.Cell] {
        cells.map { isMasked($0.column) ? UnexpectedRow.Cell(column: $0.column, value: Masking.mask($0.value)) : $0 }
    }
}
