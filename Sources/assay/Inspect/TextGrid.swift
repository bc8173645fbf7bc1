import Expectations
import Suites

/// Rows of short texts in columns, for a terminal.
struct TextGrid {
    let title: String
    let heads: [String]
    let rows: [[String]]
    /// By column, whether its texts end under each other, as numbers do.
    let isNumber: [Bool]
    /// Said where there are more rows than are shown.
    let rest: String?

    /// Texts are made harmless for a terminal, and cut to `cellLimit` characters.
    init(_ title: String, heads: [String], numbers: Set<String> = [], rows: [[String]], rest: String? = nil) {
        self.title = title
        self.heads = heads
        isNumber = heads.map { numbers.contains($0) }
        self.rows = rows.map { $0.map { Self.cell($0) } }
        self.rest = rest
    }

    /// Of many rows the first 500, told how many there are besides; rows that aren't shown aren't asked for.
    init(
        _ title: String, heads: [String], numbers: Set<String> = [], count: Int, limit: Int = 500,
        row: (Int) -> [String]
    ) {
        self.init(
            title, heads: heads, numbers: numbers, rows: (0..<min(count, limit)).map(row),
            rest: count > limit ? "and \(Wording.count(count - limit)) more: --format json tells of all" : nil)
    }

    private static let cellLimit = 48

    private static func cell(_ text: String) -> String {
        let neutral = Diagnostics.neutral(text)
        return neutral.count <= cellLimit ? neutral : neutral.prefix(cellLimit - 1) + "…"
    }

    func lines(_ paint: Paint) -> [String] {
        var lines = [paint.bold(title)]
        guard !rows.isEmpty else { return lines + ["  none"] }
        let widths = heads.indices.map { column in
            max(heads[column].count, rows.map { $0[column].count }.max() ?? 0)
        }
        lines.append("  " + paint.dim(line(heads, widths)))
        lines += rows.map { "  " + line($0, widths) }
        if let rest { lines.append("  " + rest) }
        return lines
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        let padded = cells.indices.map { column in
            let space = String(repeating: " ", count: widths[column] - cells[column].count)
            return isNumber[column] ? space + cells[column] : cells[column] + space
        }
        let line = padded.joined(separator: "  ")
        return String(line.reversed().drop { $0 == " " }.reversed())
    }
}
