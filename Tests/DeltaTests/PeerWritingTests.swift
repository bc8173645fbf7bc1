import Foundation
import Tables
import TestSupport
import Testing

@testable import Delta

/// A table of every type, written by us batch by batch.
struct WrittenTable {
    static let now: Int64 = 1_700_000_000_000_000

    static let schema = DeltaSchema([
        DeltaField("id", .long, isNullable: false), DeltaField("a b", .byte), DeltaField("größe 日", .short),
        DeltaField("i", .integer), DeltaField("f", .float), DeltaField("d", .double), DeltaField("ok", .boolean),
        DeltaField("s", .string), DeltaField("bin", .binary), DeltaField("day", .date), DeltaField("ts", .timestamp),
        DeltaField("ntz", .timestampNtz), DeltaField("dec", .decimal(precision: 12, scale: 2)),
        DeltaField("wide", .decimal(precision: 38, scale: 0)), DeltaField("list", .array(.long, containsNull: true)),
        DeltaField("rec", .structure([DeltaField("x", .long), DeltaField("y", .string)])),
    ])

    let table: DeltaTable
    private(set) var rows: [[Value]] = []

    init(_ folder: String, partitionedBy columns: [String] = [], properties: [String: String] = [:]) throws {
        table = try DeltaTable.create(
            folder, schema: Self.schema, partitionedBy: columns, properties: properties, now: Self.now)
    }

    static func row(_ id: Int) -> [Value] {
        func unless(_ modulus: Int, _ value: Value) -> Value { id % modulus == 0 ? .missing : value }
        return [
            .integer(Int128(id)), unless(5, .integer(Int128(id % 256 - 128))), .integer(Int128(id % 300 - 150)),
            .integer(Int128(-id)), unless(7, .float(Double(id) / 2)), .float(Double(id) * 0.1),
            unless(3, .boolean(id % 2 == 0)), unless(4, .text("é\"\\/ %\(id % 10)=")), .text("b\(id)"),
            .date(days: id - 3_650), unless(6, .timestamp(microseconds: Int64(id) - 5)),
            .timestamp(microseconds: 1_709_168_523_000_000 + Int64(id)),
            .decimal(DecimalNumber(unscaled: Int128(id - 5), scale: 2)),
            .decimal(DecimalNumber(unscaled: 1_000_000_000_000_000_000_000_000_000_000 + Int128(id))),
            unless(6, .text("[1,null,\(id)]")),
            .text(id % 2 == 0 ? "{\"x\":\(id),\"y\":\"q\"}" : "{\"x\":\(id),\"y\":null}"),
        ]
    }

    static func batch(_ rows: [[Value]], _ schema: DeltaSchema = schema) -> Batch {
        Batch(
            ordinal: 0, rowCount: rows.count,
            columns: schema.fields.enumerated().map { index, field in
                Column(field.type.logical, rows.map { $0[index] })
            })
    }

    func files(_ rows: [[Value]], stem: String) throws -> [AddFile] {
        let snapshot = try table.snapshot()
        let writer = try DataFileWriter(
            table: table, schema: snapshot.schema, partitionedBy: snapshot.metadata.partitionColumns, stem: stem,
            time: Self.now / 1_000)
        try writer.append(Self.batch(rows, snapshot.schema))
        return try writer.finish().map { file in
            try file.publish()
            return file.add
        }
    }

    mutating func append(_ ids: Range<Int>, stem: String) throws {
        let new = ids.map { Self.row($0) }
        var transaction = try table.transaction()
        try transaction.append(files(new, stem: stem))
        _ = try transaction.commit(now: Self.now)
        rows += new
    }
}

