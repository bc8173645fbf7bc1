import Tables

/// Where a record went that was judged again.
public enum RecordFate: String, Sendable, Hashable, CaseIterable {
    case passed
    /// It was kept apart anew, as the next attempt.
    case quarantined
    case dropped
    case filtered
    /// Silver has a record with its key already.
    case deduplicated
    /// It is older than repetitions are remembered.
    case late
    case discarded
}

/// What became of the records of a replayed batch, in their order.
struct RecordFates: Sendable {
    private(set) var all: [RecordFate] = []

    /// Takes in a chunk: rows that are in none of the sets are repetitions.
    mutating func add(
        count: Int, passed: Bitmap, quarantined: Bitmap, dropped: Bitmap, filtered: Bitmap, late: Bitmap
    ) {
        for row in 0..<count {
            let fate: RecordFate =
                if passed[row] { .passed } else if quarantined[row] { .quarantined } else if dropped[row] {
                    .dropped
                } else if filtered[row] { .filtered } else if late[row] { .late } else { .deduplicated }
            all.append(fate)
        }
    }
}
