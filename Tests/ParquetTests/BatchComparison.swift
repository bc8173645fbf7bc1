import Files
import Foundation
import Parquet
import Tables

/// Reads a source in batches, and each of its values once more as exact values; tells where the two disagree.
struct BatchComparison {
    private(set) var rowCount = 0
    private(set) var differences: [String] = []

    init(_ source: ParquetSource, workers: Int = 2, maximumBatches: Int = .max) throws(SourceError) {
        var projection = Projection()
        for column in source.schema.fields.indices { projection.add([.values, .text], of: column) }
        let batches = try Self.batches(of: source, projection, workers: workers, maximumBatches: maximumBatches)
        for (number, batch) in batches.enumerated() where batch.ordinal != number {
            differences.append("batch \(number) has ordinal \(batch.ordinal)")
        }
        rowCount = batches.reduce(0) { $0 + $1.rowCount }
        for (partition, file) in source.files.enumerated() {
            try compare(source, file, batches.filter { $0.partition == partition })
        }
    }

    /// All batches by their ordinals, taken by turns by so many workers.
    static func batches(
        of source: ParquetSource, _ projection: Projection, ordinals: Set<Int>? = nil, workers: Int = 1,
        maximumBatches: Int = .max
    ) throws(SourceError) -> [Batch] {
        let reader = try source.open(projection, ordinals: ordinals)
        var workers = (0..<workers).map { _ in reader.makeWorker() }
        var batches: [Batch] = []
        while let worker = workers.first, batches.count < maximumBatches {
            workers.removeFirst()
            guard let batch = try worker.next() else { continue }
            batches.append(batch)
            workers.append(worker)
        }
        return batches.sorted { $0.ordinal < $1.ordinal }
    }

    private mutating func compare(_ source: ParquetSource, _ file: ParquetFile, _ batches: [Batch]) throws(SourceError)
    {
        let reader = file.rows()
        var rows: [[ParquetValue]] = []
        for batch in batches {
            while rows.count < batch.rowCount {
                let more = try reader.next()
                if more.isEmpty { break }
                rows += more
            }
            for (column, field) in source.schema.fields.enumerated() {
                guard let place = Self.place(field.name, reader.fields) else { continue }
                let cells = batch.column(column)
                for row in 0..<min(batch.rowCount, rows.count) {
                    let exact = place.reduce(rows[row][place[0].position]) { value, step in step.value(value) }
                    let expected = Self.value(exact, field.type)
                    let found = cells.value(at: row)
                    if found != expected || cells.present[row] == expected.isMissing {
                        differences.append(
                            "row \(row) of batch \(batch.ordinal), '\(field.name)': \(found), not \(expected)")
                    }
                    if let dictionary = cells.dictionary, cells.present[row] {
                        let entry = dictionary.entries.string(at: Int(dictionary.codes[row]))
                        if Value.text(entry) != found {
                            differences.append("'\(field.name)': entry \(entry), not \(found)")
                        }
                    }
                }
            }
            rows.removeFirst(min(rows.count, batch.rowCount))
        }
    }

    /// A step from a value to a part of it.
    private struct Step {
        let position: Int
        let name: String?

        func value(_ value: ParquetValue) -> ParquetValue { name.map { value[$0] ?? .null } ?? value }
    }

    /// How to reach a column by its name.
    private static func place(_ name: String, _ fields: [SchemaNode]) -> [Step]? {
        if let position = fields.firstIndex(where: { $0.name == name }) { return [Step(position: position, name: nil)] }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let position = fields.firstIndex(where: { $0.name == parts[0] }) else { return nil }
        return [Step(position: position, name: nil)] + parts.dropFirst().map { Step(position: position, name: $0) }
    }

    /// What a batch says of an exact value.
    private static func value(_ value: ParquetValue, _ type: LogicalType) -> Value {
        func microseconds(_ ticks: Int64, _ unit: TimeUnit) -> Int64? {
            switch unit {
            case .microseconds: return ticks
            case .nanoseconds: return Int64((Int128(ticks) - (ticks < 0 ? 999 : 0)) / 1_000)
            case .milliseconds: return Int64(exactly: Int128(ticks) * 1_000)
            }
        }
        switch value {
        case .null: return .missing
        case .boolean(let bit): return .boolean(bit)
        case .int64(let number): return .integer(Int128(number))
        case .uint64(let number): return .integer(Int128(number))
        case .float(let number): return number.isNaN ? .missing : .float(Double(number))
        case .double(let number): return number.isNaN ? .missing : .float(number)
        case .decimal(let unscaled, let scale):
            if scale > 38 || type == .string { return .text(value.asText) }
            return .decimal(DecimalNumber(unscaled: unscaled, scale: scale))
        case .text(let text): return .text(text)
        // An INT96 beyond 64 bits of microseconds.
        case .binary(let bytes) where type == .timestamp:
            let parts = bytes.withUnsafeBytes {
                ($0.loadUnaligned(as: Int64.self), $0.loadUnaligned(fromByteOffset: 8, as: Int32.self))
            }
            return .text("day \(Int(parts.1) - 2_440_588), nanosecond \(parts.0)")
        case .binary(let bytes): return .text(String(decoding: bytes, as: UTF8.self))
        case .date(let days): return .date(days: Int(days))
        case .time(let ticks, let unit, _):
            return microseconds(ticks, unit).map { .time(microseconds: $0) } ?? .text("\(ticks)")
        case .timestamp(let ticks, let unit, _):
            return microseconds(ticks, unit).map { .timestamp(microseconds: $0) } ?? .text("\(ticks)")
        default: return .text(value.asText)
        }
    }
}