/// Tables written here, read by deltalake.
@Suite(.enabled(if: Peer.deltalake, Comment(rawValue: Peer.skipped))) struct PeerWritingTests {
    private let folder: Scratch

    init() throws { folder = try Scratch() }

    private var path: String { folder.directory + "/t" }

    private func read(_ more: String = "") throws -> (version: Int, rows: [[String?]]) {
        try Peer.shown(Peer.run(Peer.printing + "p = sys.argv[1]\n\(more)\nshow(DeltaTable(p))", [path]))
    }

    private func texts(_ rows: [[Value]]) -> [[String?]] {
        ReadRows.sorted(rows.map { $0.map { $0.isMissing ? nil : $0.description } })
    }

    @Test(arguments: [[], ["s"], ["ok", "day", "i"], ["ts", "dec", "ntz"], ["a b", "größe 日", "f"]])
    func isRead(_ partitions: [String]) throws {
        var written = try WrittenTable(path, partitionedBy: partitions)
        // The peer misreads a decimal partition between −1 and 0.
        try written.append(6..<30, stem: "one")
        try written.append(30..<40, stem: "two")
        let found = try read()
        #expect(found.version == 2)
        let same = ReadRows.sorted(found.rows) == texts(written.rows)
        #expect(same)
        if !same {
            Issue.record(
                "\(String(describing: zip(ReadRows.sorted(found.rows), texts(written.rows)).first { $0 != $1 }))")
        }
        #expect(try ReadRows(written.table.snapshot()).sorted == texts(written.rows))
    }

    @Test func isReadFromACheckpoint() throws {
        var written = try WrittenTable(path, partitionedBy: ["ok"], properties: ["delta.checkpointInterval": "5"])
        for number in 0..<12 { try written.append(number..<(number + 1), stem: "b\(number)") }
        var transaction = try written.table.transaction()
        let old = transaction.base.files.filter { $0.partitionValues == ["ok": nil] }
        try transaction.remove(old, at: WrittenTable.now / 1_000)
        transaction.setApplication("app", version: 3)
        _ = try transaction.commit(now: WrittenTable.now)
        let before = try written.table.snapshot()
        try written.table.checkpoint(now: WrittenTable.now)
        for version in 0...13 {
            try FileManager.default.removeItem(atPath: LogListing.commitPath(version, table: path))
        }
        let found = try read("print(DeltaTable(p).transaction_version('app'), file=sys.stderr)")
        #expect(found.version == 13)
        #expect(ReadRows.sorted(found.rows) == texts(written.rows.filter { $0[6] != .missing }))
        let after = try written.table.snapshot()
        #expect(after.files.map(\.path) == before.files.map(\.path))
        #expect(after.files.map(\.stats) == before.files.map(\.stats))
        #expect(after.removed.map(\.path) == before.removed.map(\.path))
        #expect(after.metadata == before.metadata)
        #expect(after.protocol == before.protocol)
        #expect(after.transactionVersion(of: "app") == 3)
        // And the table goes on from there, with either writer.
        var more = written
        try more.append(100..<101, stem: "later")
        #expect(try read().version == 14)
        #expect(
            try String(contentsOfFile: path + "/_delta_log/_last_checkpoint", encoding: .utf8).contains(
                "\"version\":13"))
    }

    /// Whoever reads Parquet reads our checkpoints.
    @Test(.enabled(if: Peer.duckDB, "duckdb is not installed here: pip install duckdb"))
    func checkpointsAreParquet() throws {
        var written = try WrittenTable(path, partitionedBy: ["ok"])
        try written.append(0..<20, stem: "one")
        try written.table.checkpoint(now: WrittenTable.now)
        let script = """
            import sys, duckdb
            f = sys.argv[1]
            q = "select count(*), count(protocol), count(metaData), sum(add.size), max(add.partitionValues['ok']) from read_parquet('%s')"
            print(duckdb.sql(q % f).fetchall()[0])
            """
        let output = try Peer.run(script, [LogListing.checkpointPath(1, table: path)])
        let snapshot = try written.table.snapshot()
        #expect(output == "(\(snapshot.files.count + 2), 1, 1, \(snapshot.byteCount), 'true')\n")
    }

    @Test func isReadAfterChanges() throws {
        var written = try WrittenTable(path, partitionedBy: ["ok"])
        try written.append(0..<20, stem: "one")
        var transaction = try written.table.transaction()
        try transaction.overwritePartitions(
            with: written.files([WrittenTable.row(2)], stem: "two"), at: WrittenTable.now / 1_000)
        _ = try transaction.commit(now: WrittenTable.now)
        let kept = written.rows.filter { $0[6] != .boolean(true) } + [WrittenTable.row(2)]
        #expect(try ReadRows.sorted(read().rows) == texts(kept))
        transaction = try written.table.transaction()
        try transaction.addColumns([DeltaField("new", .string)])
        _ = try transaction.commit(now: WrittenTable.now)
        let found = try read().rows
        #expect(ReadRows.sorted(found) == texts(kept.map { $0 + [.missing] }))
        transaction = try written.table.transaction()
        try transaction.overwrite(with: [], at: WrittenTable.now / 1_000)
        _ = try transaction.commit(now: WrittenTable.now)
        #expect(try read().rows.isEmpty)
    }

    /// Filters that the peer answers by our statistics leave no row out.
    @Test func tellsStatisticsThatPrune() throws {
        var written = try WrittenTable(path)
        for part in 0..<4 { try written.append((part * 50)..<(part * 50 + 50), stem: "p\(part)") }
        let script =
            Peer.printing + """
                p = sys.argv[1]
                import pyarrow.dataset as ds
                t = DeltaTable(p); d = t.to_pyarrow_dataset()
                U = datetime.timezone.utc; E = datetime.datetime(1970, 1, 1, tzinfo=U)
                for f in [ds.field('id') >= 150, ds.field('i') > -50, ds.field('f') <= 20.5,
                          ds.field('ts') == pa.scalar(E + datetime.timedelta(microseconds=94), pa.timestamp('us', 'UTC')),
                          ds.field('ntz') == pa.scalar(datetime.datetime(2024, 2, 29, 1, 2, 3, 94), pa.timestamp('us')),
                          ds.field('dec') == decimal.Decimal('0.94'), ds.field('day') == datetime.date(1960, 4, 11),
                          ds.field('s').is_null(), ds.field('wide') > decimal.Decimal(10**30 + 120)]:
                    print(d.to_table(filter=f).num_rows, t.to_pyarrow_table().filter(f).num_rows)
                print(len(t.file_uris([('id', '>', '160')])) if False else len(list(d.get_fragments(filter=ds.field('id') >= 150))))
                """
        let lines = try Peer.run(script, [path]).split(separator: "\n")
        #expect(lines.count == 10)
        for line in lines.dropLast() {
            let counts = line.split(separator: " ")
            #expect(counts[0] == counts[1])
            #expect(counts[0] != "0")
        }
        #expect(lines.last == "1")
    }

    /// A table of every type that has an order: extreme values in the first two files, usual ones in the last.
    private static let extremes: [(type: DeltaType, values: [Value])] = [
        (.long, [.integer(Int128(Int64.max)), .integer(Int128(Int64.min)), .integer(1)]),
        (.integer, [.integer(Int128(Int32.max)), .integer(Int128(Int32.min)), .integer(1)]),
        (.short, [.integer(32_767), .integer(-32_768), .integer(1)]),
        (.byte, [.integer(127), .integer(-128), .integer(1)]),
        (.float, [.float(.infinity), .float(Double(-Float.greatestFiniteMagnitude)), .float(0.5)]),
        (.double, [.float(-.infinity), .float(.leastNonzeroMagnitude), .float(0.1)]),
        (.boolean, [.boolean(true), .boolean(false), .boolean(true)]),
        (
            .string,
            [.text(String(repeating: "\u{10FFFF}", count: 40)), .text(""), .text(String(repeating: "é", count: 33))]
        ),
        (.binary, [.text("\u{7F}"), .text("a"), .text("b")]),
        (.date, [.date(days: 2_932_896), .date(days: -719_162), .date(days: 0)]),
        (
            .timestamp,
            [
                .timestamp(microseconds: 253_402_300_799_999_999), .timestamp(microseconds: -62_135_596_800_000_000),
                .timestamp(microseconds: -1),
            ]
        ),
        (
            .timestampNtz,
            [
                .timestamp(microseconds: 253_402_300_799_999_999), .timestamp(microseconds: -62_135_596_800_000_000),
                .timestamp(microseconds: -1),
            ]
        ),
        (
            .decimal(precision: 38, scale: 4),
            [
                .decimal(DecimalNumber(unscaled: DecimalNumber.powerOfTen(38) - 1, scale: 4)),
                .decimal(DecimalNumber(unscaled: 1 - DecimalNumber.powerOfTen(38), scale: 4)),
                .decimal(DecimalNumber(unscaled: 1, scale: 4)),
            ]
        ),
    ]

    /// Whatever a peer makes of our bounds, a filter by a value that is there finds its row: in the table, and in the files.
    @Test(.enabled(if: Peer.duckDB, "duckdb is not installed here: pip install duckdb"))
    func boundsLoseNoRow() throws {
        let schema = DeltaSchema(Self.extremes.enumerated().map { DeltaField("c\($0.offset)", $0.element.type) })
        let table = try DeltaTable.create(path, schema: schema, now: WrittenTable.now)
        for row in 0..<3 {
            let writer = try DataFileWriter(
                table: table, schema: schema, partitionedBy: [], stem: "f\(row)", time: WrittenTable.now / 1_000)
            try writer.append(WrittenTable.batch([Self.extremes.map { $0.values[row] }], schema))
            var transaction = try table.transaction()
            try transaction.append(
                try writer.finish().map { file in
                    try file.publish()
                    return file.add
                })
            _ = try transaction.commit(now: WrittenTable.now)
        }
        let script = """
            import sys, glob, duckdb, pyarrow.dataset as ds, pyarrow.parquet as pq
            from deltalake import DeltaTable
            p = sys.argv[1]
            d = DeltaTable(p).to_pyarrow_dataset()
            for name in d.schema.names:
                for f in sorted(glob.glob(p + '/*.parquet')):
                    v = pq.read_table(f)[name][0]
                    n = d.to_table(filter=ds.field(name) == v).num_rows
                    # Through a table of its own, so that nothing about the value is lost in spelling it.
                    own = pq.read_table(f).select([name]).rename_columns(['v'])
                    q = "select count(*) from read_parquet('%s/*.parquet') t, own where t.%s = own.v" % (p, name)
                    print(name, n, duckdb.sql(q).fetchall()[0][0])
            """
        let lines = try Peer.run(script, [path]).split(separator: "\n")
        let wanted = Self.extremes.enumerated().flatMap { index, column in
            column.values.map { value in
                let count = column.values.count { $0 == value }
                return "c\(index) \(count) \(count)"
            }
        }
        #expect(lines.map(String.init) == wanted)
    }

    @Test func tellsItsHistory() throws {
        var written = try WrittenTable(path)
        try written.append(0..<3, stem: "one")
        let output = try Peer.run(
            "import sys\nfrom deltalake import DeltaTable\nfor h in DeltaTable(sys.argv[1]).history(): print(h['version'], h['operation'], h['timestamp'], h['engineInfo'])",
            [path])
        #expect(output == "1 WRITE 1700000000000 Assay\n0 CREATE TABLE 1700000000000 Assay\n")
    }

    @Test func isVacuumedByEither() throws {
        var written = try WrittenTable(path)
        try written.append(0..<3, stem: "one")
        var transaction = try written.table.transaction()
        try transaction.overwrite(with: written.files([WrittenTable.row(9)], stem: "two"), at: WrittenTable.now / 1_000)
        _ = try transaction.commit(now: WrittenTable.now)
        let far: Int64 = 4_000_000_000_000_000
        let rehearsal = try written.table.vacuum(isRehearsal: true, now: far)
        let theirs = try Peer.run(
            "import sys\nfrom deltalake import DeltaTable\nprint('\\n'.join(sorted(DeltaTable(sys.argv[1]).vacuum(retention_hours=0, dry_run=True, enforce_retention_duration=False))))",
            [path])
        #expect(rehearsal.files == theirs.split(separator: "\n").map(String.init))
        #expect(rehearsal.files == ["part-00000-one.parquet"])
        #expect(try written.table.vacuum(now: far).files == rehearsal.files)
        #expect(try read().rows.count == 1)
    }
}
