import Foundation
import Tables
import TestSupport
import Testing

@testable import Delta

/// Small files become large ones, and the table stays what it was.
@Suite struct OptimizeTests {
    private let folder: Scratch

    init() throws { folder = try Scratch() }

    private func table(files: Int, partitionedBy columns: [String] = [], properties: [String: String] = [:]) throws
        -> WrittenTable
    {
        var written = try WrittenTable(folder.directory + "/t", partitionedBy: columns, properties: properties)
        for number in 0..<files { try written.append(number * 10..<number * 10 + 10, stem: "part-\(number)") }
        return written
    }

    /// Of every type, rows in their order, in one file.
    @Test func keepsEveryRowAndValue() throws {
        let written = try table(files: 12, properties: ["delta.checkpointInterval": "1000"])
        let before = try written.table.snapshot()
        let rows = try ReadRows(before).rows
        let result = try written.table.optimize(now: WrittenTable.now)
        #expect((result.removedFiles, result.addedFiles, result.version) == (12, 1, 13))
        let after = try written.table.snapshot()
        #expect(after.files.count == 1)
        #expect(after.files.allSatisfy { !$0.dataChange })
        #expect(after.removed.allSatisfy { !$0.dataChange })
        #expect(try ReadRows(after).rows == rows)
        #expect(after.schema == before.schema)
        // The version before is there as long as nobody removes its files.
        #expect(try ReadRows(written.table.snapshot(.version(12))).rows == rows)
        // There is nothing left to be done.
        #expect(try written.table.optimize(now: WrittenTable.now).version == nil)
        #expect(try written.table.snapshot().version == 13)
    }

    @Test func staysWithinPartitions() throws {
        let written = try table(files: 6, partitionedBy: ["ok"])
        let rows = Set(try ReadRows(written.table.snapshot()).rows)
        let result = try written.table.optimize(now: WrittenTable.now)
        let after = try written.table.snapshot()
        #expect(after.files.count == 3)
        #expect(result.addedFiles == 3)
        #expect(Set(after.files.map { PartitionKey($0.partitionValues) }).count == 3)
        #expect(Set(try ReadRows(after).rows) == rows)
    }

    @Test func leavesLargeFilesAlone() throws {
        let written = try table(files: 4)
        let sizes = try written.table.snapshot().files.map(\.size)
        // All of them are nearly as large as they are to be.
        let result = try written.table.optimize(targetBytes: sizes.min() ?? 1, now: WrittenTable.now)
        #expect(result == OptimizeResult())
        // Two at a time.
        let pairs = try written.table.optimize(targetBytes: (sizes.max() ?? 1) * 3 / 2, now: WrittenTable.now)
        #expect((pairs.removedFiles, pairs.addedFiles) == (4, 2))
    }

    /// Batches that were committed are known still, and are committed again by nobody.
    @Test func remembersBatches() throws {
        let written = try table(files: 2)
        let application = AppTransaction(appID: "a", version: 7)
        let files = try written.files([WrittenTable.row(100)], stem: "seven")
        #expect(try written.table.commit(files, of: application, now: WrittenTable.now).isNew)
        _ = try written.table.optimize(now: WrittenTable.now)
        try written.table.checkpoint(now: WrittenTable.now)
        #expect(try written.table.snapshot().transactionVersion(of: "a") == 7)
        #expect(try !written.table.commit(files, of: application, now: WrittenTable.now).isNew)
        #expect(try ReadRows(written.table.snapshot()).rows.count == 21)
    }

    @Test func takesTablesThatOnlyGrow() throws {
        let written = try table(files: 3, properties: ["delta.appendOnly": "true"])
        #expect(try written.table.optimize(now: WrittenTable.now).addedFiles == 1)
    }

