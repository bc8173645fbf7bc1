import Expressions
import Foundation
import Pipeline
import Tables
import TestSupport
import Testing

/// Windows close once, with every record that came in time, however the stream was cut, given up and begun again.
struct WindowTests {
    private static let second: Int64 = 1_000_000

    static let shapes: [WindowDefinition.Shape] = [
        .tumbling(size: 60 * second), .tumbling(size: 7 * second), .sliding(size: 60 * second, slide: 20 * second),
        .sliding(size: 50 * second, slide: 20 * second), .sliding(size: 30 * second, slide: 30 * second),
        .session(gap: 5 * second), .session(gap: second),
    ]

    private static func plan(
        _ shape: WindowDefinition.Shape, lateness: Int64 = 0, tolerance: Int64 = 100 * second,
        groupBy: [String] = ["country", "is_new"], _ aggregates: [(String, String)] = WindowModel.aggregates
    ) throws -> WindowPlan {
        let parsed = try aggregates.map { WindowDefinition.Aggregate($0.0, try AggregateExpression.parse($0.1)) }
        let definition = try WindowDefinition(
            column: "at", shape: shape, lateness: lateness, futureTolerance: tolerance, groupBy: groupBy,
            aggregates: parsed)
        return try WindowPlan(definition, schema: StreamRow.schema, seed: 5)
    }

