import Tables
import TestSupport
import Testing

@testable import Expressions

/// `a = 1 OR a = 2 OR …` and `a <> 1 AND a <> 2 AND …`: one question to each row, with the meaning of the many.
struct EqualityChainTests {
    @Test(arguments: [Dialect.sql, .pandas], 1...4 as ClosedRange<UInt64>)
    func agreesWithThePlainMeaning(_ dialect: Dialect, _ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for round in 0..<150 {
            let columns = Table.columns(rows: 65, &random)
            let sketch = Sketch.chain(dialect, &random)
            let text = sketch.text(dialect)
            let found = try Expression.parse(text, dialect: dialect).bound(to: Table.schema)
                .evaluate(Batch(Table.schema, columns)).first(65)
            let wanted = (0..<65).filter { row in sketch.holds(columns.map { $0[row] }, dialect) == true }
            #expect(found == wanted, "seed \(seed), round \(round): \(text)")
        }
    }

    /// Of values, a chain in which nothing can be joined means the same and fails for the same rows.
    @Test(arguments: 1...4 as ClosedRange<UInt64>) func agreesWithPartsThatCanNotBeJoined(_ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        for round in 0..<100 {
            let isOr = random.chance(50)
            let parts = (0..<Int.random(in: 2...12, using: &random)).map { _ in Self.part(isOr, &random) }
            let joint = parts.joined(separator: isOr ? " OR " : " AND ")
            let single = parts.map { "NOT (NOT (\($0)))" }.joined(separator: isOr ? " OR " : " AND ")
            let batch = Batch(ValueSketch.schema, ValueSketch.columns(rows: 64, &random))
            let found = try ValueExpression.parse(joint).bound(to: ValueSketch.schema).evaluate(batch, clock: 0)
            let wanted = try ValueExpression.parse(single).bound(to: ValueSketch.schema).evaluate(batch, clock: 0)
            for row in 0..<64 {
                #expect(
                    found.column.value(at: row) == wanted.column.value(at: row),
                    "seed \(seed), round \(round), row \(row): \(joint)")
            }
            #expect(found.problems.rows == wanted.problems.rows, "seed \(seed), round \(round): \(joint)")
        }
    }

    private static func part(_ isOr: Bool, _ random: inout SeededGenerator) -> String {
        let sign = isOr ? "=" : "<>"
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return "\(random.pick([0, 1, 2])) \(sign) i"
        case 1: return "i \(isOr ? "" : "NOT ")IN (2, -3, \(random.pick(["40", "NULL"])))"
        case 2: return "s \(sign) '\(random.pick(["", "a", "Ab"]))'"
        case 3: return "i / j \(sign) 1"
        case 4: return "i \(sign) NULL"
        default: return "i \(sign) \(random.pick(["0", "1.0", "2.5", "40"]))"
        }
    }

    @Test(arguments: [
        ChainCase(.sql, "s = '#'", " OR ", 1), ChainCase(.sql, "'#' = s", " OR ", 1),
        ChainCase(.sql, "s <> '#'", " AND ", 1), ChainCase(.pandas, "s == '#'", " or ", 1),
        ChainCase(.pandas, "s != '#'", " and ", 2), ChainCase(.sql, "s = '#' OR i = #", " OR ", 2),
    ]) func areAsManyQuestionsAsColumns(_ c: ChainCase) throws {
        let predicate = try Expression.parse(c.text(of: 2_000), dialect: c.dialect).bound(to: Table.schema)
        #expect(predicate.condition.questions == c.questions)
    }

    @Test(arguments: [ChainCase(.sql, "s = '#'", " OR ", 1), ChainCase(.sql, "s <> '#'", " AND ", 1)])
    func ofValuesAreOneQuestion(_ c: ChainCase) throws {
        let value = try ValueExpression.parse(c.text(of: 2_000)).bound(to: Table.schema)
        #expect(value.node.questions == c.questions)
    }

    struct ChainCase: Sendable {
        let dialect: Dialect
        let part: String
        let joint: String
        let questions: Int

        init(_ dialect: Dialect, _ part: String, _ joint: String, _ questions: Int) {
            (self.dialect, self.part, self.joint, self.questions) = (dialect, part, joint, questions)
        }

        func text(of count: Int) -> String {
            (0..<count).map { part.split(separator: "#", omittingEmptySubsequences: false).joined(separator: "\($0)") }
                .joined(separator: joint)
        }
    }
}

extension BoundCondition {
    /// How many times a row's cells are looked at.
    fileprivate var questions: Int {
        switch self {
        case .constant: 0
        case .missing, .test, .pair: 1
        case .truth(let inner, _), .not(let inner): inner.questions
        case .and(let parts), .or(let parts): parts.reduce(0) { $0 + $1.questions }
        }
    }
}

extension BoundNode {
    fileprivate var questions: Int {
        switch kind {
        case .truth(let inner, _), .not(let inner): inner.questions
        case .and(let parts), .or(let parts): parts.reduce(0) { $0 + $1.questions }
        default: 1
        }
    }
}
