import Tables
import Testing

@Suite struct SchemaTests {
    private static let schema = Schema([
        Field("caf\u{E9}", .string), Field("cafe\u{301}", .string), Field("Day", .date), Field("n", .int64),
        Field("N", .float64),
        Field("n", .boolean),
    ])

    static let names: [(name: String, index: Int?, inAnyCase: Int?)] = [
        ("caf\u{E9}", 0, 0), ("cafe\u{301}", 1, 1), ("CAF\u{C9}", nil, 0), ("Day", 2, 2), ("DAY", nil, 2),
        ("n", 3, nil),
        ("N", 4, nil), ("", nil, nil), ("day ", nil, nil),
    ]

    @Test(arguments: names) func findsColumnsByTheirBytes(_ name: String, _ index: Int?, _ inAnyCase: Int?) {
        #expect(Self.schema.index(of: name) == index)
        #expect(Self.schema.index(inAnyCase: name) == inAnyCase)
    }

    @Test func isTheSameTableWithOtherTypes() {
        let other = Self.schema.retyping([2: .timestamp, 3: .float64])
        #expect(other.names == Self.schema.names && other != Self.schema)
        #expect(other["Day"]?.type == .timestamp && other["n"]?.type == .float64 && other["N"]?.type == .float64)
        #expect(other.retyping([2: .date, 3: .int64]) == Self.schema)
    }
}