    /// Others append while small files are put together: nothing is lost, and nothing doubled.
    @Test func goesOnBesideWriters() async throws {
        let written = try table(files: 3)
        let folder = written.table.folder
        let writing = Task.detached {
            for number in 0..<20 {
                let table = try DeltaTable(folder)
                let writer = try DataFileWriter(
                    table: table, schema: WrittenTable.schema, partitionedBy: [], stem: "w\(number)",
                    time: WrittenTable.now / 1_000)
                try writer.append(WrittenTable.batch([WrittenTable.row(1_000 + number)]))
                let files = try writer.finish()
                for file in files { try file.publish() }
                _ = try table.commit(
                    files.map(\.add), of: AppTransaction(appID: "w", version: Int64(number)), now: WrittenTable.now)
            }
        }
        let others = (0..<2).map { _ in
            Task.detached {
                for _ in 0..<5 {
                    do throws(DeltaError) {
                        _ = try DeltaTable(folder).optimize(now: WrittenTable.now)
                    } catch { #expect(error.code == .concurrentDelete) }
                }
            }
        }
        try await writing.value
        for other in others { await other.value }
        let rows = try ReadRows(written.table.snapshot()).rows
        #expect(rows.count == 50)
        #expect(Set(rows.map { $0[0] }).count == 50)
        _ = try written.table.optimize(now: WrittenTable.now)
        #expect(try written.table.snapshot().files.count == 1)
    }

    /// Asked to end, it leaves the table and its folder as they were.
    @Test func leavesNothingWhenItIsCancelled() async throws {
        let written = try table(files: 2)
        let folder = written.table.folder
        let before = try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
        let work = Task.detached { () throws -> OptimizeResult in
            withUnsafeCurrentTask { $0?.cancel() }
            return try DeltaTable(folder).optimize(now: WrittenTable.now)
        }
        let error = await #expect(throws: DeltaError.self) { try await work.value }
        #expect(error == DeltaError(.cancelled, "it was asked to end: nothing was changed", place: folder))
        #expect(try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() == before)
    }

    /// What a killed one left is removed, once nobody can be at it any more.
    @Test func sweepsWhatADeadProcessLeft() throws {
        let written = try table(files: 2)
        for (name, age) in [("optimize-1-0", 7_200), ("optimize-2-0", 60), ("other-1-0", 7_200)] {
            let path = "\(written.table.folder)/.part-00000-\(name).parquet.tmp"
            try Data("x".utf8).write(to: URL(fileURLWithPath: path))
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: Double(WrittenTable.now / 1_000_000) - Double(age))],
                ofItemAtPath: path)
        }
        _ = try written.table.optimize(now: WrittenTable.now)
        let left = try FileManager.default.contentsOfDirectory(atPath: written.table.folder).filter {
            $0.hasPrefix(".part")
        }
        #expect(left.sorted() == [".part-00000-optimize-2-0.parquet.tmp", ".part-00000-other-1-0.parquet.tmp"])
    }

    /// Commits that nobody needs to put the versions of the last 30 days together.
    @Test func shortensTheLog() throws {
        let written = try table(files: 12, properties: ["delta.checkpointInterval": "5"])
        let log = "\(written.table.folder)/_delta_log"
        let day: Double = 86_400
        for name in try FileManager.default.contentsOfDirectory(atPath: log) {
            let version = Int(name.prefix(20)) ?? 0
            let age = version <= 10 ? 40 * day : day
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: Double(WrittenTable.now / 1_000_000) - age)],
                ofItemAtPath: "\(log)/\(name)")
        }
        let rows = try ReadRows(written.table.snapshot()).rows
        // Ten commits and the checkpoint of version 5; that of version 10 is what is left to begin with.
        #expect(try written.table.cleanLog(now: WrittenTable.now) == 11)
        #expect(try written.table.cleanLog(now: WrittenTable.now) == 0)
        #expect(try ReadRows(written.table.snapshot()).rows == rows)
        #expect(try written.table.snapshot(.version(11)).version == 11)
        #expect(throws: DeltaError.self) { try written.table.snapshot(.version(9)) }
    }

    @Test func writesNoCheckpointsOfTheSecondForm() throws {
        var written = try WrittenTable(folder.directory + "/t")
        let first = "\(written.table.folder)/\(LogFixture.name(0))"
        let lines = try String(contentsOfFile: first, encoding: .utf8).split(separator: "\n").map { line in
            line.hasPrefix("{\"protocol\"")
                ? LogFixture.version(3, 7, features: ["v2Checkpoint", "timestampNtz"]) : String(line)
        }
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: first))
        for number in 0..<3 { try written.append(number * 10..<number * 10 + 10, stem: "part-\(number)") }
        let result = try written.table.tidy(now: WrittenTable.now)
        #expect((result.optimized.removedFiles, result.optimized.version, result.failures) == (3, 4, []))
        #expect(try LogListing(table: written.table.folder).checkpoints.isEmpty)
    }

    /// What is done is told, and what isn't.
    @Test func tellsOfACheckpointThatCannotBeWritten() throws {
        let written = try table(files: 3)
        let place = "\(written.table.folder)/_delta_log/_last_checkpoint"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
        let result = try written.table.tidy(now: WrittenTable.now)
        #expect(result.optimized.version == 4)
        #expect(result.failures.map(\.code) == [.unwritable])
        #expect(result.failures.first?.place == place)
        #expect(try ReadRows(written.table.snapshot()).rows.count == 30)
    }

    @Test(.enabled(if: Peer.deltalake, Comment(rawValue: Peer.skipped))) func isReadByTheOtherImplementation() throws {
        let written = try table(files: 8, partitionedBy: ["ok"])
        _ = try written.table.optimize(now: WrittenTable.now)
        try written.table.checkpoint(now: WrittenTable.now)
        let script = """
            import sys
            from deltalake import DeltaTable
            t = DeltaTable(sys.argv[1])
            a = t.to_pyarrow_table()
            print(t.version(), a.num_rows, len(t.file_uris()), sum(a.column('id').to_pylist()))
            """
        let found = try Peer.run(script, [written.table.folder])
        #expect(found.split(separator: "\n").last == "9 80 3 3160")
    }
}
