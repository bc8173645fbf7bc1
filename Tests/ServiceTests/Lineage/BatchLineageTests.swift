import Expectations
import Foundation
import Ledger
import Tables
import TestSupport
import Testing

@testable import Service

/// What is told of pipelines' batches, from their states.
@Suite struct BatchLineageTests {
    private let scratch: Scratch
    private let ledger: Ledger
    private let lineage = BatchLineage(namespace: "assay", version: "1.2.3")
    private let noon = LineageSamples.noon

    init() throws {
        scratch = try Scratch()
        ledger = try Ledger(path: scratch.path("assay.db"))
        try ledger.transaction { try $0.noteLineage(Self.mark(0)) }
    }

    private static func mark(_ batch: Int) -> PipelineMark {
        PipelineMark(pipeline: "clicks", state: "s1", batch: batch)
    }

    private static func dataset(_ name: String) -> LineageDataset {
        LineageDataset(namespace: "file", name: "/\(name)")
    }

    private func batch(_ number: Int, _ standing: LineageBatch.Standing = .complete) -> LineageBatch {
        let rules = [
            LineageBatch.Rule(
                assertion: "expect_column_values_to_not_be_null", columns: ["id"], severity: .critical, id: "ids",
                failed: 2),
            LineageBatch.Rule(
                assertion: "expect_column_values_to_be_in_set", columns: ["kind"], severity: .warning, id: nil,
                failed: 0),
        ]
        let begin = noon + Int64(number) * 60_000_000
        return LineageBatch(
            number: number, standing: standing, begin: begin, end: begin + 1_500_000,
            hops: [
                LineageBatch.Hop(
                    "bronze", input: .init(Self.dataset("landing"), rows: 10, byteCount: 900),
                    outputs: [.init(Self.dataset("bronze"), rows: 10, byteCount: 700, files: 1)]),
                LineageBatch.Hop(
                    "silver", input: .init(Self.dataset("bronze"), rows: 10),
                    outputs: [
                        .init(Self.dataset("silver"), rows: 8, byteCount: 500, files: 1),
                        .init(Self.dataset("quarantine"), rows: 2, byteCount: 300, files: 1),
                    ], rules: rules),
            ])
    }

    @discardableResult
    private func tell(_ batches: [LineageBatch], behind number: Int) throws -> Int? {
        try ledger.transaction { transaction in
            try lineage.tell(batches, behind: Self.mark(number), at: noon, in: transaction)?.batch
        }
    }

    private func told() throws -> [String: [ToldEvent]] {
        Dictionary(grouping: try ToldEvent.taken(from: ledger), by: \.job)
    }

    @Test func eachHopIsAJobThatReadsAndWrites() throws {
        #expect(try tell([batch(1)], behind: 0) == 1)
        let told = try told()
        #expect(Set(told.keys) == ["clicks", "clicks.bronze", "clicks.silver"])
        for (_, events) in told {
            #expect(events.map(\.type) == ["START", "COMPLETE"] && Set(events.map(\.run)).count == 1)
            #expect(events.map(\.time) == ["2026-11-01T12:01:00Z", "2026-11-01T12:01:01.5Z"])
        }
        let silver = try #require(told["clicks.silver"]?.last)
        #expect(silver.inputs == ["/bronze"] && silver.outputs == ["/silver", "/quarantine"])
        #expect(told["clicks.bronze"]?.map(\.inputs) == [["/landing"], ["/landing"]])
        let parent = silver.json["run"]?["facets"]?["parent"]
        #expect(parent?["run"]?["runId"]?.string == told["clicks"]?.first?.run)
        #expect(parent?["job"]?["name"]?.string == "clicks")
    }

