import Tables
import Testing

@testable import Expectations

/// Sets are made once in the width of their column, and ask each batch no more than that.
@Suite struct ValueSetTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let type: LogicalType
        /// Of which the first two are in the set.
        let cells: [Value]

        var testDescription: String { type.description }
    }

    static let cases = [
        Case(type: .int64, cells: [.integer(-5), .integer(Int128(Int64.max)), .integer(0)]),
        Case(type: .uint64, cells: [.integer(5), .integer(Int128(UInt64.max)), .integer(0)]),
        Case(type: .float64, cells: [.float(-0.5), .float(1e300), .float(0)]),
        Case(type: .decimal(precision: 9, scale: 2), cells: [.integer(5), .decimal("-0.25"), .integer(0)]),
        Case(
            type: .decimal(precision: 38, scale: 2),
            cells: [.integer(5), .decimal("123456789012345678901234567890.25"), .integer(0)]),
        Case(type: .date, cells: [.date(days: -5), .date(days: 20_000), .date(days: 0)]),
        Case(type: .time, cells: [.time(microseconds: 5), .time(microseconds: 6), .time(microseconds: 0)]),
        Case(
            type: .timestamp,
            cells: [.timestamp(microseconds: -5), .timestamp(microseconds: 1 << 60), .timestamp(microseconds: 0)]),
        Case(
            type: .duration,
            cells: [.duration(microseconds: 5), .duration(microseconds: -6), .duration(microseconds: 0)]),
        Case(type: .boolean, cells: [.boolean(true), .boolean(true), .boolean(false)]),
    ]

    /// Values that no column of the type has, or that the cells have not.
    private func others(_ type: LogicalType, _ count: Int) -> [Value] {
        (0..<count).map { number in
            switch type {
            case .date: .date(days: 100_000 + number)
            case .time: .time(microseconds: Int64(1_000 + number))
            case .timestamp: .timestamp(microseconds: Int64(1_000 + number))
            case .duration: .duration(microseconds: Int64(1_000 + number))
            default: .integer(Int128(UInt64.max) * 2 + Int128(number))
            }
        }
    }

    /// A handful is compared, more of them are hashed, and sets are joined where there are many.
    @Test(arguments: cases, [0, 14, 15, 400]) func knowsItsMembers(_ example: Case, _ more: Int) throws {
        let values = Array(example.cells.prefix(2)) + others(example.type, more)
        let set = try ValueSet(values, words: "values", type: example.type, column: "x")
        let column = Column(example.type, example.cells)
        let members = set.members(of: column)
        #expect((0..<3).map { members[$0] } == [true, true, false])
        let joint = try #require(JointSets([set, set]))
        #expect(joint.members(of: column).counts == [2, 2])
    }

    /// What a column can't hold costs its batches nothing.
    @Test func leavesOutWhatTheColumnCannotHold() throws {
        let values: [Value] = [.integer(1), .integer(-1), .integer(1 << 70)]
        guard case .unsignedIntegers(let set) = try ValueSet(values, words: "", type: .uint64, column: "x") else {
            Issue.record("the set is one of another width")
            return
        }
        #expect(set.numbers == [1])
    }
}

extension Value {
    fileprivate static func decimal(_ text: String) -> Value { DecimalNumber(text).map { .decimal($0) } ?? .missing }
}
