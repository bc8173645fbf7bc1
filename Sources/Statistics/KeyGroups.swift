public import Tables

/// Which rows are considered where a key has several columns.
public enum IgnoreRowIf: String, Sendable, Hashable, CaseIterable {
    case allValuesAreMissing = "all_values_are_missing"
    case anyValueIsMissing = "any_value_is_missing"
    case never
}

/// Groups rows by a key, exactly: how many different keys there are, and which rows share one.
///
/// Keys are told apart by 128-bit hashes; two different ones collide with a probability of n² / 2^129, less than 10^-20
/// for a thousand million rows. A scan only lists hashes, 16 bytes a row (20 where not all rows are listed); they are grouped when
/// the result is asked for, part by part (`KeyPartitions`), which takes 24 more. The budget is told of all of it beforehand;
/// beyond it the lists go to a private file. Of a batch with few keys only the rows that may be told of are listed, and the others
/// are counted (`FewKeys`).
public struct KeyGroups: Accumulator {
    public struct Result: Sendable {
        /// Rows that were selected.
        public let elements: Int
        /// Rows that were grouped.
        public let considered: Int
        public let distinct: Int
        /// Rows whose key another row has as well.
        public let repeated: Int
        /// Numbers of the first rows in groups of two or more, ascending, from 0.
        public let firstRepeated: [Int]
        /// The largest groups of two or more: number of their first row, and their size.
        public let largest: [(position: Int, count: Int)]
        /// Why nothing is known, where a spill file could not be written or read.
        public let failure: String?
    }

    private let columns: [Int]
    private let ignoring: IgnoreRowIf
    private let sampleLimit: Int
    private let budget: MemoryBudget

    private var rows = 0
    private var elements = 0
    private var considered = 0
    private var blocks: [KeyBlock] = []
    /// Rows that aren't listed, by their keys; of each of these two rows and more are.
    private var surplus: [Hash128: Int] = [:]
    /// Bytes for `blocks` that the budget has been told of.
    private var counted = 0
    private var spilled: SpilledKeys?
    private var failure: String?

    /// Groups by the columns of these schema indices; `sampleLimit` repeated rows are remembered.
    public init(
        columns: [Int], ignoring: IgnoreRowIf, sampleLimit: Int, budget: MemoryBudget = .unlimited
    ) {
        self.columns = columns
        self.ignoring = ignoring
        self.sampleLimit = sampleLimit
        self.budget = budget
    }

    public mutating func update(_ batch: Batch, rows selected: Bitmap?) {
        let keys = columns.map { batch.column($0) }
        var wanted = ignoring.considered(keys, rowCount: batch.rowCount)
        if let selected { wanted.formIntersection(selected) }
        elements += selected?.population ?? batch.rowCount
        let count = wanted.population
        considered += count
        let hashes = RowHasher(keys).hashes(rowCount: batch.rowCount)
        if let few = FewKeys(hashes, wanted, keeping: sampleLimit) {
            blocks.append(KeyBlock(firstRow: rows, keys: few.rows.map { hashes[Int($0)] }, rows: few.rows))
            surplus.merge(few.surplus) { $0 + $1 }
        } else if count == batch.rowCount {
            blocks.append(KeyBlock(firstRow: rows, keys: hashes, rows: nil))
        } else if count > 0 {
            let kept = wanted.first(count)
            blocks.append(KeyBlock(firstRow: rows, keys: kept.map { hashes[$0] }, rows: kept.map { UInt32($0) }))
        }
        rows += batch.rowCount
    }

    public mutating func merge(_ other: KeyGroups) {
        if let spilled = other.spilled { take(spilled) }
        for block in other.blocks { blocks.append(block.shifted(by: rows)) }
        surplus.merge(other.surplus) { $0 + $1 }
        failure = failure ?? other.failure
        rows += other.rows
        elements += other.elements
        considered += other.considered
        let bytes = other.blocks.reduce(0) { $0 + $1.byteCount }
        counted += bytes
        if budget.add(bytes) { spill() }
    }

    /// Writes all lists to disk, in the order of their rows.
    private mutating func spill() {
        do throws(SpillFile.Failure) {
            if spilled == nil { spilled = try SpilledKeys(in: budget.directory) }
            try spilled?.append(blocks)
        } catch { failure = failure ?? error.message }
        blocks = []
        _ = budget.add(-counted)
        counted = 0
    }

    /// Joins what another accumulator spilled, which happens only where accumulators with results of their own are joined.
    private mutating func take(_ other: SpilledKeys) {
        spill()
        do throws(SpillFile.Failure) { try spilled?.append(other, firstRow: rows) } catch {
            failure = failure ?? error.message
        }
    }

    public func finish() -> Result {
        var groups = GroupSummary(sampleLimit: sampleLimit)
        var failure = failure
        do throws(SpillFile.Failure) {
            groups = try KeyPartitions.summary(blocks, spilled, surplus, count: considered, sampleLimit: sampleLimit)
        } catch { failure = failure ?? error.message }
        return Result(
            elements: elements, considered: considered, distinct: groups.distinct, repeated: groups.repeated,
            firstRepeated: groups.lowest.positions, largest: groups.top(20), failure: failure)
    }
}

extension IgnoreRowIf {
    /// The rows that count, given the columns of the key.
    public func considered(_ keys: [Column], rowCount: Int) -> Bitmap {
        guard let first = keys.first, self != .never else { return Bitmap(repeating: true, count: rowCount) }
        return keys.dropFirst().reduce(first.present) {
            self == .anyValueIsMissing ? $0.intersection($1.present) : $0.union($1.present)
        }
    }
}

/// Keys of rows that follow each other, in their order.
struct KeyBlock: Sendable {
    let firstRow: Int
    let keys: [Hash128]
    /// Which row each key is of, counted from `firstRow`; `nil` where they are consecutive.
    let rows: [UInt32]?

    /// Memory for the keys, and for grouping them in the end.
    var byteCount: Int {
        keys.count * (MemoryLayout<Hash128>.stride + MemoryLayout<KeyEntry>.stride)
            + (rows?.count ?? 0) * MemoryLayout<UInt32>.stride
    }

    func shifted(by distance: Int) -> KeyBlock { KeyBlock(firstRow: firstRow + distance, keys: keys, rows: rows) }

    @inline(__always)
    func position(_ index: Int) -> Int { firstRow &+ (rows.map { Int($0[index]) } ?? index) }
}