    @Test func facetsTellHowMuchAndWhatTheGateFound() throws {
        try tell([batch(1)], behind: 0)
        let text = try #require(try told()["clicks.silver"]?.last).json.text()
        #expect(text.contains(##"OutputStatisticsOutputDatasetFacet","rowCount":8,"size":500,"fileCount":1}"##))
        #expect(text.contains(##"OutputStatisticsOutputDatasetFacet","rowCount":2,"size":300,"fileCount":1}"##))
        #expect(text.contains(##"InputStatisticsInputDatasetFacet","rowCount":10}"##))
        #expect(
            text.contains(
                #"""
                "assertions":[{"assertion":"expect_column_values_to_not_be_null","success":false,"column":"id","severity":"error","name":"ids"},\#
                {"assertion":"expect_column_values_to_be_in_set","success":true,"column":"kind","severity":"warn"}]
                """#))
    }

    @Test func aBatchThatBeginsIsToldOnceAndEndsAsTheSameRun() throws {
        #expect(try tell([batch(1, .open)], behind: 0) == 0)
        #expect(try tell([batch(1, .open)], behind: 0) == 0)
        let start = try told()
        #expect(start.values.allSatisfy { $0.map(\.type) == ["START"] } && start.count == 3)
        #expect(try tell([batch(1), batch(2, .open)], behind: 0) == 1)
        let next = try told()
        for (job, events) in next {
            #expect(events.map(\.type) == ["COMPLETE", "START"])
            #expect(events.first?.run == start[job]?.first?.run && events.first?.run != events.last?.run)
        }
    }

    @Test func nothingIsToldTwice() throws {
        try tell([batch(1)], behind: 0)
        _ = try told()
        // Another service looked at the same time.
        #expect(try tell([batch(1)], behind: 0) == nil)
        #expect(try told().isEmpty)
        #expect(try tell([batch(2)], behind: 1) == 2)
        #expect(try told().values.allSatisfy { $0.map(\.type) == ["START", "COMPLETE"] })
    }

    /// A catalogue that is down must not fill the store.
    @Test func whileManyEventsWaitBatchesAreLeftForLater() throws {
        let lineage = BatchLineage(namespace: "assay", version: "1.2.3", mostWaiting: 6)
        func tell(_ numbers: ClosedRange<Int>, behind number: Int) throws -> Int? {
            try ledger.transaction { transaction in
                try lineage.tell(numbers.map { batch($0) }, behind: Self.mark(number), at: noon, in: transaction)?.batch
            }
        }
        #expect(try tell(1...1, behind: 0) == 1)
        #expect(try tell(2...3, behind: 1) == nil)
        #expect(try told().values.allSatisfy { $0.map(\.type) == ["START", "COMPLETE"] })
        #expect(try tell(2...3, behind: 1) == 3)
        #expect(try told().values.allSatisfy { $0.count == 4 })
    }

    @Test func whatIsHeldFailsAndWhatIsGivenUpIsAborted() throws {
        try tell([batch(1, .open)], behind: 0)
        #expect(try tell([batch(1, .failed(reason: "the batch is held")), batch(2, .open)], behind: 0) == 1)
        #expect(try tell([batch(2, .abandoned), batch(3, .abandoned), batch(4)], behind: 1) == 4)
        let told = try told()
        for (_, events) in told {
            #expect(events.map(\.type) == ["START", "FAIL", "START", "ABORT", "START", "COMPLETE"])
            #expect(events[1].json.text().contains(#""message":"the batch is held""#))
            #expect(Set(events.map(\.run)).count == 3)
        }
    }

    /// A pipeline that began anew has batches of the same numbers.
    @Test func batchesOfAnotherStateAreOtherRuns() throws {
        try tell([batch(1, .open)], behind: 0)
        let first = try told()
        let mark = PipelineMark(pipeline: "clicks", state: "s2", batch: 0)
        try ledger.transaction { transaction in
            try transaction.noteLineage(mark)
            _ = try lineage.tell([batch(1)], behind: mark, at: noon, in: transaction)
        }
        for (job, events) in try told() {
            #expect(events.map(\.type) == ["ABORT", "START", "COMPLETE"])
            #expect(events[0].run == first[job]?.first?.run && events[1].run == events[2].run)
        }
        // How far each was told stays, whichever was told last.
        #expect(try ledger.transaction { try $0.lineageMark(ofPipeline: "clicks", state: "s1") } == Self.mark(0))
        #expect(try ledger.transaction { try $0.lineageMark(ofPipeline: "clicks", state: "s2")?.batch } == 1)
    }

    @Test(.enabled(if: LineagePeerTests.isThere, "no python3 with openlineage-python is there to read events"))
    func openLineagesClientReadsThem() throws {
        try tell([batch(1), batch(2, .failed(reason: "held")), batch(3, .open)], behind: 0)
        let events = try ToldEvent.taken(from: ledger).map { $0.json.text() }
        #expect(events.count == 15)
        #expect(
            try LineagePeerTests.judge(events.joined(separator: "\n") + "\n")
                == String(repeating: "sound\n", count: events.count))
    }
}
