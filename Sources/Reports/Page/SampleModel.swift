import Expectations
import Tables

/// A table of failing rows.
struct SampleModel {
    let rows: [UnexpectedRow]
    /// Failing rows in all.
    let total: Int

    var model: [String: Any] {
        let files = Set(rows.map(\.partition))
        let hasOffsets = rows.contains { $0.byteOffset != nil }
        let indexNames = Self.names(rows.map(\.index))
        let valueNames = Self.names(rows.map(\.values))
        let head =
            (files.count > 1 ? [("file", "")] : []) + [("row", "n")] + (hasOffsets ? [("byte", "n")] : [])
            + indexNames.map { ($0, "") } + valueNames.map { ($0, "") }
        let lines = rows.map { row -> [String: Any] in
            var cells: [(String, String)] = []
            if files.count > 1 { cells.append((HTMLText.clean(row.partition), "")) }
            cells.append((Wording.count(row.row), "n"))
            if hasOffsets { cells.append((row.byteOffset.map { Wording.count($0) } ?? "", "n")) }
            cells += indexNames.map { Self.cell(row.index, $0) } + valueNames.map { Self.cell(row.values, $0) }
            return ["cells": cells.map { ["cellText": $0.0, "cellClass": $0.1] as [String: Any] }]
        }
        let title =
            total > rows.count
            ? "The first \(Wording.count(rows.count)) of \(Wording.count(total)) failing rows"
            : total == 1 ? "The failing row" : "All \(Wording.count(total)) failing rows"
        return [
            "sampleTitle": title + place(files),
            "head": head.map { ["name": HTMLText.clean($0.0, limit: 80), "nameClass": $0.1] as [String: Any] },
            "lines": lines,
        ]
    }

    /// Of rows that aren't shown it isn't known which files they are in.
    private func place(_ files: Set<String>) -> String {
        guard files.count == 1, let file = files.first else { return "" }
        return (total > rows.count ? "; these are in " : " in ") + HTMLText.clean(file)
    }

    private static func names(_ rows: [[UnexpectedRow.Cell]]) -> [String] {
        var names: [String] = []
        for cell in rows.joined() where !names.contains(cell.column) { names.append(cell.column) }
        return names
    }

    private static func cell(_ cells: [UnexpectedRow.Cell], _ name: String) -> (String, String) {
        guard let cell = cells.first(where: { $0.column == name }) else { return ("", "") }
        switch cell.value {
        case .missing: return ("missing", "m")
        case .text(""): return ("empty text", "m")
        case .integer, .decimal, .float: return (HTMLText.clean(cell.value.description), "v n")
        default: return (HTMLText.clean(cell.value.description, limit: 200), "v")
        }
    }

    /// A value for a list, where there are no styles to tell an empty text from nothing.
    static func text(_ value: Value) -> String { value == .text("") ? "(empty text)" : value.description }
}
