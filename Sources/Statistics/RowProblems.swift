public import Tables

/// Counts rows that are malformed as rows, by what is wrong with them, and keeps the first ones.
///
/// A batch has the problems of a row one behind the other.
public struct RowProblems: Accumulator, Equatable {
    public struct Problem: Sendable, Equatable {
        /// Number of the row in the table, from 0.
        public var position: Int
        public let partition: Int
        public let byteOffset: Int64?
        /// All that is wrong with the row, as in `duplicate-key: the key a stands there twice; lone-surrogate: …`.
        public fileprivate(set) var words: String
    }

    public struct Result: Sendable, Equatable {
        public let rows: Int
        /// Rows with one problem or several.
        public let malformed: Int
        public let counts: [RowProblem.Kind: Int]
        public let first: [Problem]
    }

    private let sampleLimit: Int
    private var rows = 0
    private var malformed = 0
    private var counts: [RowProblem.Kind: Int] = [:]
    private var first: [Problem] = []

    public init(sampleLimit: Int) { self.sampleLimit = sampleLimit }

    public mutating func update(_ batch: Batch, rows selected: Bitmap?) {
        var lastRow = -1
        for problem in batch.problems where selected?[problem.row] ?? true {
            counts[problem.kind, default: 0] += 1
            let words = "\(problem.kind.rawValue): \(problem.detail)"
            if problem.row != lastRow {
                malformed += 1
                if first.count < sampleLimit {
                    first.append(
                        Problem(
                            position: rows + problem.row, partition: batch.partition,
                            byteOffset: batch.offsets[problem.row], words: words))
                }
            } else if first.last?.position == rows + problem.row {
                first[first.count - 1].words += "; " + words
            }
            lastRow = problem.row
        }
        rows += batch.rowCount
    }

    public mutating func update(_ outline: Outline) -> Bool {
        rows += outline.rowCount
        return true
    }

    public mutating func merge(_ other: RowProblems) {
        for problem in other.first.prefix(max(0, sampleLimit - first.count)) {
            var moved = problem
            moved.position += rows
            first.append(moved)
        }
        rows += other.rows
        malformed += other.malformed
        counts.merge(other.counts, uniquingKeysWith: +)
    }

    public func finish() -> Result { Result(rows: rows, malformed: malformed, counts: counts, first: first) }
}
