/// The nearest of the known names to a misspelt one.
public enum Suggestion {
    /// `nil` where nothing is near: more than a third of the letters differ, or, of a short name, more than one or all.
    public static func nearest(to name: String, among known: some Sequence<String>) -> String? {
        let wanted = Array(name.lowercased().utf8)
        var best: (name: String, distance: Int)?
        for candidate in known {
            // Lengths that differ by too much already say that it isn't near, however long the text is.
            let lengths = (wanted.count, candidate.utf8.count)
            guard abs(lengths.0 - lengths.1) <= max(1, max(lengths.0, lengths.1) / 3) else { continue }
            let distance = editDistance(wanted, Array(candidate.lowercased().utf8))
            if distance < best?.distance ?? Int.max { best = (candidate, distance) }
        }
        guard let best else { return nil }
        let length = max(wanted.count, best.name.utf8.count)
        guard best.distance <= max(1, length / 3), best.distance < length else { return nil }
        return best.name
    }

    /// Optimal string alignment distance: insertions, deletions, replacements and swaps of neighbours.
    static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in 1...left.count {
            var current = [row] + [Int](repeating: 0, count: right.count)
            for column in 1...right.count {
                let cost = left[row - 1] == right[column - 1] ? 0 : 1
                current[column] = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + cost)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    current[column] = min(current[column], beforeLast[column - 2] + 1)
                }
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
