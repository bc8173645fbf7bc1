public import Expectations
import Scan
public import Tables

/// The types that a stream's columns are read as, settled before its first record is judged.
public enum GateTypes {
    /// The source, in which a column that shows no value is one of numbers where expectations want numbers, else of text.
    ///
    /// Guesses from values stay as narrow as in a scan: a scan that meets a value they are too narrow for begins again, a stream ends
    /// there (`GateStream`), since it can't. Declared types leave nothing to guess.
    public static func settled(
        _ source: any BatchSource, for expectations: [Expectation], now: Int64
    ) -> any BatchSource {
        let hopeful = ScanPlan(expectations, source: source, now: now).hopingForNumbers() ?? source
        let unknown = hopeful.typeOrigins.indices.filter { hopeful.typeOrigins[$0] == .unknown }
        let types = Dictionary(uniqueKeysWithValues: unknown.map { ($0, hopeful.schema.fields[$0].type) })
        return hopeful.retyping(types, origin: .inferred) ?? hopeful
    }
}
