import Expressions
import Tables
import Testing

struct ThreeValuedLogicTests {
    static let literals = ["TRUE", "FALSE", "NULL"]
    /// A flag that is true, false, missing and uncomparable, in that order.
    static let values: [Bool?] = [true, false, nil, nil]

    private func truth(_ text: String) throws -> Bool? {
        let one: [Value] = [.integer(1)]
        if try !rows(where: text, .int64, one).isEmpty { return true }
        return try rows(where: "NOT (\(text))", .int64, one).isEmpty ? nil : false
    }

    private func value(_ literal: String) -> Bool? { literal == "NULL" ? nil : literal == "TRUE" }

    private func and(_ left: Bool?, _ right: Bool?) -> Bool? {
        left == false || right == false ? false : left == nil || right == nil ? nil : true
    }

    private func or(_ left: Bool?, _ right: Bool?) -> Bool? {
        left == true || right == true ? true : left == nil || right == nil ? nil : false
    }

    @Test(arguments: literals, literals) func joinsConstants(_ left: String, _ right: String) throws {
        #expect(try truth("\(left) AND \(right)") == and(value(left), value(right)))
        #expect(try truth("\(left) OR \(right)") == or(value(left), value(right)))
        #expect(try truth("NOT \(left)") == value(left).map { !$0 })
        #expect(try truth("(\(left)) IS \(right == "NULL" ? "UNKNOWN" : right)") == (value(left) == value(right)))
    }

    @Test func joinsColumns() throws {
        let cells: [Value] = [.boolean(true), .boolean(false), .missing, .text("maybe")]
        let pairs = Self.values.indices.flatMap { left in Self.values.indices.map { (left, $0) } }
        let schema = Schema([Field("a", .boolean), Field("b", .boolean)])
        let batch = Batch(schema, [pairs.map { cells[$0.0] }, pairs.map { cells[$0.1] }])
        func check(_ text: String, _ wanted: (Bool?, Bool?) -> Bool?) throws {
            let expected = pairs.map { wanted(Self.values[$0.0], Self.values[$0.1]) }
            for (suffix, state) in [("TRUE", true), ("FALSE", false), ("UNKNOWN", nil)] as [(String, Bool?)] {
                let predicate = try Expression.parse("(\(text)) IS \(suffix)", dialect: .sql).bound(to: schema)
                #expect(
                    predicate.evaluate(batch).first(99) == pairs.indices.filter { expected[$0] == state }, "\(text)")
            }
        }
        try check("a AND b", and)
        try check("a OR b", or)
        try check("NOT a") { left, _ in left.map { !$0 } }
        try check("NOT (a AND NOT b)") { left, right in and(left, right.map { !$0 }).map { !$0 } }
        try check("a = b") { left, right in left.flatMap { left in right.map { left == $0 } } }
        try check("a < b") { left, right in left.flatMap { left in right.map { !left && $0 } } }
    }

    @Test func tellsDistinctValuesApart() throws {
        let schema = Schema([Field("a", .int64), Field("b", .int64)])
        let batch = Batch(
            schema,
            [
                [.integer(1), .integer(1), .missing, .missing, .text("x"), .text("x"), .text("x")],
                [.integer(1), .integer(2), .missing, .integer(1), .missing, .integer(1), .text("x")],
            ])
        func selected(_ text: String) throws -> [Int] {
            try Expression.parse(text, dialect: .sql).bound(to: schema).evaluate(batch).first(9)
        }
        #expect(try selected("a IS DISTINCT FROM b") == [1, 3, 4])
        #expect(try selected("a IS NOT DISTINCT FROM b") == [0, 2])
        #expect(try selected("a IS DISTINCT FROM 1") == [2, 3])
        #expect(try selected("a IS NOT DISTINCT FROM NULL") == [2, 3])
    }
}