    @Test(arguments: shapes, 1...8 as ClosedRange<UInt64>)
    func doesWhatAModelDoes(_ shape: WindowDefinition.Shape, _ seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let lateness = random.pick([0, 3, 30]) * Self.second
        let tolerance = 2 * Self.second
        let plan = try Self.plan(shape, lateness: lateness, tolerance: tolerance)
        var windows = WindowOperator(plan)
        var model = WindowModel(shape: shape, lateness: lateness, tolerance: tolerance)
        var store = WindowStore()
        var clock: Int64 = -40 * Self.second
        var lateCount = 0
        var closedCount = 0
        for batch in 1...40 {
            clock += Int64.random(in: 0...15, using: &random) * Self.second
            let rows = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                StreamRow(&random, around: clock, spread: random.pick([1, 4, 20, 40]) * Self.second)
            }
            if random.chance(20) {
                _ = fold(rows, &windows, clock, &random)
                if random.chance(50) { _ = windows.prepare() }
                windows.rollBack()
            }
            let late = fold(rows, &windows, clock, &random)
            let flush = random.chance(4)
            let (change, closed) = windows.prepare(flushAt: flush ? .max : nil)
            try #require(late == model.fold(rows, clock: clock), "seed \(seed), batch \(batch)")
            let wanted = model.close(flush: flush)
            try #require(closed.lines == wanted, "seed \(seed), batch \(batch)")
            #expect(closed.problems.isEmpty)
            try #require(change.watermark == model.watermark)
            store.commit(change)
            lateCount += late.count
            closedCount += wanted.count
            if random.chance(25) {
                windows = try WindowOperator(plan, rows: store.all.shuffled(using: &random), watermark: store.watermark)
            } else {
                windows.commit()
            }
            try #require(store.all.isEmpty == model.open.isEmpty, "seed \(seed), batch \(batch)")
        }
        let (change, closed) = windows.prepare(flushAt: .max)
        #expect(closed.lines == model.close(flush: true))
        store.commit(change)
        #expect(store.all.isEmpty)
        #expect(closedCount > 0)
        #expect(lateCount > 0 || lateness > 3 * Self.second)
    }

    /// Folds rows in pieces that come in any order, as from threads; the rows that are late.
    private func fold(
        _ rows: [StreamRow], _ windows: inout WindowOperator, _ clock: Int64, _ random: inout SeededGenerator
    ) -> [Int] {
        var pieces: [(start: Int, rows: [StreamRow])] = []
        var start = 0
        while start < rows.count {
            let end = min(rows.count, start + Int.random(in: 1...40, using: &random))
            pieces.append((start, Array(rows[start..<end])))
            start = end
        }
        var late: [Int] = []
        for piece in pieces.shuffled(using: &random) {
            let all = Bitmap(repeating: true, count: piece.rows.count)
            let fold = windows.fold(StreamRow.batch(piece.rows), rows: all, clock: clock)
            late += fold.late.first(.max).map { $0 + piece.start }
            #expect(fold.problems == Bitmap(piece.rows.map { $0.time == nil }))
        }
        return late.sorted()
    }

    // MARK: The watermark

    private static func row(_ time: Int64?, _ country: String? = "NL", number: Int64? = 1) -> StreamRow {
        var random = SeededGenerator(seed: 1)
        var row = StreamRow(&random, around: 0, spread: 4)
        (row.time, row.country, row.isNew, row.number) = (time, country, nil, number)
        return row
    }

    private static func all(_ rows: [StreamRow]) -> Bitmap { Bitmap(repeating: true, count: rows.count) }

    @Test func movesOnlyWithTheCommit() throws {
        var windows = WindowOperator(try Self.plan(.tumbling(size: 10), [("n", "count(*)")]))
        let rows = [Self.row(25), Self.row(3)]
        let fold = windows.fold(StreamRow.batch(rows), rows: Self.all(rows), clock: 30)
        #expect(fold.late.isEmpty)
        #expect(windows.watermark == nil)
        let closed = windows.prepare().closed.lines
        #expect(closed.map { $0.suffix(1) } == ["1"])
        #expect(windows.watermark == nil)
        windows.commit()
        #expect(windows.watermark == 25)
        let again = windows.fold(StreamRow.batch(rows), rows: Self.all(rows), clock: 30)
        #expect(again.late.first(9) == [1])
        _ = windows.prepare()
        windows.commit()
        #expect(windows.watermark == 25)
    }

    @Test func leavesRowsAsideThatAreNotGiven() throws {
        var windows = WindowOperator(try Self.plan(.tumbling(size: 10), groupBy: [], [("n", "count(*)")]))
        let rows = [Self.row(1), Self.row(2), Self.row(3)]
        _ = windows.fold(StreamRow.batch(rows), rows: Bitmap([true, false, true]), clock: 0)
        #expect(
            windows.prepare(flushAt: .max).closed.lines == ["1970-01-01T00:00:00Z | 1970-01-01T00:00:00.00001Z | 2"])
    }

    @Test func futureTimesDontMoveIt() throws {
        var windows = WindowOperator(try Self.plan(.tumbling(size: 10), tolerance: 5, [("n", "count(*)")]))
        let rows = [Self.row(100), Self.row(106), Self.row(1 << 60)]
        let fold = windows.fold(StreamRow.batch(rows), rows: Self.all(rows), clock: 100)
        #expect(fold.future.first(9) == [1, 2])
        let (change, _) = windows.prepare()
        #expect(change.watermark == 100)
        // The last one is in no window: nobody knows its day.
        #expect(change.added.count == 2)
    }

    /// One wrong clock can't make everybody else late.
    @Test(arguments: [
        WindowDefinition.Shape.tumbling(size: 10), .sliding(size: 10, slide: 5), .session(gap: 10),
    ])
    func aFlushLeavesOpenWhatIsTooFarAhead(_ shape: WindowDefinition.Shape) throws {
        var windows = WindowOperator(try Self.plan(shape, tolerance: 5, [("n", "count(*)")]))
        let rows = [Self.row(100), Self.row(1_000)]
        _ = windows.fold(StreamRow.batch(rows), rows: Self.all(rows), clock: 100)
        let (change, closed) = windows.prepare(flushAt: 100)
        #expect(change.watermark == 110)
        #expect(Set(closed.lines.map { $0.suffix(1) }) == ["1"])
        windows.commit()
        #expect(windows.cellCount == 1)
        // Its time has come.
        #expect(windows.prepare(flushAt: 995).change.watermark == 1_010)
        windows.commit()
        #expect(windows.cellCount == 0)
    }

    @Test func tellsWhyARowIsInNoWindow() throws {
        let plan = try Self.plan(.tumbling(size: 10), [("total", "sum(int64(text))")])
        var rows = [Self.row(nil), Self.row(1), Self.row((1 << 60) + 1), Self.row(.min), Self.row(5)]
        rows[0].text = "1"
        rows[1].text = "abc"
        rows[2].text = "1"
        rows[3].text = "1"
        rows[4].text = "7"
        let input = WindowInput(StreamRow.batch(rows), plan, clock: 0)
        #expect(input.problems.first(9) == [0, 1, 2, 3])
        #expect(
            rows.indices.map { row in input.problem(at: row).map { "\($0.message) [\($0.code)]" } ?? "none" } == [
                "at is missing, and says which window it is [missing-event-time]",
                "total: text: \"abc\" is no int64 [bad-cast]",
                "at is more than 36,000 years from 1970 [event-time-out-of-range]",
                "at is more than 36,000 years from 1970 [event-time-out-of-range]", "none",
            ])
        #expect(input.problem(at: 1)?.maskedMessage == "total: text: a value is no int64")
    }

    @Test func sumsThatDontFitAreProblems() throws {
        var windows = WindowOperator(try Self.plan(.tumbling(size: 10), [("total", "sum(number)"), ("n", "count(*)")]))
        let rows = [Self.row(1, number: .max), Self.row(2, number: .max), Self.row(3, "DE", number: .max)]
        _ = windows.fold(StreamRow.batch(rows), rows: Self.all(rows), clock: 0)
        let closed = windows.prepare(flushAt: .max).closed
        #expect(
            closed.problems.map { "\($0.row): \($0.problem.message) [\($0.problem.code)]" } == [
                "1: total: the result doesn't fit in int64, and is missing in the window from 1970-01-01T00:00:00Z to "
                    + "1970-01-01T00:00:00.00001Z [overflow]"
            ])
        #expect(
            closed.lines.map { $0.split(separator: "|").suffix(2).joined() } == [
                " 9223372036854775807  1", " missing  2",
            ])
    }

    /// A session is open until the watermark has passed its last record by the gap: what chains to it is not late, however old.
    @Test func anOpenSessionTakesOldRecords() throws {
        let plan = try Self.plan(.session(gap: 30 * Self.second), lateness: 10 * Self.second, [("n", "count(*)")])
        var windows = WindowOperator(plan)
        func fold(_ seconds: [Int64]) -> [Int] {
            let rows = seconds.map { Self.row($0 * Self.second) }
            return windows.fold(StreamRow.batch(rows), rows: Self.all(rows), clock: 100 * Self.second).late.first(
                rows.count)
        }
        #expect(fold([0, 20, 40, 60]) == [])
        #expect(windows.prepare().closed.lines.isEmpty)
        windows.commit()
        // The watermark is at 50. The last one has only the one before it near, which came with it.
        #expect(fold([10, -20, -40, -60]) == [2, 3])
        #expect(windows.prepare(flushAt: .max).closed.lines.map { $0.suffix(3) } == ["| 6"])
        windows.commit()
        #expect(fold([10]) == [0])
    }

    // MARK: What is stored

    /// However rows are cut and in whatever order the pieces come, what is stored is the same; pieces without rows change nothing.
    @Test(arguments: shapes) func storesTheSameHoweverItWasCut(_ shape: WindowDefinition.Shape) throws {
        let plan = try Self.plan(shape, lateness: 60 * Self.second)
        for seed: UInt64 in 1...5 {
            var random = SeededGenerator(seed: seed)
            let rows = (0..<200).map { _ in StreamRow(&random, around: 0, spread: 30 * Self.second) }
            var whole = WindowOperator(plan)
            _ = whole.fold(StreamRow.batch(rows), rows: Self.all(rows), clock: 0)
            var cut = WindowOperator(plan)
            _ = fold(rows, &cut, 0, &random)
            _ = cut.fold(StreamRow.batch(rows), rows: Bitmap(repeating: false, count: rows.count), clock: 0)
            _ = cut.fold(StreamRow.batch([]), rows: Self.all([]), clock: 0)
            let (one, other) = (whole.prepare().change, cut.prepare().change)
            #expect(one.added == other.added, "seed \(seed)")
            #expect(one.watermark == other.watermark)
            whole.commit()
            #expect(whole.prepare().change.added.isEmpty)
        }
    }

    @Test func largeCellsAreStoredInParts() throws {
        let plan = try Self.plan(
            .tumbling(size: 1_000_000), groupBy: [], [("different", "count_distinct(number)"), ("m", "median(ratio)")])
        var windows = WindowOperator(plan)
        var store = WindowStore()
        var written = 0
        var most = 0
        for batch in 0..<60 {
            let rows = (0..<100).map { Self.row(Int64($0), number: Int64(batch * 60 + $0)) }
            _ = windows.fold(StreamRow.batch(rows), rows: Self.all(rows), clock: 0)
            let change = windows.prepare().change
            written += change.added.reduce(0) { $0 + $1.state.count }
            store.commit(change)
            most = max(most, store.partCount)
            if batch % 7 == 3 {
                windows = try WindowOperator(plan, rows: store.all, watermark: store.watermark)
            } else {
                windows.commit()
            }
        }
        #expect(most > 3)
        let held = store.all.reduce(0) { $0 + $1.state.count }
        #expect(written < 5 * held, "\(written) bytes written, \(held) held")
        let closed = windows.prepare(flushAt: .max)
        #expect(closed.closed.lines[0].hasSuffix("| 3640 | \(Self.row(0).ratio.map { "\($0)" } ?? "missing")"))
        store.commit(closed.change)
        #expect(store.all.isEmpty)
    }

    @Test(arguments: shapes) func survivesDamagedRows(_ shape: WindowDefinition.Shape) throws {
        var random = SeededGenerator(seed: 11)
        let plan = try Self.plan(shape, lateness: 60 * Self.second)
        var windows = WindowOperator(plan)
        let rows = (0..<80).map { _ in StreamRow(&random, around: 0, spread: 30 * Self.second) }
        _ = windows.fold(StreamRow.batch(rows), rows: Self.all(rows), clock: 0)
        let stored = windows.prepare().change.added
        #expect(stored.count > 5)
        var refused = 0
        for _ in 0..<3_000 {
            let row = random.pick(stored)
            var state = row.state
            var group = row.key.group
            switch Int.random(in: 0..<4, using: &random) {
            case 0: state[Int.random(in: 0..<state.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            case 1: state.removeLast(Int.random(in: 1...state.count, using: &random))
            case 2: state.append(0)
            default: group[Int.random(in: 0..<group.count, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
            }
            let damaged = WindowRow(key: WindowRow.Key(start: row.key.start, group: group), part: 0, state: state)
            do {
                var restored = try WindowOperator(plan, rows: [damaged], watermark: nil)
                _ = restored.prepare(flushAt: .max)
            } catch {
                refused += 1
            }
        }
        #expect(refused > 500)
        let rightOnes = try WindowOperator(plan, rows: stored, watermark: nil)
        #expect(rightOnes.cellCount == Set(stored.map(\.key)).count)
    }

    @Test func fingerprintsTellWhatCanBeRead() throws {
        let base = try Self.plan(.tumbling(size: 10), [("n", "count(*)"), ("s", "sum(number)")])
        let others = [
            try Self.plan(.tumbling(size: 11), [("n", "count(*)"), ("s", "sum(number)")]),
            try Self.plan(.sliding(size: 10, slide: 5), [("n", "count(*)"), ("s", "sum(number)")]),
            try Self.plan(.tumbling(size: 10), [("s", "sum(number)"), ("n", "count(*)")]),
            try Self.plan(.tumbling(size: 10), groupBy: ["country"], [("n", "count(*)"), ("s", "sum(number)")]),
            try Self.plan(.tumbling(size: 10), [("n", "count(*)"), ("s", "sum(amount)")]),
        ]
        #expect(Set(others.map(\.fingerprint) + [base.fingerprint]).count == 6)
        let renamed = try Self.plan(.tumbling(size: 10), lateness: 9, [("rows", "COUNT( * )"), ("s", "sum(number)")])
        #expect(renamed.fingerprint == base.fingerprint)
    }
}
