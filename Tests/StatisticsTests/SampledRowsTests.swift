import Foundation
import Tables
import TestSupport
import Testing

@testable import Statistics

/// Rows that are packed, in memory and on disk, against the rows that were put there.
@Suite struct SampledRowsTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static let values: [Value] = [
        .missing, .boolean(false), .boolean(true), .integer(0), .integer(-1), .integer(Int128(Int64.min)),
        .integer(.max), .integer(.min), .decimal(DecimalNumber(unscaled: -1_250, scale: 2)),
        .decimal(DecimalNumber(unscaled: .max, scale: 38)), .float(-0.0), .float(.infinity), .text(""),
        .text("a\u{0}é😀"),
        .date(days: -719_162), .time(microseconds: 86_399_999_999), .timestamp(microseconds: .min),
        .timestamp(microseconds: .max), .duration(microseconds: -1),
    ]

    private func rows(_ count: Int, from first: Int = 0) -> [SampledRow] {
        (first..<first + count).map { number in
            let text = ShownValue(.text(String(repeating: "x", count: number % 1_300)))
            return SampledRow(
                position: number * number, partition: number / 7,
                byteOffset: number % 3 == 0 ? nil : Int64(number) << 33,
                values: [ShownValue(Self.values[number % Self.values.count]), text],
                index: number % 2 == 0 ? [] : [ShownValue(Self.values[number % 5])])
        }
    }

    private func packed(_ rows: [SampledRow], _ budget: MemoryBudget = .unlimited) -> SampledRows {
        var packed = SampledRows(budget: budget)
        for row in rows { packed.append(row) }
        return packed
    }

    @Test func readsBackWhatWasPutThere() {
        let rows = rows(500)
        let packed = packed(rows)
        #expect(Array(packed) == rows && Array(packed) == rows)
        #expect(packed.count == 500)
    }

    /// Parts come from parts of the table, and are joined in its order.
    @Test(arguments: [0, 100_000, .max]) func joinsPartsOnDiskAsInMemory(_ limitBytes: Int) throws {
        let folder = scratch.path("spill")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let budget = MemoryBudget(limitBytes: limitBytes, directory: folder)
        let whole = rows(700)
        var total = SampledRows(budget: budget)
        for first in stride(from: 0, to: 700, by: 100) {
            let start = first * first
            let part = whole[first..<first + 100].map { row in
                var row = row
                row.position -= start
                return row
            }
            total.append(packed(part), limit: 650 - total.count, shiftedBy: start)
        }
        #expect(Array(total) == Array(whole.prefix(650)))
        // The file has no name.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }

    @Test func keepsFewBytesInMemoryBeyondTheBudget() {
        let budget = MemoryBudget(limitBytes: 1 << 20, directory: "/tmp")
        var lists = (0..<50).map { _ in SampledRows(budget: budget) }
        for part in 0..<20 {
            for index in lists.indices {
                lists[index].append(packed(rows(100)), limit: .max, shiftedBy: part * 10_000)
            }
        }
        #expect(lists.allSatisfy { $0.count == 2_000 })
        #expect(!budget.add(-50 << 14))
    }

    @Test func saysWhyRowsAreMissingThatCouldNotBeWritten() {
        let rows = rows(300)
        var packed = packed(rows, MemoryBudget(limitBytes: 0, directory: "/nonexistent/folder"))
        packed.settle()
        packed.append(rows[0])
        var iterator = packed.makeIterator()
        #expect(iterator.next() == nil && packed.count == 0)
        #expect(
            iterator.failure == "no spill file can be made in /nonexistent/folder: no such file or directory")
    }

    @Test func valuesAreNotCountedForWhichThereIsNoMemory() {
        func counted(limitBytes: Int) -> [ValueCounts.Entry]? {
            let budget = MemoryBudget(limitBytes: limitBytes, directory: "/tmp")
            var total = ValueCounts(budget: budget)
            for part in 0..<9 {
                var counts = ValueCounts(budget: budget)
                for number in 0..<1_000 {
                    let value = ShownValue(.integer(Int128(part * 500 + number)))
                    counts.add(Hash128(value.value.description), position: number) { [value] }
                }
                total.merge(counts, shiftedBy: part * 1_000)
            }
            return total.top(2)
        }
        #expect(
            counted(limitBytes: 1 << 20) == [
                ValueCounts.Entry(values: [ShownValue(.integer(500))], count: 2, position: 500),
                ValueCounts.Entry(values: [ShownValue(.integer(501))], count: 2, position: 501),
            ])
        #expect(counted(limitBytes: 1 << 17) == nil)
    }
}
