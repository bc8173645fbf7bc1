public import Expectations
import Expressions
import Statistics
import Tables

/// What a gate asks of each record, and what becomes of one that fails.
public struct GateRule: Sendable {
    enum Question: Sendable {
        case test(any RowTest)
        case unique(UniqueKey)
    }

    /// A column with its place in the schema.
    typealias ReadColumn = (name: String, index: Int)

    public let expectation: Expectation
    /// Columns that are judged, by the schema's index.
    public let columns: [Int]
    /// All that it reads, those of its row condition included, each once.
    let columnsRead: [ReadColumn]
    let question: Question
    /// Records that are judged; `nil` for all.
    let condition: Predicate?
    let projection: Projection
    /// Columns whose values it can't be asked of, and the types that it is tied to instead.
    let estranged: [Int: LogicalType]

    /// Whether it remembers earlier records.
    public var hasMemory: Bool { if case .unique = question { true } else { false } }

    public let action: OnFail

    /// `nil` for an expectation about the table as a whole.
    ///
    /// `defaultAction` is for expectations that don't say themselves what becomes of a record.
    ///
    /// - booleans: columns in which other records may have numbers and texts.
    /// - schema: the records'.
    init?(_ fit: RuleFit, of schema: Schema, booleans: Set<Int>, _ defaultAction: OnFail?) {
        let bound = fit.bound
        expectation = bound.expectation
        action = expectation.consequences.action(orElse: defaultAction)
        condition = fit.condition
        var read: [ReadColumn] = []
        for name in expectation.columnsRead {
            guard let index = schema.index(of: name), !read.contains(where: { $0.index == index }) else { continue }
            read.append((name, index))
        }
        columnsRead = read
        var projection = condition?.projection ?? Projection()
        if let test = bound.plan.rowTest {
            question = .test(test)
            columns = test.shownColumns
            estranged = fit.estranged
            projection.formUnion(test.projection)
        } else if let key = bound.plan.uniqueKey {
            question = .unique(key.ordered(by: schema))
            columns = key.columns
            // As keys true and 1 would be one, and so would they be as texts.
            estranged = fit.estranged.merging(booleans.intersection(columns).map { ($0, LogicalType.string) }) { $1 }
        } else {
            return nil
        }
        for column in columns { projection.add([.values, .text], of: column) }
        self.projection = projection
    }
}
