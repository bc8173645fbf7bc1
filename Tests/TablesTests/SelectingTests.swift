import Tables
import Testing

@Suite struct SelectingTests {
    static let columns: [(LogicalType, [Value])] = [
        (.boolean, [.boolean(true), .missing, .boolean(false)]), (.int64, [.integer(1), .missing, .integer(3)]),
        (.uint64, [.integer(1), .missing, .integer(3)]), (.float64, [.float(1), .missing, .float(3)]),
        (.decimal(precision: 5, scale: 1), [.decimal(DecimalNumber(unscaled: 15, scale: 1)), .missing, .missing]),
        (.decimal(precision: 38, scale: 1), [.decimal(DecimalNumber(unscaled: 15, scale: 1)), .missing, .missing]),
        (.string, [.text("a"), .missing, .text("é")]), (.date, [.date(days: 1), .missing, .date(days: 3)]),
        (.time, [.time(microseconds: 1), .missing, .time(microseconds: 3)]),
        (.timestamp, [.timestamp(microseconds: 1), .missing, .timestamp(microseconds: 3)]),
        (.duration, [.duration(microseconds: 1), .missing, .duration(microseconds: 3)]),
        // A text among numbers is uncomparable.
        (.int64, [.integer(1), .text("x"), .missing]),
    ]

    @Test(arguments: columns) func keepsWhatIsSelected(_ type: LogicalType, _ values: [Value]) {
        let column = Column(type, values)
        for rows in [[], [0, 1, 2], [2, 0], [1], [2, 2, 1]] {
            let selected = column.selecting(rows)
            #expect(selected.count == rows.count)
            #expect(selected.type == type)
            for (place, row) in rows.enumerated() { #expect(selected.value(at: place) == values[row]) }
        }
    }

    @Test func keepsDictionaries() {
        let column = Column(
            type: .string, present: Bitmap(repeating: true, count: 3), values: .text(TextCells(["a", "b", "a"])),
            dictionary: CellDictionary(entries: TextCells(["a", "b"]), codes: [0, 1, 0]))
        let selected = column.selecting([1, 2])
        #expect(selected.dictionary?.codes == [1, 0])
        #expect(selected.value(at: 1) == .text("a"))
    }

    @Test(arguments: columns) func repeatsAValue(_ type: LogicalType, _ values: [Value]) {
        for value in values {
            let column = Column(type, repeating: value, count: 5)
            #expect((0..<5).allSatisfy { column.value(at: $0) == value })
            #expect(Column(type, repeating: value, count: 0).count == 0)
        }
    }
}
