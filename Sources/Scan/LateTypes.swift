import Tables

/// Types that columns turned out to need during a pass, which is then repeated with them.
///
/// The first batch that shows a column's type decides, so that threads don't. The pass reads half as far again as it came, for other
/// columns that need a type as well: however many columns begin late, passes are few, and together they read no more than a few
/// times what the last one of them does.
struct LateTypes {
    private struct Sighting {
        let batch: Int
        let type: LogicalType
    }

    private var sightings: [Int: Sighting] = [:]
    /// So many batches are read besides.
    private static let fewBatches = 4

    var isEmpty: Bool { sightings.isEmpty }

    /// Takes in what a worker knows after a batch, or after a part of it, which come one after another.
    mutating func note(_ types: [Int: LogicalType], batch: Int) {
        for (column, type) in types where batch <= sightings[column]?.batch ?? .max {
            sightings[column] = Sighting(batch: batch, type: type)
        }
    }

    /// Whether a batch may still say something.
    func wants(_ batch: Int) -> Bool {
        guard let first = sightings.values.map(\.batch).min() else { return true }
        return batch <= first + first / 2 + Self.fewBatches
    }

    /// By column; of batches that only some threads had taken nothing is among them.
    var types: [Int: LogicalType] { sightings.filter { wants($0.value.batch) }.mapValues(\.type) }
}
