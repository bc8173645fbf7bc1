import Expectations
import Statistics
import Tables

/// Rows that some metrics know without reading them.
///
/// An outline's rows are taken in at once, in place of its first batch; its other batches then add nothing.
struct Shortcuts: Sendable {
    private struct Shortcut: Sendable {
        let outline: Outline
        /// The gatherings that the outline is enough for.
        let gatherings: Set<Int>
    }

    /// By the ordinal of every batch of the outline.
    private var shortcuts: [Int: Shortcut] = [:]
    /// What is left to be read of batches, where that is less than the plan's projection.
    private(set) var narrowed: [Int: Projection] = [:]
    /// For each gathering, how many rows it didn't have to read.
    private(set) var rowsUnread: [Int]

    /// None: everything is read.
    init(gatherings count: Int) { rowsUnread = [Int](repeating: 0, count: count) }

    /// What the outlines are enough for; metrics of selected rows never are.
    init(_ outlines: [Outline], _ gatherings: [Gathering]) {
        self.init(gatherings: gatherings.count)
        for outline in outlines {
            var known: Set<Int> = []
            var rest = Projection()
            for (index, gathering) in gatherings.enumerated() {
                var trial = gathering.empty
                if gathering.condition == nil, trial.update(outline) {
                    known.insert(index)
                    rowsUnread[index] += outline.rowCount
                } else {
                    rest.formUnion(gathering.projection)
                }
            }
            let shortcut = Shortcut(outline: outline, gatherings: known)
            for ordinal in outline.batches {
                shortcuts[ordinal] = shortcut
                narrowed[ordinal] = rest
            }
        }
    }

    /// Takes a batch in, or what is known of it.
    func update(_ accumulator: inout any Accumulator, of gathering: Int, _ batch: Batch, rows: Bitmap?) {
        guard let shortcut = shortcuts[batch.ordinal], shortcut.gatherings.contains(gathering) else {
            accumulator.update(batch, rows: rows)
            return
        }
        guard batch.ordinal == shortcut.outline.batches.lowerBound else { return }
        let isTaken = accumulator.update(shortcut.outline)
        precondition(isTaken, "what was enough before is enough again")
    }
}
