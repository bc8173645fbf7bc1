/// The name that a misspelt one was probably meant to be.
enum NearestName {
    /// `nil` where nothing is near: more than a third of the letters differ.
    static func of(_ name: String, among known: [String]) -> String? {
        let wanted = Array(name.lowercased().unicodeScalars.prefix(longest))
        var best: (name: String, distance: Int, length: Int)?
        for candidate in known {
            let letters = Array(candidate.lowercased().unicodeScalars.prefix(longest))
            let distance = editDistance(wanted, letters)
            if distance < best?.distance ?? Int.max { best = (candidate, distance, letters.count) }
        }
        guard let best, best.distance <= max(1, max(wanted.count, best.length) / 3) else { return nil }
        return best.name
    }

    /// Names are compared by as many letters, so that a long one costs no time.
    private static let longest = 128

    /// Insertions, deletions, replacements and swaps of neighbours.
    private static func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
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
