import Intake
import Tables

/// Where the rows of a chunk come from, as the columns that every record gets.
struct LineageColumns: Sendable {
    private let batch: Batch
    private let rescued: Column
    private let origins: Origins
    private let clock: Int64
    private let number: Int

    private enum Origins: Sendable {
        /// Rows of a file from a number on (from 0).
        case file(String, firstRow: Int)
        /// Rows that were read before: where each of them was found then.
        case earlier(ArraySlice<ReplayedRecord>)
    }

    /// Of a chunk whose first row has the number `firstRow` in its file, from 0.
    init(_ batch: Batch, _ rescue: RescuedRows, plan: BatchPlan, firstRow: Int) {
        self.batch = batch
        rescued = rescue.column
        clock = plan.clock
        number = plan.number
        origins =
            plan.replayed.isEmpty
            ? .file(plan.files[batch.partition].name, firstRow: firstRow)
            : .earlier(plan.replayed.dropFirst(firstRow).prefix(batch.rowCount))
    }

    /// Where a row of the chunk was read.
    func origin(of row: Int) -> RecordOrigin {
        switch origins {
        case .file(let name, let firstRow):
            RecordOrigin(file: name, row: Int64(firstRow + row + 1), offset: batch.offsets[row])
        case .earlier(let records): records[records.startIndex + row].origin
        }
    }

    /// What is known of a row that was judged before.
    func earlier(_ row: Int) -> ReplayedRecord? {
        guard case .earlier(let records) = origins else { return nil }
        return records[records.startIndex + row]
    }

    /// A column each of those that expressions see, `nil` for the unwanted ones.
    func columns(_ wanted: Set<RecordLineage>) -> [Column?] {
        RecordLineage.visible.map { wanted.contains($0) ? column($0) : nil }
    }

    /// All of them, in the order of ``RecordLineage``.
    var all: [Column] { RecordLineage.allCases.map { column($0) } }

    private func column(_ part: RecordLineage) -> Column {
        let count = batch.rowCount
        switch part {
        case .rescued: return rescued
        case .ingestedAt: return Column(.timestamp, repeating: .timestamp(microseconds: clock), count: count)
        case .batch: return Column(.int64, repeating: .integer(Int128(number)), count: count)
        case .file:
            switch origins {
            case .file(let name, _): return Column(.string, repeating: .text(name), count: count)
            case .earlier(let records):
                return Column(
                    type: .string, present: Bitmap(repeating: true, count: count),
                    values: .text(TextCells(records.map(\.origin.file))))
            }
        case .row: return Self.integers((0..<count).map { origin(of: $0).row })
        case .offset: return Self.integers((0..<count).map { origin(of: $0).offset })
        }
    }

    private static func integers(_ numbers: [Int64?]) -> Column {
        Column(
            type: .int64, present: Bitmap(count: numbers.count) { numbers[$0] != nil },
            values: .int64(numbers.map { $0 ?? 0 }))
    }
}
