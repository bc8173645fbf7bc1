import Tables
import TestSupport
import Testing

@testable import Statistics

/// A column of texts is the same with and without its dictionary, and with texts that rows share.
@Suite struct DictionaryTests {
    /// The same texts three times: each row's by itself, rows that share bytes, and these with a dictionary.
    private static func columns(rows: Int, _ random: inout SeededGenerator) -> [Column] {
        // Some entries are equal, and some no row holds; some are long and differ only at their ends.
        let long = String(repeating: "é", count: 600)
        var entries = ["", "a", "a", "b", "of no row", long, long + "x", long + "y", long]
        entries += (0..<random.pick([0, 30, 2_000])).map { "t\($0)" }
        let codes = (0..<rows).map { _ in
            let code = Int.random(in: 0..<entries.count, using: &random)
            return code == 4 ? 3 : code
        }
        let present = Bitmap((0..<rows).map { _ in random.chance(85) })
        let cells = TextCells(entries)
        let dictionary = CellDictionary(entries: cells, codes: codes.map { UInt32($0) })
        func column(_ cells: TextCells, _ dictionary: CellDictionary?) -> Column {
            Column(type: .string, present: present, values: .text(cells), dictionary: dictionary)
        }
        return [
            column(TextCells(codes.map { entries[$0] }), nil), column(cells.selecting(codes), nil),
            column(cells.selecting(codes), dictionary),
        ]
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>) func saysNothingElse(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let rows = random.pick([1, 64, 500, 3_000])
        let columns = Self.columns(rows: rows, &random)
        let numbers = Column(.int64, (0..<rows).map { _ in .integer(Int128.random(in: 0...3, using: &random)) })
        let selected = Bitmap((0..<rows).map { _ in random.chance(60) })
        for others in [[], [numbers]] {
            let hashes = columns.map { RowHasher([$0] + others).hashes(rowCount: rows) }
            #expect(hashes[1] == hashes[0], "seed \(seed)")
            #expect(hashes[2] == hashes[0], "seed \(seed)")
            for column in columns {
                var single = RowHashes([column] + others)
                #expect((0..<rows).map { single[$0] } == hashes[0], "seed \(seed)")
            }
        }
        let extents = columns.map { $0.extent(of: $0.present.intersection(selected)) }
        #expect(extents[1] == extents[0], "seed \(seed)")
        #expect(extents[2] == extents[0], "seed \(seed)")
        let groups = columns.map { column in
            var groups = KeyGroups(columns: [0], ignoring: .anyValueIsMissing, sampleLimit: 7)
            groups.update(Batch(ordinal: 0, rowCount: rows, columns: [column]), rows: selected)
            let result = groups.finish()
            return [[result.considered, result.distinct, result.repeated], result.firstRepeated]
                + result.largest.map { [$0.position, $0.count] }
        }
        #expect(groups[1] == groups[0], "seed \(seed)")
        #expect(groups[2] == groups[0], "seed \(seed)")
        let domains = columns.map { ColumnDomain($0) }
        // That of the dictionary has its entries, in its order.
        #expect(domains[1]?.counts == domains[0]?.counts, "seed \(seed)")
    }

    @Test func findsOutOnceOfLongTexts() {
        var shared = SharedTexts<Int>()
        var looks = 0
        func finding(_ start: UInt32, _ length: UInt32) -> Int {
            shared.finding(start: start, length: length) {
                looks += 1
                return looks
            }
        }
        #expect([finding(0, 2_000), finding(0, 2_000), finding(0, 1_999), finding(1, 2_000)] == [1, 1, 2, 3])
        #expect([finding(0, 5), finding(0, 5), finding(0, 2_000)] == [4, 5, 1])
    }

    /// A key that millions of rows have takes no more memory than one of thousands.
    @Test func listsNoMoreRowsThanAreToldOf() throws {
        let column = Column(.string, repeating: .text("x"), count: 10_000)
        let keys = RowHasher([column]).hashes(rowCount: 10_000)
        let few = try #require(FewKeys(keys, column.present, keeping: 5))
        #expect(few.rows == [0, 1, 2, 3, 4])
        #expect(few.surplus == [keys[0]: 9_995])
        let some = Bitmap(count: 10_000, setting: [7, 9_999])
        #expect(FewKeys(keys, some, keeping: 0)?.rows == [7, 9_999])
        #expect(FewKeys(keys, some, keeping: 0)?.surplus == [:])
        #expect(FewKeys(keys, column.present, keeping: 64) == nil)
        #expect(FewKeys([Hash128](keys.prefix(63)), Bitmap(repeating: true, count: 63), keeping: 5) == nil)
    }
}
