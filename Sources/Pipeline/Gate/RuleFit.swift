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
        var estranged: [Int: LogicalType] = [:]
        var problems: [PlanError] = []
        for group in LinkedParts.groups(of: expectation.parts, table.schema, guessed: guessed) {
            do throws(PlanError) {
                estranged.merge(try Self.fewestChanges(group, table)) { $1 }
            } catch {
                problems.append(error)
            }
        }
        if let problem = Self.gravest(problems) { throw problem }
        try self.init(expectation, table.retyping(estranged), estranged: estranged)
    }

    /// The other types with which parts fit that are about the same columns.
    private static func fewestChanges(_ group: LinkedParts, _ table: TableContext) throws(PlanError) -> [Int:
        LogicalType]
    {
        var problems: [PlanError] = []
        for changes in changes(of: group.columns.sorted(), table.schema) {
            do throws(PlanError) {
                let table = table.retyping(changes)
                for part in group.parts { try part.check(table) }
                return changes
            } catch {
                problems.append(error)
            }
        }
        guard let problem = gravest(problems) else {
            preconditionFailure("the types as they are are among those that are tried")
        }
        throw problem
    }

    /// A bound is looked at when the columns of a condition have fitted.
    private static func gravest(_ problems: [PlanError]) -> PlanError? {
        problems.first { $0.code == "bad-bound" } ?? problems.first
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
    /// Of so many columns that are compared with each other all combinations of types are tried, of more only those in which they
    /// are alike.
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

/// Parts of an expectation that have columns in common: whether they fit depends on the types of no others.
private struct LinkedParts {
    var parts: [ExpectationPart]
    /// Those of them that nobody declared, by the schema's index.
    var columns: Set<Int>

    static func groups(of parts: [ExpectationPart], _ schema: Schema, guessed: Set<Int>) -> [LinkedParts] {
        var groups: [LinkedParts] = []
        for part in parts {
            let columns = Set(part.columns.compactMap { schema.index(of: $0) }).intersection(guessed)
            let linked = groups.filter { !$0.columns.isDisjoint(with: columns) }
            groups.removeAll { !$0.columns.isDisjoint(with: columns) }
            groups.append(
                LinkedParts(
                    parts: linked.flatMap(\.parts) + [part], columns: linked.reduce(columns) { $0.union($1.columns) }))
        }
        return groups
    }
}
