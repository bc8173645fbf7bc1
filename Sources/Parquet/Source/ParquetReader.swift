import Synchronization
import Tables

/// A reading of Parquet files in progress: hands stretches of batches to workers.
///
/// A stretch lies within one row group, so that its worker reads on where it stopped; stretches get shorter towards the end, so
/// that all workers end together.
final class ParquetReader: BatchReader {
    let source: ParquetSource
    let projection: Projection
    /// By ordinal, what is wanted of batches of which less is wanted.
    let narrowed: [Int: Projection]
    /// Ordinals that are wanted, ascending; `nil` for all.
    private let ordinals: [Int]?
    private let state = Mutex(State())

    private struct State {
        /// The first place among the wanted batches that nobody took.
        var next = 0
        var workers = 0
    }

    /// No stretch is shorter but at the end of a row group: a page may reach over its border, and is unpacked on both sides.
    private static let shortestStretch = 4

    init(
        _ source: ParquetSource, _ projection: Projection, ordinals: Set<Int>?, narrowed: [Int: Projection] = [:]
    ) {
        self.source = source
        self.projection = projection
        self.narrowed = narrowed
        self.ordinals = ordinals.map { wanted in wanted.filter { (0..<source.plan.count).contains($0) }.sorted() }
    }

    func makeWorker() -> any BatchWorker {
        state.withLock { $0.workers += 1 }
        return ParquetWorker(self)
    }

    /// Places of wanted batches that one worker takes.
    func takeStretch() -> Range<Int> {
        state.withLock { state in
            let total = ordinals?.count ?? source.plan.count
            guard state.next < total else { return total..<total }
            let share = max(Self.shortestStretch, (total - state.next) / (2 * max(1, state.workers)))
            var end = state.next + min(share, total - state.next)
            let groupEnd = source.plan.end(ofGroupWith: ordinal(state.next))
            while end > state.next + 1, ordinal(end - 1) >= groupEnd { end = place(before: groupEnd) }
            // What little is left of a row group goes along.
            let rest = place(before: groupEnd)
            if rest - end <= Self.shortestStretch { end = max(end, rest) }
            defer { state.next = end }
            return state.next..<end
        }
    }

    func ordinal(_ place: Int) -> Int { ordinals?[place] ?? place }

    /// The first place of an ordinal that isn't below the given one.
    private func place(before ordinal: Int) -> Int {
        guard let ordinals else { return ordinal }
        var low = 0
        var high = ordinals.count
        while low < high {
            let middle = (low + high) / 2
            if ordinals[middle] < ordinal { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
