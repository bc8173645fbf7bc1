import Expectations
import Tables

/// What is asked of a column whose type nobody declared.
struct ColumnQuestions {
    private let column: Int
    private let expectations: [Expectation]
    private let table: TableContext
    /// The others that nobody declared.
    private let others: Set<Int>

    /// - table: with texts in the columns that nobody declared.
    /// - guessed: these columns.
    init(_ column: Int, asked expectations: [Expectation], of table: TableContext, guessed: Set<Int>) {
        self.column = column
        self.table = table
        self.expectations = expectations.filter { $0.columnsRead.contains { table.schema.index(of: $0) == column } }
        others = guessed.subtracting([column])
    }

    /// Whether texts are compared with times: with others they are not.
    var areAboutTimes: Bool {
        expectations.allSatisfy { isAsked($0, of: .timestamp) }
            && expectations.contains { !isAsked($0, of: .string) || $0.comparesTimes(in: column, of: table) }
    }

    /// Whether the values' types themselves are judged.
    var areAboutTypes: Bool { expectations.contains { $0.kind.family == .schema } }

    /// Whether an expectation can be asked of values of a type.
    private func isAsked(_ expectation: Expectation, of type: LogicalType) -> Bool {
        (try? RuleFit(expectation, table.retyping([column: type]), guessed: others)) != nil
    }
}
