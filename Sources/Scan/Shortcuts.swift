import Expectations
import Statistics
import Tables

/// Rows that some metrics know without reading them.
///
/// An outline's rows are taken in at once, in place of its first batch; its other batches then add nothing.
struct Shortcuts: Sendable {
    /// By the ordinal of a batch: for each gathering that doesn't look at it, the outline that it goes by.
    private var outlines: [Int: [Int: Outline]] = [:]
    /// What is left to be read of batches, where that is less than the plan's projection.
    private(set) var narrowed: [Int: Projection] = [:]
    /// Those of the source, which costs some to ask for them.
    private var stretches: [(partition: Int, batches: Range<Int>)] = []
    /// For each gathering, how many rows it didn't have to read.
    private(set) var rowsUnread: [Int]

    /// None: everything is read.
    init(gatherings count: Int) { rowsUnread = [Int](repeating: 0, count: count) }

    /// What the source's outlines are enough for; metrics of selected rows never are.
    init(_ source: any OutlinedSource, _ gatherings: [Gathering]) {
        self.init(gatherings: gatherings.count)
        let candidates = gatherings.indices.filter { gatherings[$0].condition == nil }
        for outline in source.outlines {
            stretches.append((outline.partition, outline.batches))
            let open = take(outline, candidates, gatherings)
            let columns = open.reduce(into: Set<Int>()) { $0.formUnion(gatherings[$1].projection.needs.keys) }
            if !columns.isEmpty {
                for part in source.refined(outline, columns: columns) { _ = take(part, open, gatherings) }
            }
            for ordinal in outline.batches {
                let known = outlines[ordinal] ?? [:]
                var rest = Projection()
                for (index, gathering) in gatherings.enumerated() where known[index] == nil {
                    rest.formUnion(gathering.projection)
                }
                narrowed[ordinal] = rest
            }
        }
    }

    /// Of some partitions those of which values must be read for a plan's projection.
    func partitions(needing projection: Projection, among partitions: Set<Int>) -> Set<Int> {
        guard !projection.needs.isEmpty, !partitions.isEmpty else { return [] }
        // Partitions without an outline are read whole.
        var needed = partitions
        for (partition, batches) in stretches where partitions.contains(partition) {
            if batches.allSatisfy({ narrowed[$0]?.needs.isEmpty ?? false }) { needed.remove(partition) }
        }
        return needed
    }

    /// Lets gatherings go by an outline; those that it isn't enough for are given back.
    private mutating func take(_ outline: Outline, _ candidates: [Int], _ gatherings: [Gathering]) -> [Int] {
        candidates.filter { index in
            var trial = gatherings[index].empty
            guard trial.update(outline) else { return true }
            rowsUnread[index] += outline.rowCount
            for ordinal in outline.batches { outlines[ordinal, default: [:]][index] = outline }
            return false
        }
    }

    /// Takes a batch in, or what is known of it.
    func update(_ accumulator: inout any Accumulator, of gathering: Int, _ batch: Batch, rows: Bitmap?) {
        guard let outline = outlines[batch.ordinal]?[gathering] else {
            accumulator.update(batch, rows: rows)
            return
        }
        guard batch.ordinal == outline.batches.lowerBound else { return }
        let isTaken = accumulator.update(outline)
        precondition(isTaken, "what was enough before is enough again")
    }
}
