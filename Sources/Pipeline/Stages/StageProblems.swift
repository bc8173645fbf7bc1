import Delta
import Expressions
import Tables

/// Why rows of a batch can be no rows of silver, whatever the rules say: malformed, or without a value that they should have.
struct StageProblems: Sendable {
    /// All of them.
    private(set) var rows: Bitmap
    private let malformed: [Int: [RowProblem]]
    private var made: [(rule: String, problems: ValueProblems)] = []
    private var unfitting: [(name: String, column: Column, rows: Bitmap)] = []
    private var unpartitionable: [(name: String, column: Column, rows: Bitmap)] = []

    init(_ batch: Batch) {
        rows = Bitmap(repeating: false, count: batch.rowCount)
        malformed = Dictionary(grouping: batch.problems, by: \.row)
        for problem in batch.problems { rows[problem.row] = true }
    }

    /// Takes in what an expression could not make.
    mutating func add(_ problems: ValueProblems, of rule: String) {
        guard !problems.isEmpty else { return }
        rows.formUnion(problems.rows)
        made.append((rule, problems))
    }

    /// Takes in cells that are no values of their column's type.
    mutating func add(unfitting column: Column, named name: String) {
        guard let cells = column.uncomparable, !cells.isEmpty else { return }
        rows.formUnion(cells)
        unfitting.append((name, column, cells))
    }

    /// Takes in cells of a column by which a table is partitioned that make no partition.
    mutating func add(unpartitionable column: Column, named name: String) {
        guard let cells = column.unpartitionable else { return }
        rows.formUnion(cells)
        unpartitionable.append((name, column, cells))
    }

    /// What is wrong with a row, in the order in which it was found: of one that is malformed, nothing else.
    func errors(at row: Int) -> [RecordError] {
        guard rows[row] else { return [] }
        if let problems = malformed[row] { return problems.map { RecordError($0) } }
        var errors: [RecordError] = []
        for (name, column, cells) in unfitting where cells[row] {
            errors.append(
                RecordError(
                    rule: "type.\(name)", columns: [name], message: Self.message(column, at: row, named: name),
                    values: [JSON.Member(name, column.value(at: row).json)]))
        }
        for (name, column, cells) in unpartitionable where cells[row] {
            let rule = "partition.\(name)"
            // One column may make the partitions of several tables.
            guard !errors.contains(where: { $0.rule == rule }) else { continue }
            errors.append(
                RecordError(
                    rule: rule, columns: [name],
                    message: "tables are partitioned by \(name) for the years 0 through 9999",
                    values: [JSON.Member(name, column.value(at: row).json)]))
        }
        for (rule, problems) in made {
            guard let problem = problems.problem(at: row) else { continue }
            errors.append(RecordError(rule: rule, message: problem.message))
        }
        return errors
    }

    /// What is wrong with a cell that is no value of its column's type, and how to have it be one where nobody declared the type.
    private static func message(_ column: Column, at row: Int, named name: String) -> String {
        let claim = "values of \(name) are \(column.type)"
        guard let own = column.strays.first(where: { $0.rows[row] })?.column.type else { return claim }
        return claim + "; where others are right, declare it, as in columns: {\(name): \(own)}"
    }
}
