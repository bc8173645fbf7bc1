import Foundation
import Testing

/// Replays that are killed, and replays at the same time: each record is judged again once.
@Suite struct QuarantineCrashTests {
    static let points = [
        "before-plan", "planned", "ran", "checked", "keys-written", "prepared", "files-published", "layer-committed",
        "layer-committed:2", "published", "finished",
    ]

    @Test(arguments: points, QuarantineFixture.Format.allCases)
    func survivesDeath(_ point: String, _ format: QuarantineFixture.Format) throws {
        let fixture = try QuarantineFixture(format)
        defer { fixture.assay.remove() }
        try fixture.suite(minimum: -4)
        let killed = try fixture.assay(
            "quarantine", "replay", "orders", "--reason", "fixed", environment: ["ASSAY_DIE_AT": point])
        #expect(killed.status == SIGKILL)
        // The request was left before anything else: whoever runs the pipeline next carries it out, or through.
        let run = try fixture.assay("run", "--once")
        #expect(run.status == 0, "\(run.errors)")
        #expect(try fixture.silverIDs() == [1, 2, 3, 4, 5, 7, 9, 10])
        #expect(try fixture.count("all") == 5)
        #expect(try fixture.count("replayed") == 3)
        #expect(fixture.assay.names(in: "data/pipelines/orders/replay").isEmpty)
        let status = try fixture.assay("pipelines").output
        #expect(status.contains("quarantine 2 open, 3 resolved"))
        #expect(!status.contains("to be carried out"))
    }

    @Test(arguments: ["replay", "release"])
    func twoAtOnceDoItOnce(_ kind: String) async throws {
        let fixture = try QuarantineFixture()
        defer { fixture.assay.remove() }
        try fixture.suite(minimum: -100)
        let runs = try await withThrowingTaskGroup(of: Assay.Run.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    try fixture.assay.run(
                        ["quarantine", kind, "orders", "--rule", QuarantineTests.rule, "--reason", "fixed", "--wait"])
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        for run in runs { #expect(run.status == 0, "\(run.errors)") }
        #expect(try fixture.silverIDs() == [1, 2, 3, 4, 5, 6, 7, 9, 10])
        #expect(try fixture.count("quarantined") == 1)
        #expect(try fixture.count("all") == 4)
    }

    /// A process that runs the pipeline carries out what others ask for.
    @Test func leavesARequestToTheRunningProcess() throws {
        let fixture = try QuarantineFixture()
        defer { fixture.assay.remove() }
        try fixture.suite(minimum: -100)
        let process = Process()
        process.executableURL = Assay.binary
        process.arguments = ["run", "--quiet"]
        process.currentDirectoryURL = fixture.assay.folder
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        defer {
            process.terminate()
            process.waitUntilExit()
        }
        // Only once it has begun is there somebody to leave it to.
        while try !fixture.assay("pipelines").output.hasPrefix("orders: running") {}
        let run = try fixture.assay(
            "quarantine", "replay", "orders", "--rule", QuarantineTests.rule, "--reason", "fixed", "--wait")
        #expect(run.output == "orders: 3 records replayed: 3 to silver\n", "\(run.errors)")
        #expect(process.isRunning)
        #expect(try fixture.silverIDs() == [1, 2, 3, 4, 5, 6, 7, 9, 10])
    }
}
