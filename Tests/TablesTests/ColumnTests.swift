import Tables
import Testing

@Suite struct ColumnTests {
    private static let amount = DecimalNumber(unscaled: 150, scale: 2)

    /// A type, values, and what becomes of them: `missing`, a value, or `?text` for one that is uncomparable.
    static let cases: [(LogicalType, [Value], [String])] = [
        (.boolean, [.boolean(true), .missing, .text("x"), .integer(1)], ["true", "missing", "?x", "?1"]),
        (
            .int64,
            [
                .integer(Int128(Int64.max)), .integer(Int128(Int64.max) + 1),
                .decimal(DecimalNumber(unscaled: 200, scale: 2)), .decimal(amount), .float(1),
            ],
            ["9223372036854775807", "?9223372036854775808", "2", "?1.50", "?1.0"]
        ),
        (.uint64, [.integer(Int128(UInt64.max)), .integer(-1)], ["18446744073709551615", "?-1"]),
        (
            .float64, [.float(1.5), .float(.nan), .float(.infinity), .integer(2), .decimal(amount), .text("a")],
            ["1.5", "missing", "inf", "2.0", "1.5", "?a"]
        ),
        (
            .decimal(precision: 5, scale: 1),
            [.decimal(amount), .integer(7), .decimal(DecimalNumber(unscaled: 155, scale: 2))],
            ["1.5", "7.0", "?1.55"]
        ),
        (
            .decimal(precision: 30, scale: 2), [.integer(Int128(10) << 70), .missing],
            ["11805916207174113034240.00", "missing"]
        ),
        (.string, [.text(""), .text("é"), .missing, .integer(1)], ["", "é", "missing", "?1"]),
        (.date, [.date(days: -1), .text("2024-01-01")], ["1969-12-31", "?2024-01-01"]),
        (.time, [.time(microseconds: 1_000_000)], ["00:00:01"]),
        (.timestamp, [.timestamp(microseconds: 0), .date(days: 0)], ["1970-01-01T00:00:00Z", "?1970-01-01"]),
        (.duration, [.duration(microseconds: 60_000_000)], ["1m"]),
        (.int64, [], []),
    ]

    @Test(arguments: cases) func holdsValues(_ type: LogicalType, _ values: [Value], _ wanted: [String]) {
        let column = Column(type, values)
        #expect(column.count == values.count)
        let found = values.indices.map { row in
            (column.uncomparable?[row] == true ? "?" : "") + column.value(at: row).description
        }
        #expect(found == wanted)
        #expect(column.typed.population == wanted.count { $0 != "missing" && !$0.hasPrefix("?") })
        for row in values.indices { #expect((column.text(at: row) == nil) == (wanted[row] == "missing")) }
    }

    @Test(arguments: [
        LogicalType.boolean, .int64, .float64, .decimal(precision: 9, scale: 2), .decimal(precision: 20, scale: 2),
        .string, .date, .timestamp,
    ])
    func aColumnWithoutValuesHasNone(_ type: LogicalType) {
        let column = Column(missing: type, count: 70)
        #expect(column.count == 70)
        #expect(column.present.isEmpty)
        #expect((0..<70).allSatisfy { column.value(at: $0).isMissing && column.text(at: $0) == nil })
    }

    @Test func aMemoryTableGivesTheSameRowsInAnyBatchSize() throws {
        let schema = Schema([Field("a", .int64), Field("b", .string)])
        let columns: [[Value]] = [
            (0..<10).map { .integer($0) }, (0..<10).map { $0 % 3 == 0 ? .missing : .text("t\($0)") },
        ]
        for size in [1, 3, 10, 100] {
            let table = MemoryTable(schema, columns: columns, batchSize: size)
            let worker = try table.open(Projection([0: .values, 1: .values]), ordinals: nil).makeWorker()
            var rows: [[Value]] = []
            while let batch = try worker.next() {
                rows += (0..<batch.rowCount).map { row in (0...1).map { batch.column($0).value(at: row) } }
            }
            #expect(rows == (0..<10).map { row in columns.map { $0[row] } })
        }
    }

    @Test func onlyWantedColumnsAndBatchesAreHandedOut() throws {
        let table = MemoryTable(
            Schema([Field("a", .int64), Field("b", .int64)]),
            columns: [[.integer(1), .integer(2)], [.missing, .missing]], batchSize: 1)
        let worker = try table.open(Projection([1: .presence]), ordinals: [1]).makeWorker()
        let batch = try #require(try worker.next())
        #expect(batch.ordinal == 1)
        #expect(batch.columns[0] == nil)
        #expect(batch.columns[1]?.count == 1)
        #expect(try worker.next() == nil)
    }
}

@Suite struct TextTests {
    @Test func textsKeepTheirBytes() {
        let cells = TextCells(["", nil, "é", "\u{0}", "日本"])
        #expect(cells.count == 5)
        #expect((0..<5).map { cells.string(at: $0) } == ["", "", "é", "\u{0}", "日本"])
        #expect(TextCells(bytes: [0x61, 0xFF], starts: [0], lengths: [2]).string(at: 0) == "a\u{FFFD}")
    }

    @Test func textsAreInTheOrderOfTheirBytes() {
        let sorted = ["", "A", "B", "a", "aa", "ab", "e\u{301}", "z", "\u{E9}", "\u{FFFD}", "😀"]
        for (left, low) in sorted.enumerated() {
            for (right, high) in sorted.enumerated() {
                bytes(of: low) { low in
                    bytes(of: high) { high in
                        #expect(TextOrder.isLess(low, high) == (left < right))
                        #expect((TextOrder.compare(low, high) == 0) == (left == right))
                    }
                }
            }
        }
    }

    @Test func columnNamesAreComparedByTheirBytes() {
        let schema = Schema([Field("e\u{301}", .int64), Field("\u{E9}", .string), Field("\u{E9}", .date)])
        #expect(schema.index(of: "\u{E9}") == 1)
        #expect(schema.index(of: "e\u{301}") == 0)
        #expect(schema["E"] == nil)
    }
}
