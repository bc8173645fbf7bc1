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

    public let expectation: Expectation
    /// Columns that are judged, by the schema's index.
    public let columns: [Int]
    let question: Question
    /// Records that are judged; `nil` for all.
    let condition: Predicate?
    let projection: Projection

    /// Whether it remembers earlier records.
    public var hasMemory: Bool { if case .unique = question { true } else { false } }

    public let action: OnFail

    /// `nil` for an expectation about the table as a whole.
    ///
    /// `defaultAction` is for expectations that don't say themselves what becomes of a record.
    init?(_ bound: BoundExpectation, condition: Predicate?, defaultAction: OnFail?) {
        expectation = bound.expectation
        let isSaid = expectation.arguments["on_fail"] != nil
        action = isSaid ? expectation.onFail : defaultAction ?? expectation.onFail
        self.condition = condition
        var projection = condition?.projection ?? Projection()
        if let test = bound.plan.rowTest {
            question = .test(test)
            columns = test.shownColumns
            projection.formUnion(test.projection)
        } else if let key = bound.plan.uniqueKey {
            question = .unique(key)
            columns = key.columns
        } else {
            return nil
        }
        for column in columns { projection.add([.values, .text], of: column) }
        self.projection = projection
    }
}
