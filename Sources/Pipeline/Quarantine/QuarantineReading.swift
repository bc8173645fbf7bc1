import Delta
import Tables

/// A reading of a quarantine in progress; one thread at a time asks.
public final class QuarantineReading {
    private let worker: (any BatchWorker)?
    private let places: [Int]
    private let selector: QuarantineSelector
    private let from: QuarantineTable.Place
    /// What lists of rules say, which are few and many times the same.
    private var rules: [String: [String]] = [:]
    private static let mostRemembered = 1_000

    /// A record, and where it is in the version.
    public typealias Found = (record: QuarantinedRecord, place: QuarantineTable.Place)

    init(
        _ source: DeltaSource, _ projection: Projection, _ places: [Int], _ selector: QuarantineSelector,
        _ ordinals: Set<Int>, _ from: QuarantineTable.Place
    ) throws(PipelineError) {
        self.places = places
        self.selector = selector
        self.from = from
        do throws(SourceError) {
            let all = ordinals.count == source.batchCount
            worker = ordinals.isEmpty ? nil : try source.open(projection, ordinals: all ? nil : ordinals).makeWorker()
        } catch { throw PipelineError(error) }
    }

    /// The records that are meant among the next few thousand, possibly none; `nil` at the end.
    public func next() throws(PipelineError) -> [Found]? {
        let batch: Batch?
        do throws(SourceError) { batch = try worker?.next() } catch { throw PipelineError(error) }
        guard let batch else { return nil }
        var found: [Found] = []
        for row in 0..<batch.rowCount {
            let place = QuarantineTable.Place(ordinal: batch.ordinal, row: row)
            guard place >= from else { continue }
            let record = record(batch, row)
            if selector.matches(record) { found.append((record, place)) }
        }
        return found
    }

    private func record(_ batch: Batch, _ row: Int) -> QuarantinedRecord {
        // In the order of the quarantine's schema.
        func text(_ column: Int) -> String? {
            guard let column = batch.columns[places[column]], column.present[row] else { return nil }
            return column.text(at: row)
        }
        func integer(_ column: Int) -> Int64? {
            guard let column = batch.columns[places[column]], column.present[row] else { return nil }
            switch column.values {
            case .int64(let numbers): return numbers[row]
            case .timestamp(let ticks): return ticks[row]
            default: return nil
            }
        }
        return QuarantinedRecord(
            id: text(0) ?? "", attempt: Int(integer(1) ?? 1), quarantinedAt: integer(2) ?? 0,
            batch: Int(integer(3) ?? 0), file: text(5) ?? "", row: integer(6) ?? 0, offset: integer(7),
            rules: names(text(8) ?? "[]"), errors: text(9).flatMap { JSON(text: $0) }, raw: text(10),
            rawBase64: text(11), record: text(12), suite: text(13), suiteFingerprint: text(14))
    }

    private func names(_ text: String) -> [String] {
        if let known = rules[text] { return known }
        let names = JSON(text: text)?.items?.compactMap(\.string) ?? []
        if rules.count < Self.mostRemembered { rules[text] = names }
        return names
    }
}
