public import Expectations
import Scan
public import Tables

/// The types that a stream's columns are read as, settled before its first record is judged: a scan may begin again where a guess was
/// too narrow, a stream can't.
public enum GateTypes {
    /// The source with guesses made wide enough.
    ///
    /// - A column that shows no value, where expectations want numbers, is one of numbers.
    /// - Guessed whole numbers are float64, and guessed dates timestamps; only where a key must be unique they stay, to be told apart
    ///   exactly.
    ///
    /// Declared types stay as they are: who declares types leaves nothing to guess.
    public static func settled(
        _ source: any BatchSource, for expectations: [Expectation], now: Int64
    ) -> any BatchSource {
        let source = ScanPlan(expectations, source: source, now: now).hopingForNumbers() ?? source
        let keys = Set(
            ScanPlan(expectations, source: source, now: now).expectations.flatMap { planned -> [Int] in
                guard case .success(let bound) = planned.binding else { return [] }
                return bound.plan.uniqueKey?.columns ?? []
            })
        var wider: [Int: LogicalType] = [:]
        for (index, field) in source.schema.fields.enumerated()
        where source.typeOrigins[index] == .inferred && !keys.contains(index) {
            switch field.type {
            case .int64, .decimal: wider[index] = .float64
            case .date: wider[index] = .timestamp
            default: break
            }
        }
        return wider.isEmpty ? source : source.retyping(wider) ?? source
    }
}
