import Delta
import Foundation
import Suites
import TestSupport
import Testing

@testable import Pipeline

/// A pipeline writes its own tables, whatever becomes of names.
@Suite struct OtherTablesTests {
    private func failure(_ pipeline: TestPipeline) async throws -> String {
        do {
            _ = try await pipeline.run()
            return ""
        } catch let error as PipelineError {
            return error.summary.replacingOccurrences(of: pipeline.scratch.path(""), with: "")
        }
    }

    private func started() async throws -> TestPipeline {
        let pipeline = try TestPipeline()
        try pipeline.land([#"{"id":1}"#])
        #expect(try await pipeline.run() == .caughtUp)
        return pipeline
    }

    private func move(_ from: String, _ to: String, _ pipeline: TestPipeline) throws {
        try FileManager.default.moveItem(atPath: pipeline.scratch.path(from), toPath: pipeline.scratch.path(to))
    }

    @Test func refusesTheTablesOfAPipelineThatGotAnotherName() async throws {
        let pipeline = try await started()
        try pipeline.change { $0.replacingOccurrences(of: "  events:", with: "  orders:") }
        #expect(
            try await failure(pipeline)
                == "bronze: the pipeline \"events\" wrote the table, and \"orders\" never did: it would read everything again [state-lost]"
        )
        // With its state it is the same pipeline.
        let state = pipeline.definition.state
        try FileManager.default.removeItem(atPath: state)
        try FileManager.default.moveItem(
            atPath: URL(fileURLWithPath: state).deletingLastPathComponent().path + "/events", toPath: state)
        try pipeline.land([#"{"id":2}"#])
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("silver", "id") == ["1", "2"])
    }

    @Test func refusesToWriteALayerIntoAnotherTable() async throws {
        let pipeline = try await started()
        try pipeline.change { $0.replacingOccurrences(of: "asset: silver", with: "asset: gold") }
        try pipeline.land([#"{"id":2}"#])
        #expect(
            try await failure(pipeline)
                == "gold: the pipeline wrote silver to silver until batch 1, and this is another table [table-lost]")
        try move("silver", "gold", pipeline)
        #expect(try await pipeline.run() == .caughtUp)
        #expect(try pipeline.cells("gold", "id") == ["1", "2"])
    }

    @Test func tellsThatATableIsGone() async throws {
        let pipeline = try await started()
        try FileManager.default.removeItem(atPath: pipeline.scratch.path("silver"))
        try pipeline.land([#"{"id":2}"#])
        #expect(
            try await failure(pipeline)
                == "silver: the table is gone, and the pipeline's state knows of rows in it [table-lost]")
    }

    @Test func refusesAnotherLayersTable() async throws {
        let pipeline = try await started()
        try FileManager.default.removeItem(atPath: pipeline.definition.state)
        try pipeline.change {
            $0.replacingOccurrences(of: "asset: silver", with: "asset: x")
                .replacingOccurrences(of: "asset: bronze", with: "asset: silver")
                .replacingOccurrences(of: "asset: x", with: "asset: gold")
        }
        #expect(
            try await failure(pipeline)
                == "silver: the table is the pipeline's silver, and bronze is to be written there [state-lost]")
    }
}
