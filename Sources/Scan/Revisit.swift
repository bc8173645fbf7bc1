import Expectations
import Synchronization
import Tables

extension Scanner {
    /// Fetches the rows that judgements want to see again.
    ///
    /// Only the batches that hold them are parsed.
    ///
    /// - Returns: whether there were any.
    func revisit(
        _ plan: ScanPlan, _ outcome: ScanPass.Outcome, _ measurements: inout Measurements
    ) async throws(SourceError) -> Bool {
        let requests = plan.expectations.compactMap { planned -> RowRequest? in
            guard case .success(let bound) = planned.binding else { return nil }
            return bound.plan.followUp(after: measurements)
        }
        let positions = requests.reduce(into: Set<Int>()) { $0.formUnion($1.positions) }.sorted()
        guard !positions.isEmpty else { return false }
        let columns = Set(requests.flatMap(\.columns)).sorted()
        var wanted: [Int: [Int]] = [:]
        var ordinal = 0
        for position in positions {
            while position >= outcome.places[ordinal].firstRow + outcome.places[ordinal].rowCount { ordinal += 1 }
            wanted[ordinal, default: []].append(position)
        }
        let projection = Projection(Dictionary(uniqueKeysWithValues: columns.map { ($0, [.values, .text]) }))
        let reader = try plan.source.open(projection, ordinals: Set(wanted.keys))
        let rows = Mutex<Result<[(Int, RevisitedRow)], SourceError>>(.success([]))
        await WorkerThreads.run(1) { [wanted] _ in
            let found = Result { () throws(SourceError) in
                try Self.fetch(wanted, columns, reader.makeWorker(), outcome.places)
            }
            rows.withLock { $0 = found }
        }
        let found = try rows.withLock { $0 }.get()
        try plan.source.checkUnchanged()
        for (position, row) in found { measurements.add(row, at: position) }
        return true
    }

    private static func fetch(
        _ wanted: [Int: [Int]], _ columns: [Int], _ worker: any BatchWorker, _ places: [ScanPass.BatchPlace]
    ) throws(SourceError) -> [(Int, RevisitedRow)] {
        var found: [(Int, RevisitedRow)] = []
        while let batch = try worker.next() {
            let firstRow = places[batch.ordinal].firstRow + batch.part.firstRow
            let rows = firstRow..<firstRow + batch.rowCount
            for position in wanted[batch.ordinal] ?? [] where rows.contains(position) {
                let row = position - firstRow
                let values = columns.map { ($0, batch.column($0).shownValue(at: row)) }
                found.append(
                    (
                        position,
                        RevisitedRow(
                            partition: batch.partition, byteOffset: batch.offsets[row],
                            values: Dictionary(uniqueKeysWithValues: values))
                    ))
            }
        }
        return found
    }
}

/// Where the partitions of a table begin, counted in rows.
struct PartitionPlaces {
    let readings: [Measurements.PartitionReading]

    init(_ partitions: [Partition], _ batches: [ScanPass.BatchPlace]) {
        var first = [Int?](repeating: nil, count: partitions.count)
        var counts = [Int](repeating: 0, count: partitions.count)
        for batch in batches {
            first[batch.partition] = first[batch.partition] ?? batch.firstRow
            counts[batch.partition] += batch.rowCount
        }
        readings = partitions.indices.map {
            Measurements.PartitionReading(partition: partitions[$0], firstRow: first[$0] ?? 0, rowCount: counts[$0])
        }
    }

    var files: [FileResult] {
        readings.map {
            FileResult(
                name: $0.partition.name, byteCount: $0.partition.byteCount, modified: $0.partition.modified,
                rowCount: $0.rowCount)
        }
    }
}
