import Foundation
import Tables
import TestSupport
import Testing

@testable import Delta

/// Tables written by deltalake, read here.
@Suite(.enabled(if: Peer.deltalake, Comment(rawValue: Peer.skipped))) struct PeerReadingTests {
    /// A table, and the script that makes it at `sys.argv[1]`.
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let script: String
    }

    static let data = """
        D, T, U = datetime.date, datetime.datetime, datetime.timezone.utc
        def make(n):
            return pa.table({
                'id': pa.array(range(n), pa.int64()),
                'a b': pa.array([None if i % 5 == 0 else i % 100 for i in range(n)], pa.int8()),
                'größe 日': pa.array([i % 300 - 150 for i in range(n)], pa.int16()),
                'i': pa.array([-i for i in range(n)], pa.int32()),
                'f': pa.array([None if i % 7 == 0 else i / 2 for i in range(n)], pa.float32()),
                'd': pa.array([float('nan') if i % 11 == 0 else i * 0.1 for i in range(n)], pa.float64()),
                'ok': pa.array([None if i % 3 == 0 else i % 2 == 0 for i in range(n)]),
                's': pa.array([None if i % 4 == 0 else 'é"\\\\%d' % (i % 10) for i in range(n)]),
                'bin': pa.array([b'b%d' % i for i in range(n)]),
                'day': pa.array([D(1960, 1, 1) + datetime.timedelta(i) for i in range(n)]),
                'ts': pa.array([T(1969, 12, 31, 23, 59, 59, i, U) for i in range(n)], pa.timestamp('us', 'UTC')),
                'ntz': pa.array([T(2024, 2, 29, 1, 2, 3, i) for i in range(n)], pa.timestamp('us')),
                'dec': pa.array([decimal.Decimal(i - 5) / 100 for i in range(n)], pa.decimal128(12, 2)),
                'wide': pa.array([decimal.Decimal(10 ** 30 + i) for i in range(n)], pa.decimal128(38, 0)),
                'list': pa.array([None if i % 6 == 0 else list(range(i % 4)) for i in range(n)], pa.list_(pa.int64())),
                'rec': pa.array([{'x': i, 'y': None if i % 2 else 'q'} for i in range(n)]),
            })

        """

    static let cases = [
        Case(testDescription: "every type", script: "write_deltalake(p, make(100))"),
        Case(
            testDescription: "partitions of texts with special characters and without a value",
            script: """
                t = pa.table({'k': ['a/b c', 'x=1%', None, 'é日', '"q"', '100%25', 'a:b', '.hidden', '_x'], 'n': range(9)})
                write_deltalake(p, t, partition_by=['k'])
                write_deltalake(p, t, partition_by=['k'], mode='append')
                """),
        Case(
            testDescription: "partitions of every type",
            script: """
                t = make(10).slice(6)
                write_deltalake(p, t, partition_by=['a b', 'day', 'ts', 'ntz', 'dec', 'ok', 'i'])
                """),
        Case(
            testDescription: "deletes, updates and a checkpoint",
            script: """
                write_deltalake(p, make(50))
                t = DeltaTable(p); t.delete('id % 7 = 0'); t.update(updates={'s': "'new'"}, predicate='id > 40')
                t.create_checkpoint()
                write_deltalake(p, make(5), mode='append')
                """),
        Case(
            testDescription: "columns that were added later",
            script: """
                write_deltalake(p, pa.table({'a': [1, 2]}))
                write_deltalake(p, pa.table({'a': [3], 'new one': ['x']}), mode='append', schema_mode='merge')
                """),
        Case(
            testDescription: "only a checkpoint, and commits behind it",
            script: """
                import os
                for i in range(12): write_deltalake(p, pa.table({'a': [i], 'b': ['t%d' % i]}), mode='append')
                DeltaTable(p).create_checkpoint()
                for i in range(3): write_deltalake(p, pa.table({'a': [i], 'b': ['u']}), mode='append')
                for i in range(11): os.remove('%s/_delta_log/%020d.json' % (p, i))
                """),
        Case(
            testDescription: "an overwrite and an optimisation",
            script: """
                for i in range(4): write_deltalake(p, make(20), mode='append')
                write_deltalake(p, make(10), mode='overwrite')
                for i in range(4): write_deltalake(p, make(10), mode='append')
                DeltaTable(p).optimize.compact()
                """),
        Case(
            testDescription: "no rows",
            script: "DeltaTable.create(p, schema=pa.schema([('a', pa.int64())]))"),
        Case(
            testDescription: "many rows",
            script: "write_deltalake(p, make(150_000))"),
    ]

    @Test(arguments: cases) func reads(_ c: Case) throws {
        let folder = try Scratch()
        let path = folder.directory + "/t"
        let script = Peer.printing + "p = sys.argv[1]\n" + Self.data + c.script + "\nshow(DeltaTable(p))"
        let wanted = try Peer.shown(Peer.run(script, [path]))
        let snapshot = try DeltaTable(path).snapshot()
        #expect(snapshot.version == wanted.version)
        let read = try ReadRows(snapshot)
        #expect(read.rows.count == wanted.rows.count)
        let same = read.sorted == ReadRows.sorted(wanted.rows)
        #expect(same)
        if !same {
            let pairs = zip(read.sorted, ReadRows.sorted(wanted.rows)).first { $0 != $1 }
            Issue.record("first difference: \(String(describing: pairs))")
        }
        // Any number of workers gives the same batches.
        #expect(try ReadRows(snapshot, workers: 3).rows == read.rows)
        if let count = snapshot.rowCount { #expect(count == wanted.rows.count) }
    }

    @Test func travelsInTime() throws {
        let folder = try Scratch()
        let script =
            Peer.printing + """
                p = sys.argv[1]
                for i in range(5): write_deltalake(p, pa.table({'a': [i]}), mode='append' if i != 3 else 'overwrite')
                print(json.dumps([rows(DeltaTable(p, version=v)) for v in range(5)]))
                """
        let output = try Peer.run(script, [folder.directory + "/t"])
        let wanted = try #require(JSON(text: output.trimmingCharacters(in: .newlines))?.items)
        let table = try DeltaTable(folder.directory + "/t")
        for (version, rows) in wanted.enumerated() {
            let read = try ReadRows(table.snapshot(.version(version)))
            #expect(read.sorted == ReadRows.sorted(rows.items?.map { $0.items?.map(\.string) ?? [] } ?? []))
        }
        #expect(try table.history().map(\.version) == [4, 3, 2, 1, 0])
        #expect(try table.history().first?.operation == "WRITE")
    }

    /// The statistics of the log never contradict the rows.
    @Test func trustsStatisticsWithReason() throws {
        let folder = try Scratch()
        let script =
            Peer.printing + "p = sys.argv[1]\n" + Self.data + "write_deltalake(p, make(200), partition_by=['ok'])"
        try Peer.run(script, [folder.directory + "/t"])
        let snapshot = try DeltaTable(folder.directory + "/t").snapshot()
        let source = try DeltaSource(snapshot)
        let projection = Projection(
            Dictionary(uniqueKeysWithValues: source.schema.fields.indices.map { ($0, [.values, .text]) }))
        let worker = try source.open(projection, ordinals: nil).makeWorker()
        var compared = 0
        while let batch = try worker.next() {
            let statistics = try #require(source.statistics(ofPartition: batch.partition))
            #expect(statistics.rowCount == batch.rowCount)
            for (index, field) in source.schema.fields.enumerated() {
                guard let column = statistics.columns[ColumnName(field.name)] else { continue }
                let values = (0..<batch.rowCount).map { batch.column(index).value(at: $0) }
                if let missing = column.missing { #expect(missing == values.count { $0.isMissing }, "\(field.name)") }
                let there = values.filter { !$0.isMissing }
                let below = there.filter { value in column.least.map { Self.isLess(value, $0) } ?? false }
                let above = there.filter { value in column.greatest.map { Self.isLess($0, value) } ?? false }
                #expect(below.isEmpty, "\(field.name)")
                #expect(above.isEmpty, "\(field.name)")
                compared += there.count
            }
        }
        #expect(compared > 1_000)
    }

    private static func isLess(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.boolean(let left), .boolean(let right)): !left && right
        case (.integer(let left), .integer(let right)): left < right
        case (.float(let left), .float(let right)): left < right
        case (.decimal(let left), .decimal(let right)): left < right
        case (.text(let left), .text(let right)): left.utf8.lexicographicallyPrecedes(right.utf8)
        case (.date(let left), .date(let right)): left < right
        case (.timestamp(let left), .timestamp(let right)): left < right
        default: true
        }
    }
}
