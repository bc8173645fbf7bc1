import Foundation
import Synchronization
import Tables
import TestSupport
import Testing

@testable import Delta

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writers in processes of their own: this test runner, started again with one test.
@Suite(.serialized) struct RaceTests {
    private static let role = "ASSAY_DELTA_WRITER"

    /// The writer itself: does nothing unless it was started as one.
    @Test func writesAsAProcess() throws {
        guard let task = ProcessInfo.processInfo.environment[Self.role] else { return }
        let parts = task.split(separator: "|").map(String.init)
        let table = try DeltaTable(parts[0])
        let schema = DeltaSchema([DeltaField("writer", .string), DeltaField("n", .long)])
        for number in 0..<(Int(parts[2]) ?? 0) {
            let writer = try DataFileWriter(
                table: table, schema: schema, partitionedBy: [], stem: "\(parts[1])-\(number)", time: 1)
            // Two rows that are never one without the other.
            let rows: [[Value]] = [
                [.text(parts[1]), .integer(Int128(number))], [.text(parts[1]), .integer(Int128(-number))],
            ]
            try writer.append(WrittenTable.batch(rows, schema))
            let files = try writer.finish()
            for file in files { try file.publish() }
            _ = try table.commit(
                files.map(\.add), of: AppTransaction(appID: parts[1], version: Int64(number)), now: WrittenTable.now)
        }
    }

    private let folder: Scratch
    private let table: DeltaTable

    init() throws {
        folder = try Scratch()
        table = try DeltaTable.create(
            folder.directory + "/t", schema: DeltaSchema([DeltaField("writer", .string), DeltaField("n", .long)]),
            properties: ["delta.checkpointInterval": "3"], now: WrittenTable.now)
    }

    private func start(_ name: String, count: Int) throws -> Peer.Running {
        try Peer.Running(
            executable: CommandLine.arguments[0],
            ["--testing-library", "swift-testing", "--filter", "RaceTests/writesAsAProcess"],
            environment: [Self.role: "\(table.folder)|\(name)|\(count)"])
    }

    @Test func processesLoseNothing() throws {
        let running = try (0..<3).map { try start("w\($0)", count: 8) }
        for process in running {
            process.waitUntilExit()
            _ = try process.output()
        }
        let snapshot = try table.snapshot()
        #expect(snapshot.version == 24)
        let rows = try ReadRows(snapshot).rows
        #expect(rows.count == 48)
        for writer in 0..<3 { #expect(rows.filter { $0[0] == "w\(writer)" }.count == 16) }
    }

    /// A writer is killed at any time, and its batches are done again by the next one.
    @Test func killedWritersLeaveWholeVersions() throws {
        var random = SeededGenerator(seed: 3)
        var seen = 0
        var wasKilled = 0
        for _ in 0..<8 {
            let process = try start("k", count: 10_000)
            // Once it has got farther than the one before, however slow the machine is.
            while try table.snapshot().version <= seen, process.process.isRunning { usleep(2_000) }
            usleep(UInt32.random(in: 0...30_000, using: &random))
            kill(process.process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            if process.process.terminationReason == .uncaughtSignal { wasKilled += 1 }
            let snapshot = try table.snapshot()
            #expect(snapshot.version > seen)
            seen = snapshot.version
            // Each version that is there holds both rows of its batch, and each batch once.
            let rows = try ReadRows(snapshot).rows
            #expect(rows.count == 2 * snapshot.version)
            let numbers = rows.compactMap { $0[1].flatMap { Int($0) } }
            #expect(numbers.reduce(0, +) == 0)
            #expect(Set(numbers.map(abs)).count == snapshot.version)
        }
        #expect(wasKilled == 8)
    }

    @Test(.enabled(if: Peer.deltalake, Comment(rawValue: Peer.skipped))) func racesWithTheOtherImplementation() throws {
        let script =
            Peer.printing + """
                p = sys.argv[1]
                for i in range(10):
                    write_deltalake(p, pa.table({'writer': ['peer', 'peer'], 'n': [i, -i]}), mode='append')
                """
        let theirs = try Peer.start(script, [table.folder])
        let ours = try start("ours", count: 10)
        theirs.waitUntilExit()
        ours.waitUntilExit()
        _ = (try theirs.output(), try ours.output())
        let snapshot = try table.snapshot()
        #expect(snapshot.version == 20)
        let rows = try ReadRows(snapshot).rows
        #expect(rows.filter { $0[0] == "peer" }.count == 20)
        #expect(rows.filter { $0[0] == "ours" }.count == 20)
        let shown = try Peer.shown(Peer.run(Peer.printing + "show(DeltaTable(sys.argv[1]))", [table.folder]))
        #expect(ReadRows.sorted(shown.rows) == ReadRows.sorted(rows))
    }
}
