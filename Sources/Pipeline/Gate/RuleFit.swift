import Expectations
import Expressions
import Tables

/// An expectation tied to columns some of whose types nobody declared: to as many of them as they are, as can be.
///
/// Where it can't be asked of values of these types, it is tied to others, and the values are uncomparable to it: as a scan has it
/// of values that are none of their column's type.
struct RuleFit {
    let bound: BoundExpectation
    /// Rows that are judged; `nil` for all.
    let condition: Predicate?
    /// By column, the type that it is tied to where that isn't the column's.
    let estranged: [Int: LogicalType]

    /// - guessed: columns whose values may be of any type that JSON has.
    /// - Throws: why it can be asked of no types.
    init(_ expectation: Expectation, _ table: TableContext, guessed: Set<Int>) throws(PlanError) {
        let columns = Set(expectation.columnsRead.compactMap { table.schema.index(of: $0) }).intersection(guessed)
        var problems: [PlanError] = []
        for changes in Self.changes(of: columns.sorted(), table.schema) {
            do throws(PlanError) {
                self = try RuleFit(expectation, table.retyping(changes), estranged: changes)
                return
            } catch {
                problems.append(error)
            }
        }
        // A bound is looked at when the columns of a condition have fitted.
        guard let problem = problems.first(where: { $0.code == "bad-bound" }) ?? problems.first else {
            preconditionFailure("the types as they are are among those that are tried")
        }
        throw problem
    }

    private init(
        _ expectation: Expectation, _ table: TableContext, estranged: [Int: LogicalType]
    ) throws(PlanError) {
        bound = try expectation.bound(to: table)
        condition = try expectation.predicate(for: table.schema, timeZone: table.timeZone)
        self.estranged = estranged
    }

    /// Of texts, numbers and booleans.
    private static let types: [LogicalType] = [.string, .float64, .boolean]
    /// Of so many columns all combinations of types are tried, of more only those in which they are alike.
    private static let mostColumns = 4

    /// Other types for some of the columns, the fewest first: none to begin with.
    private static func changes(of columns: [Int], _ schema: Schema) -> [[Int: LogicalType]] {
        guard columns.count <= mostColumns else {
            return [[:]] + types.map { type in Dictionary(uniqueKeysWithValues: columns.map { ($0, type) }) }
        }
        var all: [[Int: LogicalType]] = [[:]]
        for column in columns {
            all = all.flatMap { changes in
                [changes]
                    + types.filter { $0 != schema.fields[column].type }.map { type in
                        changes.merging([column: type]) { $1 }
                    }
            }
        }
        return (0...columns.count).flatMap { count in all.filter { $0.count == count } }
    }
}
