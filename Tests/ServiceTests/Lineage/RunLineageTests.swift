import Expectations
import Foundation
import Ledger
import Tables
import TestSupport
import Testing

@testable import Service

/// What is told of runs as they begin and end, and of those that don't.
@Suite struct RunLineageTests {
    private let scratch: Scratch
    private let ledger: Ledger
    private let lineage = RunLineage(LineageEvents(namespace: "assay", version: "1.2.3", showsValues: false))
    private let inputs = [LineageDataset(namespace: "file", name: "/data/customers")]
    private let validation = Validation(suite: "customers", asset: "silver.customers")
    private let noon = LineageSamples.noon

    init() throws {
        scratch = try Scratch()
        ledger = try Ledger(path: scratch.path("assay.db"))
    }

    private func begin(_ id: String, at time: Int64? = nil) throws {
        try ledger.transaction {
            try lineage.begin(id, validation, at: time ?? noon, inputs: inputs, in: $0)
        }
    }

    private func end(_ run: RunResult) throws {
        try ledger.transaction { try lineage.end(run, inputs: inputs, at: noon + 5_000_000, in: $0) }
    }

    /// All that waits to be sent, in its order.
    private func told() throws -> [ToldEvent] { try ToldEvent.taken(from: ledger) }

    @Test func aRunThatBeginsIsToldBeforeItEnds() throws {
        try begin("run-1")
        let start = try told()
        #expect(start.map(\.type) == ["START"])
        try end(LineageSamples.run())
        let end = try told()
        #expect(end.map(\.type) == ["COMPLETE"] && end.map(\.run) == start.map(\.run))
        #expect(end.map(\.time) == ["2026-11-01T12:00:02.5Z"])
    }

    @Test func aRunThatWasKilledIsAbortedByTheNext() throws {
        try begin("killed", at: noon - 3_600_000_000)
        try begin("run-1")
        try end(LineageSamples.run())
        let events = try told()
        #expect(events.map(\.type) == ["START", "ABORT", "START", "COMPLETE"])
        #expect(events[0].run == events[1].run && events[2].run == events[3].run && events[0].run != events[2].run)
        #expect(events[1].time == "2026-11-01T12:00:00Z")
        #expect(events[1].inputs == ["/data/customers"])
    }

    /// Its result is stored under another id; for catalogues it is the run that began.
    @Test func aRunThatNobodyBroughtToItsEndFails() throws {
        try begin("run-0")
        try end(LineageSamples.run("run-1", failure: .unfinished("it took longer than 10m")))
        let events = try told()
        #expect(events.map(\.type) == ["START", "FAIL"] && events[0].run == events[1].run)
        // Where nothing began, what failed began as well.
        try end(LineageSamples.run("run-2", failure: .unfinished("three processes died of it")))
        let others = try told()
        #expect(others.map(\.type) == ["START", "FAIL"] && others[0].run == others[1].run)
    }

    /// The store was locked when it began.
    @Test func whatCouldNotBeToldAtItsTimeIsToldWithTheEnd() throws {
        try begin("killed")
        try end(LineageSamples.run())
        let events = try told()
        #expect(events.map(\.type) == ["START", "ABORT", "START", "COMPLETE"])
        #expect(events[2].run == events[3].run)
    }

    @Test func lostRunsAreAbortedOnceNobodyHasThem() throws {
        func abortLost(at now: Int64) throws -> [String] {
            try ledger.transaction { try RunLineage.abortLost(at: now, in: $0) }
            return try told().map(\.type)
        }
        let name = ScheduleClaim.leaseName(validation)
        let lease = try ledger.transaction { transaction in
            try transaction.acquireLease(name, holder: "killed", now: noon, length: 30_000_000)
        }
        try begin("run-1")
        #expect(try abortLost(at: noon) == ["START"])
        // Nobody renews it; but who stood still may.
        #expect(try abortLost(at: noon + 45_000_000) == [])
        #expect(try abortLost(at: noon + 61_000_000) == ["ABORT"])
        #expect(try abortLost(at: noon + 61_000_000) == [])
        #expect(
            try ledger.transaction { try $0.hasLease(name, holder: "killed") && !$0.hasLease(name, holder: "other") })
        // One that was given back is over at once.
        try begin("run-2")
        try ledger.transaction { try $0.releaseLease(#require(lease)) }
        #expect(try abortLost(at: noon) == ["START", "ABORT"])
    }

    @Test func nothingIsToldOfARunThatIsNotStored() throws {
        try begin("run-1")
        #expect(throws: CancellationError.self) {
            try ledger.transaction { transaction in
                try lineage.end(LineageSamples.run(), inputs: inputs, at: noon, in: transaction)
                throw CancellationError()
            }
        }
        #expect(try told().map(\.type) == ["START"])
        #expect(try ledger.transaction { try $0.openLineage(ofJob: "customers.silver.customers") } != nil)
    }
}
