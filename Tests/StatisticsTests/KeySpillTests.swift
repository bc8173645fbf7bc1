import Foundation
import Tables
import TestSupport
import Testing

@testable import Statistics

/// Keys that don't fit in the budget against keys that do.
@Suite struct KeySpillTests {
    private static let schema = Schema([Field("key", .int64)])

    /// Feeds values in batches of random sizes, joined in order as a scan does.
    private func gather(_ values: [Value], budget: MemoryBudget, seed: UInt64) -> KeyGroups {
        let empty = KeyGroups(columns: [0], ignoring: .allValuesAreMissing, sampleLimit: 25, budget: budget)
        var total = empty
        var seed = seed
        var first = 0
        while first < values.count {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1
            let rows = first..<min(values.count, first + 1 + Int(seed >> 33) % 700)
            var part = empty
            let column = Column(.int64, Array(values[rows]))
            part.update(Batch(ordinal: 0, rowCount: rows.count, columns: [column]), rows: nil)
            total.merge(part)
            first = rows.upperBound
        }
        return total
    }

    private func values(_ count: Int) -> [Value] {
        (0..<count).map { $0 % 97 == 5 ? .missing : .integer(Int128(($0 &* 7_919) % (count * 9 / 10))) }
    }

    private func expectEqual(_ left: KeyGroups.Result, _ right: KeyGroups.Result) {
        #expect(left.considered == right.considered)
        #expect(left.distinct == right.distinct)
        #expect(left.repeated == right.repeated)
        #expect(left.firstRepeated == right.firstRepeated)
        #expect(left.largest.map(\.position) == right.largest.map(\.position))
        #expect(left.largest.map(\.count) == right.largest.map(\.count))
        #expect(left.failure == nil && right.failure == nil)
    }

    @Test func groupsTheSameFromDiskAsFromMemory() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("spill-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let values = values(30_000)
        let expected = gather(values, budget: .unlimited, seed: 1).finish()
        #expect(expected.repeated > 0)
        for limit in [1, 50_000, 200_000] {
            let spilled = gather(
                values, budget: MemoryBudget(limitBytes: limit, directory: folder.path), seed: UInt64(limit))
            expectEqual(spilled.finish(), expected)
            expectEqual(spilled.finish(), expected)
            // The file has no name: nothing is left behind, however the process ends.
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
        }
    }

    /// Half of the rows have one key, beside so many others that no batch counts its rows.
    private func skewed(_ count: Int) -> [Value] {
        (0..<count).map { .integer(Int128($0 % 2 == 0 ? -1 : $0)) }
    }

    @Test func countsAKeyOfManyRowsWhileItReadsThem() {
        let values = skewed(160_000)
        let budget = MemoryBudget(limitBytes: 1, directory: FileManager.default.temporaryDirectory.path)
        expectEqual(
            gather(values, budget: budget, seed: 4).finish(), gather(values, budget: .unlimited, seed: 4).finish())
    }

    @Test func holdsFewRowsOfAKeyOfMany() {
        var (summary, run) = (GroupSummary(sampleLimit: 5), KeyRun())
        let key = Hash128(high: 7, low: 7)
        for first in stride(from: 0, to: 300_000, by: 1_000) {
            let entries = (first..<first + 1_000).map { KeyEntry(key: key, position: $0) }
            entries.withUnsafeBufferPointer { summary.read($0, into: &run) }
            #expect(run.entries.count <= 66_000)
        }
        run.entries.withUnsafeBufferPointer { summary.add($0, [:], run.surplus) }
        #expect(summary.distinct == 1 && summary.repeated == 300_000)
        #expect(summary.lowest.positions == [0, 1, 2, 3, 4])
    }

    @Test func joinsWhatBothHaveOnDisk() {
        let budget = MemoryBudget(limitBytes: 1, directory: FileManager.default.temporaryDirectory.path)
        let values = values(9_000)
        var total = gather(Array(values[..<4_000]), budget: budget, seed: 5)
        total.merge(gather(Array(values[4_000...]), budget: budget, seed: 6))
        expectEqual(total.finish(), gather(values, budget: .unlimited, seed: 7).finish())
    }

    /// Of many small spills, neighbouring parts are read with one call each.
    @Test func readsNeighbouringPartsTogether() throws {
        var spilled = try SpilledKeys(in: FileManager.default.temporaryDirectory.path)
        var random = SeededGenerator(seed: 8)
        var keys: [[Hash128]] = []
        for firstRow in stride(from: 0, to: 40_000, by: 1_000) {
            keys.append((0..<1_000).map { _ in Hash128(high: random.next(), low: random.next()) })
            try spilled.append([KeyBlock(firstRow: firstRow, keys: keys[keys.count - 1], rows: nil)])
        }
        #expect(spilled.neighbours.flatMap { Array($0) } == Array(0..<256))
        #expect((16...40).contains(spilled.neighbours.count))
        var read = 0
        for parts in spilled.neighbours {
            var last = [Int](repeating: -1, count: 256)
            try spilled.forEachSegment(of: parts) { part, entries in
                #expect(parts.contains(part))
                for entry in entries {
                    #expect(entry.key == keys[entry.position / 1_000][entry.position % 1_000])
                    #expect(KeyPartitions.part(entry.key, SpilledKeys.bits) == part && entry.position > last[part])
                    last[part] = entry.position
                    read += 1
                }
            }
        }
        #expect(read == 40_000)
    }

    @Test func whatCannotSpillIsCountedOut() {
        let budget = MemoryBudget(limitBytes: 1_000, directory: "/nonexistent/folder")
        #expect(gather(values(2_000), budget: budget, seed: 3).finish().failure != nil)
        #expect(!budget.add(0))
    }

    @Test func saysWhyNothingIsKnownWhereItCannotSpill() {
        let budget = MemoryBudget(limitBytes: 1, directory: "/nonexistent/folder")
        let result = gather(values(2_000), budget: budget, seed: 3).finish()
        #expect(result.failure == "no spill file can be made in /nonexistent/folder: no such file or directory")
    }

    /// A key's hash has 16 bytes; where not every row has a key, its row's number has 4; and grouping takes 24.
    @Test(arguments: [(false, 40), (true, 44)]) func countsWhatGroupingTakes(_ hasMissing: Bool, _ bytesAKey: Int) {
        let values: [Value] = (0..<1_000).flatMap { [.integer($0)] + (hasMissing ? [.missing] : []) }
        for (limit, fits) in [(1_000 * bytesAKey, true), (1_000 * bytesAKey - 1, false)] {
            let budget = MemoryBudget(limitBytes: limit, directory: "/nonexistent/folder")
            var total = KeyGroups(columns: [0], ignoring: .allValuesAreMissing, sampleLimit: 25, budget: budget)
            var part = total
            let column = Column(.int64, values)
            part.update(Batch(ordinal: 0, rowCount: values.count, columns: [column]), rows: nil)
            total.merge(part)
            #expect((total.finish().failure == nil) == fits, "\(limit) bytes")
        }
    }
}
