import Expectations
import Synchronization
import Tables

/// What the rules of a gate are made of.
struct GateRecipe: Sendable {
    let expectations: [Expectation]
    /// The records, as their types were declared or guessed.
    let table: TableContext
    /// Columns that may hold values of any type, by the schema's index.
    let guessed: Set<Int>
    let defaultAction: OnFail?

    /// The rules in the suite's order, where some columns are of other types, and the expectations that no record can break.
    ///
    /// - Throws: every expectation that doesn't fit the columns.
    func rules(
        retyping types: [Int: LogicalType] = [:]
    ) throws(GateProblems) -> (rules: [GateRule], others: [Expectation]) {
        let table = table.retyping(types)
        let booleans = guessed.filter { table.schema.fields[$0].type == .boolean }
        var problems: [GateProblems.Problem] = []
        var rules: [GateRule] = []
        var others: [Expectation] = []
        for expectation in expectations where expectation.kind.isRowLevel {
            do throws(PlanError) {
                let fit = try RuleFit(expectation, table, guessed: guessed)
                if let rule = GateRule(fit, of: table.schema, booleans: booleans, defaultAction) {
                    rules.append(rule)
                } else {
                    others.append(expectation)
                }
            } catch  where error.code == "unknown-column" && expectation.onMissingColumn == .skip {
                continue
            } catch {
                problems.append(GateProblems.Problem(expectation: expectation, error: error))
            }
        }
        guard problems.isEmpty else { throw GateProblems(problems: problems) }
        return (rules, others + expectations.filter { !$0.kind.isRowLevel })
    }
}

/// The rules of a gate as they are for records of each combination of types, made when such records come.
final class GateRules: Sendable {
    private let recipe: GateRecipe
    private let known: Mutex<[[Int: LogicalType]: [GateRule]]>
    /// So many are remembered: records choose their types.
    private static let most = 64

    init(_ recipe: GateRecipe) {
        self.recipe = recipe
        known = Mutex([:])
    }

    /// The rules for a batch, in the gate's order; `usual` where its columns are of the types that were expected.
    func rules(for batch: Batch, usual: [GateRule]) -> [GateRule] {
        var types: [Int: LogicalType] = [:]
        for index in recipe.guessed {
            guard let type = batch.columns[index]?.type, type != recipe.table.schema.fields[index].type else {
                continue
            }
            types[index] = type
        }
        if types.isEmpty { return usual }
        if let rules = known.withLock({ $0[types] }) { return rules }
        do throws(GateProblems) {
            let rules = try recipe.rules(retyping: types).rules
            known.withLock { known in
                if known.count == Self.most { known = [:] }
                known[types] = rules
            }
            return rules
        } catch { preconditionFailure("a rule that can be asked of some types can be asked of all") }
    }
}
