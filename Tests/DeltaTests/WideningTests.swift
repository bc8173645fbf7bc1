import Foundation
import Tables
import TestSupport
import Testing

@testable import Delta

/// Columns become wider, and the table stays what it was.
@Suite struct WideningTests {
    private let folder: Scratch

    init() throws { folder = try Scratch() }

    private static let now = WrittenTable.now

    private func table(partitionedBy columns: [String] = []) throws -> DeltaTable {
        try DeltaTable.create(
            folder.directory + "/t",
            schema: DeltaSchema([
                DeltaField("id", .long, metadata: [DeltaField.Entry("comment", .string("the key"))]),
                DeltaField("n", .long), DeltaField("day", .date), DeltaField("p", .decimal(precision: 12, scale: 2)),
            ]), partitionedBy: columns, now: Self.now)
    }

    private func append(_ rows: [[Value]], to table: DeltaTable, stem: String) throws {
        let snapshot = try table.snapshot()
        let writer = try DataFileWriter(
            table: table, schema: snapshot.schema, partitionedBy: snapshot.metadata.partitionColumns, stem: stem,
            time: Self.now / 1_000)
        try writer.append(WrittenTable.batch(rows, snapshot.schema))
        var transaction = try table.transaction()
        try transaction.append(
            try writer.finish().map { file in
                try file.publish()
                return file.add
            })
        _ = try transaction.commit(now: Self.now)
    }

    private func row(_ id: Int128, _ n: Int128?) -> [Value] {
        [
            .integer(id), n.map { .integer($0) } ?? .missing, .date(days: Int(id)),
            .decimal(DecimalNumber(unscaled: id, scale: 2)),
        ]
    }

    private static let wider = [
        DeltaField("n", .double), DeltaField("day", .timestamp), DeltaField("p", .decimal(precision: 38, scale: 4)),
        DeltaField("new", .long),
    ]

    @Test(arguments: [[], ["n"], ["day", "n"]]) func keepsEveryRow(_ partitions: [String]) throws {
        let table = try table(partitionedBy: partitions)
        for number in 0..<12 {
            try append([row(Int128(number), Int128(number % 3)), row(100, nil)], to: table, stem: "b\(number)")
        }
        let before = try table.snapshot()
        let result = try table.widen(Self.wider, now: Self.now)
        #expect((result.removedFiles, result.version) == (before.files.count, 13))
        let after = try table.snapshot()
        #expect(
            after.schema.fields.map { "\($0.name) \($0.type) \($0.metadata.map(\.key))" } == [
                "id long [\"comment\"]", "n double []", "day timestamp []", "p decimal(38,4) []",
            ])
        #expect(after.metadata.partitionColumns == partitions)
        #expect(after.files.allSatisfy { !$0.dataChange } && after.removed.allSatisfy { !$0.dataChange })
        func shown(_ snapshot: Snapshot) throws -> [[String?]] {
            try ReadRows(snapshot).rows.map { row in
                row.map { cell in
                    guard var cell else { return nil }
                    // As the wider types show the same values.
                    if cell.hasSuffix("T00:00:00Z") { cell.removeLast(10) }
                    guard cell.contains("."), !cell.contains("-") else { return cell }
                    while cell.hasSuffix("0") { cell.removeLast() }
                    return cell.hasSuffix(".") ? String(cell.dropLast()) : cell
                }
            }
        }
        let (old, new) = (try shown(before), try shown(after))
        if partitions.isEmpty { #expect(old == new) }
        #expect(ReadRows.sorted(old) == ReadRows.sorted(new))
        // The version before is there as long as nobody removes its files; and nothing is left to be done.
        #expect(try shown(table.snapshot(.version(12))) == old)
        #expect(try table.widen(Self.wider, now: Self.now).version == nil)
    }

    @Test func losesNoDigit() throws {
        let table = try table()
        try append([row(1, 1 << 53), row(2, (1 << 53) + 1)], to: table, stem: "b")
        #expect(try table.unheldColumn([DeltaField("n", .double)])?.name == "n")
        #expect(try table.unheldColumn([DeltaField("n", .decimal(precision: 38, scale: 0))]) == nil)
        let error = #expect(throws: DeltaError.self) { try table.widen([DeltaField("n", .double)], now: Self.now) }
        #expect(error?.code == .schemaMismatch)
        #expect(error?.message == "the column \"n\" has values that are no double as they are")
        #expect(try table.snapshot().version == 1)
        #expect(try table.widen([DeltaField("n", .decimal(precision: 38, scale: 0))], now: Self.now).version == 2)
    }

    /// Neither narrower types nor text are wider ones.
    @Test(arguments: [DeltaType.string, .boolean, .integer, .float, .decimal(precision: 9, scale: 1)])
    func leavesOtherTypes(_ type: DeltaType) throws {
        let table = try table()
        #expect(try table.widen([DeltaField("p", type)], now: Self.now).version == nil)
        #expect(try table.unheldColumn([DeltaField("p", type)]) == nil)
    }

    /// Files that are committed with wider columns than the table has widen it first, once.
    @Test func isDoneByTheFirstCommitThatNeedsIt() throws {
        let table = try table()
        try append([row(1, 5)], to: table, stem: "one")
        let schema = DeltaSchema([DeltaField("id", .long), DeltaField("n", .double)])
        let writer = try DataFileWriter(
            table.header(), schema: schema, partitionedBy: [], stem: "two", time: Self.now / 1_000 + 1)
        try writer.append(WrittenTable.batch([[.integer(2), .float(12.5)]], schema))
        let files = try writer.finish()
        for file in files { try file.publish() }
        for _ in 0..<2 {
            _ = try table.commit(
                files.map(\.add), adding: schema.fields, of: AppTransaction(appID: "a", version: 1), now: Self.now)
        }
        let snapshot = try table.snapshot()
        #expect(snapshot.version == 3)
        #expect(try ReadRows(snapshot).rows.map { $0[1] } == ["5.0", "12.5"])
        guard Peer.deltalake else { return }
        let found = try Peer.shown(
            Peer.run(Peer.printing + "show(DeltaTable(sys.argv[1]))", [table.folder]))
        #expect(found.rows.map { $0[1] } == ["5.0", "12.5"])
    }
}
